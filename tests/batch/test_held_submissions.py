"""A class that was graded keeps its marks, whatever a later run comes to: in each kind of database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.batch import decisions, run
from autograder.cli import main
from autograder.course.settings import load_course
from autograder.gradebook import database, review
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Status
from tests.helpers.classroom import RIGHT, WRONG, Classroom

pytestmark = pytest.mark.slow
NAME = "3-softmax"


@pytest.fixture
def classroom(tmp_path: Path, new_database: Callable[[Path], str]) -> Classroom:
    """Ann and Cem have 5 points; Ben has 4, because he does not subtract the maximum."""
    classroom = Classroom(tmp_path, new_database(tmp_path), NAME)
    for student, source in (("ann", RIGHT), ("ben", WRONG), ("cem", f"{RIGHT}\n")):
        classroom.answer(student, source, when="2027-05-02 10:00:00 UTC")
    classroom.grade()
    return classroom


def stored(classroom: Classroom, student: str) -> dict[Any, Any]:
    """All that is stored about a student, except the flag by which a submission waits."""
    rows, files = classroom.results()
    kept: dict[Any, Any] = {name: content for name, content in files.items() if f"/{student}/" in name}
    for key, values in rows.items():
        if key[0] == student:
            is_notebook, is_grade = len(key) == 2 and key[1] == NAME, key[2:3] == ("grade",)
            kept[key] = values[:2] + values[3:] if is_notebook else values[:3] + values[4:] if is_grade else values
    return kept


def waits_for(classroom: Classroom, student: str) -> str:
    with database.connect(classroom.db_url) as connection:
        return review.load_submission_states(connection, NAME)[student].waits_for


def mark_manually(classroom: Classroom, student: str, points: float) -> None:
    with Gradebook(classroom.db_url) as gradebook:
        (grade,) = gradebook.find_submission_notebook(NAME, NAME, student).grades
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def fail_for(monkeypatch: pytest.MonkeyPatch, student: str) -> None:
    """Let the grader fail on one student's submission."""
    graded_or_rejected = run._Run._graded_or_rejected

    def fail_or_grade(self: Any, submission: Any, future: Any) -> Any:
        if submission.student != student:
            return graded_or_rejected(self, submission, future)
        return self._grader.reject(submission, Rejection(Status.NOT_GRADED, "There is no sandbox."))

    monkeypatch.setattr(run._Run, "_graded_or_rejected", fail_or_grade)


