"""nbgrader reads timestamp.txt as `autograder grade` does.

Its own reader takes CEST for UTC, stops at a text that is no time, and at an empty file formgrader shows nobody of the
whole class. nbgrader has no setting for that, so its two methods are replaced when a course's configuration is loaded.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.course.settings import Course
from autograder.course.yaml_file import CourseError
from autograder.nbgrader_plugin.course_lookup import load_course_in
from autograder.submission.timestamp import SubmissionTime, TimeRules, parse_timestamp, read_timestamp

_BEFORE_FIRST_DATE, _AFTER_LAST_DATE = timedelta(days=366), timedelta(days=90)
_CLOCK_ERROR = timedelta(days=1)  # of the machine that wrote a timestamp


def time_rules(course: Course | None) -> TimeRules:
    """Return what times a course expects: from a year before its first date to three months after its last.

    Nothing can be submitted in the future, but until the last date nobody needs to ask about that.
    """
    if course is None:
        return TimeRules()
    dates = [*course.due.values(), *(date for dates in course.extensions.values() for date in dates.values())]
    now = datetime.now(UTC)
    if not dates:
        return TimeRules(course.timezone, None, now + _AFTER_LAST_DATE)
    earliest, latest = min(dates) - _BEFORE_FIRST_DATE, max(dates) + _AFTER_LAST_DATE
    return TimeRules(course.timezone, min(earliest, now), max(latest, now + _CLOCK_ERROR))


def submission_time(directory: Any, student: str, assignment: str) -> SubmissionTime:
    """Read the timestamp of a submission; ``directory`` is an nbgrader ``CourseDirectory``."""
    folder = Path(directory.format_path(directory.submitted_directory, student, assignment))
    return _read(directory, folder)


def parse_time(directory: Any, text: str) -> datetime:
    """Return the time that a text names, in UTC without a time zone. Raises `TimestampError`."""
    return parse_timestamp(text, _rules(directory).zone)


def install() -> None:
    """Make nbgrader's commands and formgrader read timestamps as this course does, in this process."""
    CourseDirectory.get_existing_timestamp = _get_existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _get_submitted_timestamp


def _get_existing_timestamp(directory: Any, folder: str) -> datetime | None:
    """Return the time in a folder's timestamp.txt; log what is wrong with one that was submitted."""
    time = _read(directory, Path(folder))
    if time.problem and directory.submitted_directory in Path(folder).parts:
        directory.log.error("%s", time.problem)
    return time.moment


def _get_submitted_timestamp(api: Any, assignment: str, student: str) -> datetime | None:
    return submission_time(api.coursedir, student, assignment).moment


def _read(directory: Any, folder: Path) -> SubmissionTime:
    return read_timestamp(folder, _rules(directory), Path(directory.root))


def _rules(directory: Any) -> TimeRules:
    try:
        return time_rules(load_course_in(Path(directory.root)))
    except CourseError:  # reported wherever the configuration is loaded
        return TimeRules()
