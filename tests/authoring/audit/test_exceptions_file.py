"""audit.yml lists findings that are correct as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.audit.exceptions_file import ExceptionsFileError, ExpectedExceptions, read_exceptions


def test_each_name_gets_the_reason_of_its_entry(tmp_path: Path) -> None:
    text = "untested:\n- because: it has no axis\n  which: [axis]\ntwins:\n- because: same\n  which: ['a, b', 'c, d']\n"
    (tmp_path / "audit.yml").write_text(text, encoding="utf-8")
    expected = ExpectedExceptions(untested={"axis": "it has no axis"}, twins={"a, b": "same", "c, d": "same"})
    assert read_exceptions(tmp_path) == expected


@pytest.mark.parametrize("text", ["equivalent: []", "twins: {}\nequivalents: [x]", "a: ["])
def test_a_broken_file_is_reported_with_what_it_may_contain(text: str, tmp_path: Path) -> None:
    (tmp_path / "audit.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionsFileError, match="because"):
        read_exceptions(tmp_path)


def test_without_a_file_nothing_is_expected(tmp_path: Path) -> None:
    assert read_exceptions(tmp_path) == ExpectedExceptions()