def test_a_result_that_is_no_verdict_replaces_none(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {student: stored(classroom, student) for student in ("ann", "ben", "cem")}
    classroom.submit("cem", "{ damaged", when="2027-05-02 10:00:00 UTC")
    with monkeypatch.context() as patch:
        fail_for(patch, "ben")
        summary, printed = classroom.grade(force=True)
    assert {student: stored(classroom, student) for student in before} == before
    assert not summary.clean
    assert {item.student: item.status for item in summary.needs_review} == dict.fromkeys(("ben", "cem"), Status.GRADED)
    words = " ".join(printed.replace("│", " ").split())
    assert "gave no verdict (not_graded)" in words
    assert "gave no verdict (unreadable)" in words
    assert "There is no sandbox." in waits_for(classroom, "ben")
    assert "unreadable" in waits_for(classroom, "cem")
    assert [item.student for item in classroom.grade()[0].needs_review] == ["cem"]
    assert waits_for(classroom, "ben") == ""


def test_points_may_be_accepted_after_a_grading_without_verdict(classroom: Classroom) -> None:
    classroom.submit("cem", "{ damaged", when="2027-05-02 10:00:00 UTC")
    assert not classroom.grade()[0].clean
    assert decisions.accept(load_course(classroom.root), "cem", NAME, by="teacher").is_settled
    assert classroom.grade()[0].clean
    assert classroom.grade(force=True)[0].clean
    classroom.submit("cem", "[ damaged again", when="2027-05-02 10:00:00 UTC")
    assert not classroom.grade()[0].clean


def lower_ben(classroom: Classroom) -> None:
    """Give the criterion that Ben alone has lost one point more; all points together stay the same."""
    classroom.set("points: {}", "points: {softmax: {no overflow: 2, any axis: 0}}")


def test_a_regrade_lowers_no_mark_unless_it_is_asked_to(classroom: Classroom) -> None:
    before = {student: stored(classroom, student) for student in ("ann", "ben", "cem")}
    lower_ben(classroom)
    classroom.answer("ann", WRONG, when="2027-05-02 10:00:00 UTC")  # new work is graded as any
    summary, printed = classroom.grade()
    assert stored(classroom, "ben") == before["ben"]
    assert stored(classroom, "ann") != before["ann"]
    assert stored(classroom, "cem") != before["cem"]  # the same points, other criteria
    assert (summary.lowered, summary.clean) == (["ben"], False)
    assert "The marks of 1 student would become lower and stay as they are: ben. To lower them, add --lower." in printed
    assert "criterion 'any axis' is worth 0 points, before 1: -1, " in waits_for(classroom, "ben")
    assert "points in course.yml" in waits_for(classroom, "ben")
    assert waits_for(classroom, "ann") == ""
    assert classroom.grade()[0].lowered == ["ben"]
    assert classroom.grade(lower=True)[0].clean
    assert waits_for(classroom, "ben") == ""
    assert stored(classroom, "ben") != before["ben"]
    assert classroom.grade()[0].graded == 0


def test_a_dry_run_groups_changes_by_reason_and_names_who_loses(classroom: Classroom) -> None:
    before = classroom.results()
    lower_ben(classroom)
    classroom.answer("ann", WRONG, when="2027-05-02 10:00:00 UTC")
    summary, printed = classroom.grade(dry_run=True)
    assert classroom.results() == before
    assert not summary.clean
    assert "points in course.yml: 1 student\n" in printed
    assert "  criterion 'any axis' is worth 0 points, before 1: 1 lose 1 point\n" in printed
    assert "changed submission, points in course.yml: 1 student\n" in printed
    assert "The marks of 1 student would become lower: ben." in printed


def test_a_stricter_late_policy_lowers_no_mark_unasked(classroom: Classroom) -> None:
    before = stored(classroom, "ben")
    mark_manually(classroom, "cem", 4.5)
    classroom.set("per_day: 0.1", "per_day: 0.2")
    summary, _ = classroom.grade()
    assert sorted(summary.lowered) == ["ann", "ben"]
    assert stored(classroom, "ben") == before
    assert "late policy" in waits_for(classroom, "ann")
    assert classroom.grade(lower=True, students=("ann",))[0].lowered == []
    assert stored(classroom, "ben") == before


def test_a_manual_mark_or_accepted_points_end_the_waiting(classroom: Classroom) -> None:
    lower_ben(classroom)
    assert not classroom.grade()[0].clean
    assert decisions.accept(load_course(classroom.root), "ben", NAME, by="teacher").is_settled
    assert classroom.grade()[0].clean
    classroom.set("any axis: 0", "any axis: 0, rows are weights: 1.5, any array of numbers: 1.5")
    assert not classroom.grade()[0].clean
    mark_manually(classroom, "ben", 4.5)
    assert classroom.grade()[0].clean
    with Gradebook(classroom.db_url) as gradebook:
        (grade,) = gradebook.find_submission_notebook(NAME, NAME, "ben").grades
        assert (grade.manual_score, grade.needs_manual_grade) == (4.5, False)


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
def test_the_command_asks_on_a_terminal_and_takes_no_answer_for_no(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower_ben(classroom)
    monkeypatch.chdir(classroom.root)
    before = stored(classroom, "ben")
    assert main(["grade", NAME]) == 1
    assert stored(classroom, "ben") == before
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    for answer, status in (("", 1), ("n", 1), ("y", 0)):
        monkeypatch.setattr("rich.console.Console.input", lambda *_, answer=answer, **__: answer)
        assert main(["grade", NAME]) == status
        assert (stored(classroom, "ben") == before) is bool(status)


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
def test_lower_marks_are_written_if_the_command_says_so(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    lower_ben(classroom)
    monkeypatch.chdir(classroom.root)
    assert main(["grade", NAME, "--lower"]) == 0
