"""Scores, comments, verdicts and the record of a grading reach the gradebook together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine

from autograder.gradebook import database, review, verdict_table
from autograder.gradebook.verdict_table import GradingRecord
from autograder.verdict import Status
from tests.helpers.stock_course import RIGHT, StockCourse, cell_named, code_cell

pytestmark = pytest.mark.slow
NAME = "3-softmax"


def record_of(course: StockCourse, student: str, assignment: str = NAME) -> GradingRecord:
    with database.connect(course.db_url) as connection:
        return verdict_table.load_grading_records(connection, assignment)[student]


def test_a_grading_without_execution_keeps_the_old_verdict(course: StockCourse) -> None:
    course.grade("paused", NAME, course.answered())
    before, notebook = course.verdict("paused"), course.graded_notebook("paused", NAME)
    course.app.config.Execute.enabled = False
    changed = course.answered(RIGHT + "# more")
    assert course.grade("paused", NAME, changed) == {"check-softmax": (5, True)}
    assert course.verdict("paused") == before
    assert course.graded_notebook("paused", NAME) == notebook
    with database.connect(course.db_url) as connection:
        state = review.load_submission_states(connection, NAME)["paused"]
    assert "without --no-execute" in state.waits_for
    assert [(cell.auto_score, cell.is_flagged) for cell in state.cells] == [(5, True)]
    course.app.config.Execute.enabled = True
    assert course.autograde("paused", NAME) == {"check-softmax": (5, False)}
    with database.connect(course.db_url) as connection:
        assert review.load_submission_states(connection, NAME)["paused"].waits_for == ""


def test_a_first_grading_without_execution_has_no_score(course: StockCourse) -> None:
    course.app.config.Execute.enabled = False
    assert course.grade("never", NAME, course.answered()) == {"check-softmax": (None, True)}
    assert "without --no-execute" in course.verdict("never").message


def test_the_grading_of_a_submission_is_recorded_with_date_and_version(course: StockCourse) -> None:
    course.grade("recorded", NAME, course.answered())
    record, verdict = record_of(course, "recorded"), course.verdict("recorded")
    assert (record.status, record.version, record.graded_at) == (Status.GRADED, verdict.version, verdict.graded_at)
    assert (record.message, record.isolation, record.fingerprint) == (verdict.message, verdict.isolation, "")


def test_an_assignment_without_exercises_is_recorded_as_well(course: StockCourse) -> None:
    course.grade("writer", "6-reflection", course.notebook("6-reflection"))
    assert record_of(course, "writer", "6-reflection").status is Status.GRADED


def test_the_fingerprint_of_the_last_batch_is_kept(course: StockCourse) -> None:
    course.grade("kept", NAME, course.answered())
    engine = create_engine(course.db_url)
    with engine.begin() as connection:
        record = replace(record_of(course, "kept"), fingerprint="abc", status=Status.NOT_GRADED)
        verdict_table.save_gradings(connection, [(record, [])])
    engine.dispose()
    course.grade("kept", NAME, course.answered())
    record = record_of(course, "kept")
    assert (record.fingerprint, record.status) == ("abc", Status.GRADED)


def test_text_that_no_database_can_store_does_not_stop_the_grading(course: StockCourse) -> None:
    notebook = course.answered("raise ValueError('a\0b')")
    notebook["cells"].append(code_cell("raise ValueError('a' + chr(0) + 'b' + chr(0xD800) + 'c')"))
    notebook["cells"].append(code_cell("") | {"metadata": {"nbgrader": {"grade_id": "a\0b"}}})
    course.grade("odd", NAME, notebook)
    verdict = course.verdict("odd")
    assert (verdict.status, verdict.score) == ("needs_look", None)


def test_answers_get_the_automatic_comment_only_in_an_untouched_notebook(course: StockCourse) -> None:
    notebook = course.notebook("6-reflection")
    course.grade("none", "6-reflection", notebook)
    cell_named(notebook, "senses")["source"] = "Two senses, and the prediction too."
    course.grade("half", "6-reflection", notebook)
    comments = {}
    with Gradebook(course.db_url) as gradebook:
        for student in ("none", "half"):
            (submitted,) = gradebook.find_submission("6-reflection", student).notebooks
            by_name = {comment.name: comment.auto_comment for comment in submitted.comments}
            comments[student] = (by_name["senses"], by_name["prediction"])
    assert comments == {"none": ("No response.", "No response."), "half": (None, None)}
