"""Graded submissions go into folders and gradebook, and from there onto feedback pages."""

from __future__ import annotations

from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import DataError

from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.submission_grader import GradedSubmission, SubmissionGrader
from tests.helpers.classroom import Classroom
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow
NAME = "3-softmax"


def grade_manually(classroom: Classroom, student: str) -> None:
    with Gradebook(classroom.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        for grade in notebook.grades:
            grade.manual_score, grade.extra_credit = 1.25, 0.5
        for comment in notebook.comments:
            comment.manual_comment = "Well done."
        gradebook.db.commit()


def test_manual_scores_and_comments_given_during_a_run_survive(
    graded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = GradebookWriter.save

    def save_after_manual_grading(gradebook: GradebookWriter, submissions: Any) -> Any:
        grade_manually(graded_class, "ann")
        return save(gradebook, submissions)

    monkeypatch.setattr(GradebookWriter, "save", save_after_manual_grading)
    graded_class.grade(force=True, feedback=True)
    found = rows(graded_class.db_url, NAME)
    assert found["ann", NAME, "grade", "check-softmax"][1:4] == (1.25, 0.5, False)
    assert {value[1] for key, value in found.items() if key[0] == "ann" and "comment" in key} == {"Well done."}
    assert "Well done." in (graded_class.root / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()


def test_feedback_of_unchanged_submissions_shows_later_manual_scores(graded_class: Classroom) -> None:
    grade_manually(graded_class, "ben")
    summary, printed = graded_class.grade(feedback=True)
    assert (summary.graded, summary.unchanged, summary.feedback_written) == (0, 3, 3)
    assert "feedback written for 3 students" in printed
    assert "Well done." in (graded_class.root / "feedback" / "ben" / NAME / f"{NAME}.html").read_text()


def test_a_submission_that_the_gradebook_refuses_does_not_stop_the_others(
    graded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = GradebookWriter.save

    def refuse_ben(gradebook: GradebookWriter, submissions: list[GradedSubmission]) -> Any:
        if any(submission.student == "ben" for submission in submissions):
            raise DataError("INSERT", {}, Exception("value too long\nand a second line"))
        return save(gradebook, submissions)

    monkeypatch.setattr(GradebookWriter, "save", refuse_ben)
    summary, _ = graded_class.grade(force=True, feedback=True)
    assert {status.value: count for status, count in summary.statuses.items() if count} == {
        "graded": 2,
        "not_graded": 1,
    }
    assert [item.reason for item in summary.needs_review] == ["The gradebook refuses it: value too long"]
    assert summary.feedback_written == 2


def test_feedback_that_cannot_be_made_is_reported_and_the_rest_written(
    graded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = SubmissionGrader.render_feedback

    def fail_for_ben(grader: SubmissionGrader, texts: Any, grades: Any) -> Any:
        if grades[0].student == "ben":
            raise ValueError("no template")
        return render(grader, texts, grades)

    # Workers find a function by its name.
    fail_for_ben.__module__, fail_for_ben.__qualname__ = render.__module__, render.__qualname__
    monkeypatch.setattr(SubmissionGrader, "render_feedback", fail_for_ben)
    summary, printed = graded_class.grade(feedback=True)
    assert (summary.feedback_written, summary.feedback_failed, summary.clean) == (2, 1, False)
    assert "ben: the feedback could not be made (ValueError: no template)" in printed
