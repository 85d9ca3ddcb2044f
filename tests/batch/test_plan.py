"""Which submissions a run grades."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograder.batch import assignment_bundle
from autograder.course import catalogue
from autograder.gradebook import database, verdict_table
from tests.helpers.classroom import RIGHT, ROOT, Classroom

pytestmark = pytest.mark.slow
NAME = "3-softmax"
NOBODY: set[str] = set()
EVERYBODY = {"ann", "ben", "cem"}


def graded_by_a_run(classroom: Classroom, **options: Any) -> set[str]:
    """Grade, and return who was graded."""
    before = _graded_at(classroom)
    summary, _ = classroom.grade(**options)
    students = {student for student, moment in _graded_at(classroom).items() if before.get(student) != moment}
    assert summary.graded == len(students)
    return students


def _graded_at(classroom: Classroom) -> dict[str, Any]:
    with database.connect(classroom.db_url) as connection:
        records = verdict_table.load_grading_records(connection, NAME)
    return {student: record.graded_at for student, record in records.items()}


def _remove(classroom: Classroom, student: str) -> None:
    words = [sys.executable, "-m", "nbgrader", "db", "student", "remove", student, "--force"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(words, cwd=classroom.root, env=environment, check=True, capture_output=True)


CHANGES: dict[str, tuple[Callable[[Classroom], Any], set[str]]] = {
    "nothing": (lambda classroom: None, NOBODY),
    "bytes": (lambda classroom: classroom.answer("ben", RIGHT), {"ben"}),
    "a file beside": (lambda classroom: (classroom.folder("ben") / "notes.txt").write_text("x"), {"ben"}),
    "the same bytes at another time": (lambda classroom: os.utime(classroom.folder("ben") / f"{NAME}.ipynb"), NOBODY),
    "a timestamp": (
        lambda classroom: (classroom.folder("ben") / "timestamp.txt").write_text("2027-05-02 10:00:00 UTC"),
        {"ben"},
    ),
    "an extension": (
        lambda classroom: classroom.set(
            "extensions: {}", f"extensions:\n  {NAME}:\n    cem: 2027-05-05 23:59:00+02:00"
        ),
        {"cem"},
    ),
    "a due date": (lambda classroom: classroom.set("3-softmax: 2027-04-30", "3-softmax: 2027-04-29"), EVERYBODY),
    "another assignment's due date": (
        lambda classroom: classroom.set("6-reflection: 2027-05-28", "6-reflection: 2027-05-27"),
        NOBODY,
    ),
    "the late policy": (lambda classroom: classroom.set("per_day: 0.1", "per_day: 0.2"), EVERYBODY),
    "limits": (lambda classroom: classroom.set("memory_mb: 2048", "memory_mb: 1024"), EVERYBODY),
    "points": (
        lambda classroom: classroom.set("points: {}", "points: {softmax: {no overflow: 2, any axis: 0}}"),
        EVERYBODY,
    ),
    "another exercise's points": (lambda classroom: classroom.set("points: {}", "points: {scale_scores: {}}"), NOBODY),
    "a clause": (lambda classroom: classroom.set("leave_out: []", "leave_out: [mask]"), EVERYBODY),
    "the title": (lambda classroom: classroom.set('title: "Attention', 'title: "Inattention'), NOBODY),
    "another assignment's rubrics": (lambda classroom: classroom.set("{senses: 3,", "{senses: 4,"), NOBODY),
    "a graded notebook": (
        lambda classroom: (classroom.root / "autograded" / "ann" / NAME / f"{NAME}.ipynb").unlink(),
        {"ann"},
    ),
    "a graded folder": (lambda classroom: shutil.rmtree(classroom.root / "autograded" / "ann"), {"ann"}),
    "a student of the gradebook": (lambda classroom: _remove(classroom, "ben"), NOBODY),  # until a person says so
    "a new student": (lambda classroom: classroom.answer("dia", RIGHT), {"dia"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_submissions_affected_by_a_change_are_regraded(graded_class: Classroom, change: str) -> None:
    make_change, affected = CHANGES[change]
    make_change(graded_class)
    assert graded_by_a_run(graded_class, lower=True) == affected
    assert graded_by_a_run(graded_class) == NOBODY


def test_a_removed_student_waits_until_an_instructor_adds_the_id_again(graded_class: Classroom) -> None:
    _remove(graded_class, "ben")
    summary, printed = graded_class.grade()
    assert [(item.student, item.status) for item in summary.needs_review] == [("ben", "needs_look")]
    assert not summary.clean
    assert "ben was removed from the gradebook" in " ".join(printed.split())
    graded_class.with_nbgrader(NAME, lambda commands: commands.enrol("ben", "Ben", "B"))
    assert graded_by_a_run(graded_class) == {"ben"}


def test_everybody_is_regraded_if_the_grader_or_the_exercise_changes(
    graded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment_bundle, "GRADING_VERSION", assignment_bundle.GRADING_VERSION + 1)
    assert graded_by_a_run(graded_class) == EVERYBODY
    assert graded_by_a_run(graded_class) == NOBODY
    fingerprint = catalogue.exercise_fingerprint
    monkeypatch.setattr(catalogue, "exercise_fingerprint", lambda name, root: fingerprint(name, root) + "x")
    assert graded_by_a_run(graded_class) == EVERYBODY


def test_the_options_force_failed_and_student_choose_who_is_graded(graded_class: Classroom) -> None:
    assert graded_by_a_run(graded_class, force=True) == EVERYBODY
    graded_class.submit("eva", "no notebook")
    graded_class.answer("dia", RIGHT)
    assert graded_by_a_run(graded_class, failed=True) == NOBODY  # none had failed
    assert graded_by_a_run(graded_class, students=("eva", "ann")) == {"eva"}
    assert graded_by_a_run(graded_class, students=("ann", "cem", "ann"), force=True) == {"ann", "cem"}
    assert graded_by_a_run(graded_class, failed=True) == {"eva"}
    assert graded_by_a_run(graded_class) == {"dia"}
    assert graded_by_a_run(graded_class, failed=True, students=("ann",)) == NOBODY
