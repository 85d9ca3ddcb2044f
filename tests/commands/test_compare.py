"""`autograder compare`: what a regrade would change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.classroom import RIGHT, WRONG, Classroom
from tests.helpers.command_line import CommandLine

pytestmark = pytest.mark.slow
NAME = "3-softmax"


@pytest.fixture
def classroom(tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    """Ann and Ben, graded; Ben made a mistake."""
    root = tmp_path / "class"
    classroom = Classroom(root, db_url.replace(str(tmp_path), str(root)), NAME)
    classroom.answer("ann", RIGHT)
    classroom.answer("ben", WRONG)
    classroom.grade()
    monkeypatch.setenv("COLUMNS", "140")
    return classroom


def test_compare_shows_who_would_get_another_result_and_writes_nothing(
    classroom: Classroom, run_command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(classroom.root)
    classroom.answer("ann", WRONG)
    before = classroom.results()
    status, out, err = run_command("compare", NAME)
    assert (status, err) == (0, "")
    assert "│ ann     │ 5 graded │ 4 graded softmax-without-shift │" in out
    assert "ben " not in out
    assert "1 of 2 would change. Nothing was written." in out
    assert classroom.results() == before
    _, out, _ = run_command("compare", NAME, "--all")
    assert "│ ben     │ 4 graded softmax-without-shift │ 4 graded softmax-without-shift │" in out


def test_compare_drops_nobody_who_submitted_something(
    classroom: Classroom, run_command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(classroom.root)
    other = classroom.notebook(NAME, softmax=WRONG)
    (classroom.folder("ann") / "mine.ipynb").write_text(json.dumps(other))
    classroom.folder("cem").mkdir(parents=True)
    classroom.answer("dia", WRONG)
    status, out, _ = run_command("compare", NAME)
    assert status == 1  # ann's and cem's need review
    for student, before, after in (
        ("ann", "5 graded", "5 needs_look"),
        ("cem", "not graded yet", "– missing"),
        ("dia", "not graded yet", "4 graded softmax-without-shift"),
    ):
        line = next(line for line in out.splitlines() if line.startswith(f"│ {student}"))
        assert [cell.strip() for cell in line.strip("│").split("│")] == [student, before, after]
    assert "3 of 4 would change." in out


def test_compare_without_submissions_says_what_to_do(
    classroom: Classroom, run_command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(classroom.root)
    status, _, err = run_command("compare", "1-scores")
    assert (status, "Run nbgrader collect" in err) == (2, True)
