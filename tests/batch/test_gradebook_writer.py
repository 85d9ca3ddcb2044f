"""Graded submissions reach the gradebook in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DataError, IntegrityError

from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.submission_grader import GradedSubmission
from autograder.course.settings import load_course
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin.cell_scores import CellScores
from autograder.nbgrader_plugin.late_penalties import CourseDates
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from autograder.submission.timestamp import SubmissionTime
from autograder.verdict import Status
from tests.helpers.classroom import Classroom
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow
NAME = "3-softmax"
CELL = "check-softmax"
EARLY, LATE = datetime(2027, 4, 20), datetime(2027, 5, 2)


@dataclass(frozen=True)
class Writing:
    """A gradebook and its writer, with a policy that takes one point off."""

    db_url: str
    writer: GradebookWriter


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]) -> Classroom:
    """A course whose gradebook has no submission yet."""
    folder = tmp_path_factory.mktemp("course")
    return Classroom(folder, new_database(folder), NAME)


@pytest.fixture
def writing(classroom: Classroom) -> Iterator[Writing]:
    """The gradebook as a batch opens it."""
    with nbgrader_application(classroom.root) as app:
        app.coursedir.assignment_id = NAME
        dates = CourseDates(load_course(classroom.root), NAME, logging.getLogger("test"))
        with GradebookWriter(app.coursedir, dates, lambda *_: 1.0) as writer:
            yield Writing(classroom.db_url, writer)


def graded(student: str, score: float | None = 5, timestamp: datetime | None = EARLY) -> GradedSubmission:
    record = GradingRecord(student, NAME, "f" * 64, Status.GRADED, "", "process", 0.1)
    notebooks = {NAME: CellScores({CELL: score}, {}, {})}
    return GradedSubmission(record, SubmissionTime(timestamp), notebooks, {}, {}, ())


def test_a_new_student_is_enrolled_with_scores_and_record(writing: Writing) -> None:
    writing.writer.save([graded("new")])
    assert "new" in writing.writer.enrolled()
    assert writing.writer.scores(["new"]) == {"new": {CELL: 5}}
    assert writing.writer.grading_records()["new"].status is Status.GRADED


def test_feedback_shows_scores_and_the_late_penalty(writing: Writing) -> None:
    grades = writing.writer.save([graded("early"), graded("late", timestamp=LATE), graded("undated", timestamp=None)])
    assert {student: notebook.late_penalty for student, (notebook,) in grades.items()} == {
        "early": 0,
        "late": 1,
        "undated": 0,
    }
    (notebook,) = grades["late"]
    assert (notebook.score, notebook.scores[CELL]) == (5, (5, 5))


def test_a_score_of_none_waits_for_manual_grading(writing: Writing) -> None:
    writing.writer.save([graded("none", score=None)])
    assert rows(writing.db_url, NAME)["none", NAME, "grade", CELL][:4] == (None, None, None, True)


def test_a_regrade_keeps_a_timestamp_that_is_missing_now(writing: Writing) -> None:
    writing.writer.save([graded("again", timestamp=LATE)])
    writing.writer.save([graded("again", score=4, timestamp=None)])
    assert rows(writing.db_url, NAME)["again",][0] == LATE
    assert writing.writer.scores(["again"]) == {"again": {CELL: 4}}


def test_a_regrade_forgets_a_timestamp_that_is_not_believed_any_more(writing: Writing) -> None:
    writing.writer.save([graded("doubted", timestamp=LATE)])
    assert writing.writer.grades(["doubted"])["doubted"][0].late_penalty == 1
    doubted = replace(graded("doubted"), time=SubmissionTime(problem="long after"))
    assert writing.writer.save([doubted])["doubted"][0].late_penalty == 0
    assert rows(writing.db_url, NAME)["doubted",][0] is None


def test_nothing_is_written_if_one_submission_cannot_be(writing: Writing) -> None:
    broken = graded("broken")
    broken = GradedSubmission(broken.record, SubmissionTime(EARLY), {NAME: CellScores({CELL: 5}, {}, {})}, {}, {}, ())
    object.__setattr__(broken.record, "message", None)
    with pytest.raises((IntegrityError, DataError)):
        writing.writer.save([graded("whole"), broken])
    assert not {"whole", "broken"} & writing.writer.enrolled()
