"""Snapshots of both kinds of database: made, restored, taken back; what people wrote is never lost silently."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.history import snapshots
from autograder.history.entries import Author, Kind
from autograder.history.snapshots import SnapshotError
from tests.helpers.small_gradebook import GRADER, SmallGradebook

UNDO = Author("autograder undo", "teacher", "host")


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the newest pg_dump be found, which has to be as new as the server."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parts[4]))
    monkeypatch.setenv("PATH", os.pathsep.join([*map(str, reversed(folders)), os.environ["PATH"]]))


def take(gradebook: SmallGradebook) -> snapshots.Snapshot:
    return snapshots.take(gradebook.root, gradebook.db_url, GRADER)


def scores(gradebook: SmallGradebook) -> list[float]:
    return [entry.value["score"] for entry in gradebook.history() if entry.key.kind is Kind.VERDICT]


def test_restoring_brings_the_marks_back_and_the_history_goes_on(gradebook: SmallGradebook) -> None:
    gradebook.judge(5)
    gradebook.mark(4.5)
    first = take(gradebook)
    gradebook.judge(4)
    gradebook.mark(3)
    restore = Author("autograder restore 1", "teacher", "host")
    before, changes = snapshots.restore(gradebook.root, gradebook.db_url, first, restore)
    assert gradebook.manual_score() == 4.5
    assert scores(gradebook) == [5, 4, 5]
    assert {entry.key.kind for entry in changes} == {Kind.MANUAL_SCORE, Kind.VERDICT}
    assert not any(entry.is_noticed for entry in changes)
    snapshots.restore(gradebook.root, gradebook.db_url, before, restore)
    assert gradebook.manual_score() == 3
    assert scores(gradebook) == [5, 4, 5, 4]
    numbers = [entry.number for entry in gradebook.history()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_only_the_owner_can_read_snapshots(gradebook: SmallGradebook) -> None:
    old_mask = os.umask(0)
    try:
        take(gradebook)
    finally:
        os.umask(old_mask)
    folder = gradebook.root / snapshots.FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_second_grader_of_a_shared_course_can_use_snapshots(gradebook: SmallGradebook) -> None:
    gradebook.root.chmod(0o2770)
    take(gradebook)
    folder = gradebook.root / snapshots.FOLDER
    assert folder.stat().st_mode & 0o7777 == 0o2770
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o660}


def test_the_last_run_is_found_if_nothing_else_has_changed(gradebook: SmallGradebook) -> None:
    with pytest.raises(SnapshotError, match="no snapshot was made yet"):
        snapshots.find_last_run(gradebook.root, gradebook.db_url, UNDO)
    snapshot = take(gradebook)
    with pytest.raises(SnapshotError, match="changed nothing"):
        snapshots.find_last_run(gradebook.root, gradebook.db_url, UNDO)
    gradebook.judge(4)
    assert snapshots.find_last_run(gradebook.root, gradebook.db_url, UNDO) == snapshot


def test_a_mark_entered_after_the_run_keeps_it_from_being_taken_back(gradebook: SmallGradebook) -> None:
    take(gradebook)
    gradebook.judge(4)
    gradebook.mark(3)
    with pytest.raises(SnapshotError, match=r"ann, 3-softmax: manual score of 3-softmax/check-softmax 3\. Nothing"):
        snapshots.find_last_run(gradebook.root, gradebook.db_url, UNDO)
    assert gradebook.manual_score() == 3


def test_a_student_enrolled_after_the_run_keeps_it_from_being_taken_back(gradebook: SmallGradebook) -> None:
    take(gradebook)
    gradebook.judge(4)
    gradebook.tamper("UPDATE student SET first_name = 'Ann'")
    with pytest.raises(SnapshotError, match="assignments or students"):
        snapshots.find_last_run(gradebook.root, gradebook.db_url, UNDO)


def test_what_was_restored_last_is_not_a_run(gradebook: SmallGradebook) -> None:
    snapshots.restore(gradebook.root, gradebook.db_url, take(gradebook), UNDO)
    with pytest.raises(SnapshotError, match="restore NUMBER"):
        snapshots.find_last_run(gradebook.root, gradebook.db_url, UNDO)


def test_old_snapshots_are_deleted_and_numbers_are_not_used_again(
    gradebook: SmallGradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "MAX_SNAPSHOTS", 2)
    for _ in range(3):
        take(gradebook)
    assert [snapshot.number for snapshot in snapshots.load_all(gradebook.root)] == [2, 3]
    assert len(list((gradebook.root / snapshots.FOLDER).iterdir())) == 4
    with pytest.raises(SnapshotError, match=r"no snapshot 1\. The snapshots of this course: 2 to 3"):
        snapshots.find(gradebook.root, 1)


def test_a_snapshot_that_cannot_be_written_is_reported(gradebook: SmallGradebook) -> None:
    (gradebook.root / snapshots.FOLDER).write_text("in the way")
    with pytest.raises(SnapshotError, match="no snapshot of the gradebook could be made: "):
        take(gradebook)


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_without_pg_dump_no_snapshot_counts_and_the_reason_is_said(
    gradebook: SmallGradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SnapshotError, match="pg_dump is missing here"):
        take(gradebook)
    assert snapshots.load_all(gradebook.root) == []
    assert list((gradebook.root / snapshots.FOLDER).iterdir()) == []
