"""Verdicts as text for people, and text that is safe to print."""

from __future__ import annotations

import pytest

from autograder.formatting import strip_control_characters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[1;31mb\x1b[0m", "ab"),
        ("a\x1b]8;;https://evil.example\x07b", "ab"),
        ("a\x1bPq#0\x1b\\b\x1bc", "ab"),
        ("a\x9b2Jb\rc\x08\x7f\x00", "abc"),
        ("a\u202eb\u2066c\ud800", "abc"),
        ("a\x1b", "a"),
        ("Straße, 中文, √dₖ ·\n\tindented", "Straße, 中文, √dₖ ·\n\tindented"),
    ],
)
def test_stripped_text_keeps_its_words_and_nothing_a_terminal_obeys(text: str, expected: str) -> None:
    assert strip_control_characters(text) == expected
