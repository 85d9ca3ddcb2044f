"""The folders of results: replaced as a whole, or left as they were."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from autograder.batch.assignment_bundle import BatchError
from autograder.batch.folders import ResultFolders
from autograder.batch.student_submission import StudentSubmission
from tests.helpers.classroom import Classroom
from tests.helpers.gradebook_rows import is_sound

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_written_ends_the_run_and_results_are_kept(
    ungraded_class: Classroom, monkeypatch: pytest.MonkeyPatch, number: int, uninterrupted: Any
) -> None:
    write_graded = ResultFolders.write_graded

    def fail_for_s30(folders: ResultFolders, submission: StudentSubmission, graded: Any) -> None:
        if submission.student == "s30":
            raise OSError(number, os.strerror(number), str(folders.autograded("s30")))
        write_graded(folders, submission, graded)

    monkeypatch.setattr("autograder.batch.result_writer.BATCH_SIZE", 10)
    monkeypatch.setattr(ResultFolders, "write_graded", fail_for_s30)
    with pytest.raises(BatchError, match=f"s30.* cannot be used: {os.strerror(number)}. Check its permissions"):
        ungraded_class.grade()
    assert is_sound(ungraded_class.db_url)
    monkeypatch.undo()
    summary, _ = ungraded_class.grade(feedback=True)
    assert 10 <= summary.unchanged < 40
    assert ungraded_class.results() == uninterrupted


def test_folders_that_a_killed_run_left_half_written_are_replaced(graded_class: Classroom) -> None:
    folder = graded_class.root / "autograded" / "ann"
    for name in (".3-softmax.new", ".3-softmax.old"):
        (folder / name).mkdir()
        (folder / name / "leftover").touch()
    graded_class.grade(force=True)
    assert {path.name for path in folder.iterdir()} == {"3-softmax", "6-reflection"}
    assert not (folder / "3-softmax" / "leftover").exists()


def test_files_are_shared_with_the_group_if_the_course_is(graded_class: Classroom) -> None:
    with (graded_class.root / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.groupshared = True\n")
    graded_class.grade(force=True)
    assert (graded_class.root / "autograded" / "ann" / "3-softmax").stat().st_mode & 0o7777 == 0o2770


def test_students_whose_submission_has_a_secret_can_fetch_their_feedback(graded_class: Classroom) -> None:
    (graded_class.root / "submitted" / "ann" / "3-softmax" / "submission_secret.txt").write_text("secret")
    summary, _ = graded_class.grade(feedback=True)
    assert summary.feedback_written > 1
    assert summary.feedback_to_release == 1
