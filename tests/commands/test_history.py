"""`autograder history`: a letter, or JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.history.entries import Author, Entry, Key, Kind
from autograder.reports import mark_history
from tests.helpers.command_line import CommandLine


def test_the_history_is_a_letter_or_one_object_a_line(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")

    def load_history(course: Any, student: str, assignment: str) -> list[Entry]:
        key = Key(student, assignment or "3", Kind.COMMENT, "3/essay")
        return [Entry(1, key, "Ni\x1b[31mce", True, Author("autograder grade", "a", "b"), "2027-05-03T08:00:00")]

    monkeypatch.setattr(mark_history, "load_history", load_history)
    assert "Comment: “Nice”, noticed on 3 May 2027, 08:00" in run_command("history", "ann")[1]
    status, text, _ = run_command("history", "ann", "4", "--json")
    assert (status, json.loads(text)["assignment"]) == (0, "4")
