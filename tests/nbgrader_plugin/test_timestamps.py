"""nbgrader's own commands and formgrader read timestamps as `autograder grade` does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.course.settings import load_course
from autograder.gradebook import database, verdict_table
from autograder.nbgrader_plugin import timestamps
from autograder.nbgrader_plugin.timestamps import time_rules
from tests.helpers.stock_course import ROOT, StockCourse

NAME = "3-softmax"
COURSE = load_course(ROOT)


def test_times_near_the_courses_dates_are_believed() -> None:
    rules = time_rules(COURSE)
    assert rules.earliest == min(COURSE.due.values()) - timedelta(days=366)
    assert rules.latest is not None
    assert rules.latest >= max(COURSE.due.values()) + timedelta(days=90)
    assert rules.zone == COURSE.timezone


def test_an_extension_moves_the_last_time_that_is_believed() -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    assert time_rules(replace(COURSE, extensions={NAME: {"novak": until}})).latest == until + timedelta(days=90)


def test_the_present_is_believed_whatever_the_dates_are() -> None:
    for year in (2001, 2190):
        rules = time_rules(replace(COURSE, due={NAME: datetime(year, 1, 1, tzinfo=UTC)}))
        assert rules.earliest is not None
        assert rules.latest is not None
        assert rules.earliest <= datetime.now(UTC) <= rules.latest
    assert time_rules(replace(COURSE, due={})).earliest is None
    assert time_rules(None).latest is None


def test_collected_folders_and_submissions_have_the_same_times(tmp_path: Path) -> None:
    timestamps.install()
    directory = CourseDirectory(root=str(tmp_path))
    for text in ("2027-04-20 12:00:00 CEST", "2027-04-20 12:00:00 +0200"):
        (tmp_path / "timestamp.txt").write_text(text)
        assert directory.get_existing_timestamp(str(tmp_path)) == datetime(2027, 4, 20, 10)


def submit(course: StockCourse, student: str, text: str) -> None:
    folder = course.root / "submitted" / student / NAME
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text(text)
    course.grade(student, NAME, course.answered())


BROKEN = {
    "empty": "",
    "no-time": "soon",
    "unknown-zone": "2027-04-20 10:00:00 XYZ",
    "year-2199": "2199-01-01 10:00 UTC",
}


@pytest.mark.slow
def test_a_broken_timestamp_takes_no_points_waits_for_a_person_and_hides_nobody(course: StockCourse) -> None:
    submit(course, "summer-time", "2027-05-01 02:10:00 CEST")  # 0:10 in UTC: more than two hours late
    for student, text in BROKEN.items():
        submit(course, student, text)
    with database.connect(course.db_url) as connection:
        records = verdict_table.load_grading_records(connection, NAME)
    assert {student: records[student].status for student in BROKEN} == dict.fromkeys(BROKEN, "needs_look")
    assert all(f"submitted/{student}/{NAME}/timestamp.txt" in records[student].message for student in BROKEN)
    assert records["summer-time"].status == "graded"
    with Gradebook(course.db_url) as gradebook:
        submissions = {student: gradebook.find_submission(NAME, student) for student in (*BROKEN, "summer-time")}
        assert submissions["summer-time"].timestamp == datetime(2027, 5, 1, 0, 10)
        assert {submissions[student].timestamp for student in BROKEN} == {None}
        penalties = {student: found.notebooks[0].late_submission_penalty for student, found in submissions.items()}
    assert penalties == {**dict.fromkeys(BROKEN), "summer-time": pytest.approx(0.5)}
    listed = NbGraderAPI(course.app.coursedir, config=course.app.config).get_submissions(NAME)
    assert {"summer-time", *BROKEN} <= {submission["student"] for submission in listed}


@pytest.mark.slow
def test_a_regrade_forgets_a_time_that_is_not_believed(course: StockCourse) -> None:
    submit(course, "forgotten", "2027-05-02 10:00:00 UTC")
    (course.root / "submitted" / "forgotten" / NAME / "timestamp.txt").write_text("2199-01-01 10:00:00 UTC")
    course.grade("forgotten", NAME, course.answered())
    with Gradebook(course.db_url) as gradebook:
        submission = gradebook.find_submission(NAME, "forgotten")
        assert (submission.timestamp, submission.notebooks[0].late_submission_penalty) == (None, None)
