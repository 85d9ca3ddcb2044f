"""`autograder undo` and `autograder restore` after real runs."""

from __future__ import annotations

import pytest

from autograder.batch import taking_back
from autograder.batch.lock import LockedError, run_lock
from autograder.course.settings import load_course
from autograder.history import snapshots
from autograder.history.snapshots import SnapshotError
from tests.helpers.classroom import RIGHT, Classroom
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow


def test_undo_brings_back_the_marks_of_before_the_run(graded_class: Classroom) -> None:
    course, before = load_course(graded_class.root), rows(graded_class.db_url, "3-softmax")
    graded_class.answer("ben", RIGHT + "\n# again", when="2027-04-20 10:00:00 UTC")
    graded_class.grade()
    after = rows(graded_class.db_url, "3-softmax")
    assert after != before
    lines = taking_back.undo(course)
    assert rows(graded_class.db_url, "3-softmax") == before
    number = int(lines[-1].split()[-1])
    taking_back.restore(course, number)
    assert rows(graded_class.db_url, "3-softmax") == after
    with pytest.raises(SnapshotError, match="restore NUMBER"):
        taking_back.undo(course)


def test_a_run_with_nothing_to_grade_and_a_dry_run_make_no_snapshot(graded_class: Classroom) -> None:
    before = snapshots.load_all(graded_class.root)
    assert len(before) == len(("3-softmax", "6-reflection"))
    graded_class.grade()
    graded_class.grade(force=True, dry_run=True)
    assert snapshots.load_all(graded_class.root) == before


def test_nothing_is_restored_while_a_run_goes_on(graded_class: Classroom) -> None:
    course = load_course(graded_class.root)
    with (
        run_lock(graded_class.root, "3-softmax", "autograder grade 3-softmax"),
        pytest.raises(LockedError, match="is running already"),
    ):
        taking_back.restore(course, 1)


def test_stock_autograde_makes_a_snapshot_and_records_the_same(graded_class: Classroom) -> None:
    numbers = [snapshot.number for snapshot in snapshots.load_all(graded_class.root)]
    graded_class.answer("ben", RIGHT + "\n# again", when="2027-04-20 10:00:00 UTC")
    graded_class.with_nbgrader("3-softmax", lambda commands: commands.autograde("ben"))
    snapshot = snapshots.load_all(graded_class.root)[-1]
    assert (snapshot.number, snapshot.command) == (numbers[-1] + 1, "nbgrader autograde 3-softmax")
    lines = taking_back.undo(load_course(graded_class.root))
    assert "snapshot 3" in lines[0]
