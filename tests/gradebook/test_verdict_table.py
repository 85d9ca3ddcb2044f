"""The course's own tables: what they keep, and gradebooks that an earlier release made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from autograder.gradebook import verdict_table
from autograder.gradebook.verdict_table import VERSION, GradingRecord
from autograder.verdict import CriterionResult, Reason, Report, Status, Verdict

NAME = "3-softmax"
REASON = Reason("The rows hold.", "It gave nan.", "What is exp(1000)?", "Try a larger score.")
CRITERIA = (CriterionResult("rows", 2, 2), CriterionResult("no overflow", 0, 1, REASON))
REPORT = Report(
    "x.ipynb", "softmax", Status.GRADED, "1 of 2 criteria hold.", 3, "process", 2**51, Verdict((), CRITERIA), ("note",)
)
RECORD = GradingRecord("novak", NAME, "f" * 64, Status.GRADED, "1 of 2 criteria hold.", "process", 1.5)
# The tables as earlier releases made them, where attention_gradings had no version.
OLD_TABLES = (
    """CREATE TABLE attention_verdicts (
        student VARCHAR(128) NOT NULL, assignment VARCHAR(128) NOT NULL, exercise VARCHAR(128) NOT NULL,
        status VARCHAR(32) NOT NULL, message TEXT NOT NULL, score FLOAT, max_score FLOAT NOT NULL,
        seed BIGINT NOT NULL, isolation VARCHAR(32) NOT NULL, criteria TEXT NOT NULL, misconceptions TEXT NOT NULL,
        notes TEXT NOT NULL, version VARCHAR(32) NOT NULL, graded_at TIMESTAMP NOT NULL,
        PRIMARY KEY (student, assignment, exercise))""",
    """CREATE TABLE attention_gradings (
        student VARCHAR(128) NOT NULL, assignment VARCHAR(128) NOT NULL, fingerprint VARCHAR(64) NOT NULL,
        status VARCHAR(32) NOT NULL, message TEXT NOT NULL, isolation VARCHAR(32) NOT NULL, seconds FLOAT NOT NULL,
        graded_at TIMESTAMP NOT NULL, PRIMARY KEY (student, assignment))""",
    """INSERT INTO attention_verdicts VALUES ('kim', '3-softmax', 'softmax', 'graded', 'All criteria hold.', 5, 5, 7,
        'full', '[]', '[]', '[]', '0.9', '2026-01-02 03:04:05.000000')""",
    """INSERT INTO attention_gradings VALUES ('kim', '3-softmax', 'abc', 'graded', 'All criteria hold.', 'full', 0.5,
        '2026-01-02 03:04:05.000000')""",
)
OLD_DATE = datetime(2026, 1, 2, 3, 4, 5)


@pytest.fixture
def connection(db_url: str) -> Iterator[Connection]:
    """A connection to an empty database, which commits at once."""
    engine = create_engine(db_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def save(connection: Connection, record: GradingRecord, *reports: Report) -> None:
    verdict_table.create_tables(connection)
    verdict_table.save_gradings(connection, [(record, reports)])
    connection.commit()


def make_old_gradebook(connection: Connection) -> None:
    for statement in OLD_TABLES:
        connection.execute(text(statement))
    connection.commit()


def test_a_gradebook_in_which_nothing_was_graded_has_no_verdicts(db_url: str, connection: Connection) -> None:
    assert verdict_table.load_verdicts(db_url, NAME) == []
    assert verdict_table.load_grading_records(connection, NAME) == {}


def test_a_verdict_is_kept_whole(db_url: str, connection: Connection) -> None:
    save(connection, RECORD, REPORT)
    (verdict,) = verdict_table.load_verdicts(db_url, NAME)
    assert (verdict.student, verdict.status, verdict.score, verdict.seed) == ("novak", "graded", 2, 2**51)
    assert (verdict.criteria, verdict.notes) == (CRITERIA, ("note",))
    assert verdict_table.load_verdicts(db_url, "1-scores") == []


def test_a_record_is_kept_whole(connection: Connection) -> None:
    save(connection, RECORD, REPORT)
    assert verdict_table.load_grading_records(connection, NAME) == {"novak": RECORD}


def test_record_and_verdict_have_the_same_date_and_version(db_url: str, connection: Connection) -> None:
    save(connection, RECORD, REPORT)
    (verdict,) = verdict_table.load_verdicts(db_url, NAME)
    assert (verdict.version, verdict.graded_at) == (RECORD.version, RECORD.graded_at)
    assert RECORD.version == VERSION


def test_a_regrade_replaces_record_and_verdict(db_url: str, connection: Connection) -> None:
    failed = replace(REPORT, status=Status.NOT_GRADED)
    save(connection, replace(RECORD, status=Status.NOT_GRADED), failed)
    save(connection, RECORD, REPORT)
    assert [verdict.score for verdict in verdict_table.load_verdicts(db_url, NAME)] == [2]
    assert verdict_table.load_grading_records(connection, NAME)["novak"].status is Status.GRADED


def test_a_verdict_without_a_score_is_stored_as_null(db_url: str, connection: Connection) -> None:
    save(connection, RECORD, replace(REPORT, status=Status.ALTERED))
    (verdict,) = verdict_table.load_verdicts(db_url, NAME)
    assert verdict.score is None


def test_fingerprint_and_statuses_of_one_submission_can_be_read(connection: Connection) -> None:
    save(connection, RECORD, REPORT)
    assert verdict_table.load_fingerprint(connection, NAME, "novak") == "f" * 64
    assert verdict_table.load_fingerprint(connection, NAME, "kim") == ""
    statuses = verdict_table.load_verdict_statuses(connection, NAME, "novak")
    assert statuses == {"softmax": (Status.GRADED, "1 of 2 criteria hold.")}


def test_an_old_gradebook_can_be_read_before_anything_is_written(db_url: str, connection: Connection) -> None:
    make_old_gradebook(connection)
    record = verdict_table.load_grading_records(connection, NAME)["kim"]
    assert (record.fingerprint, record.version, record.graded_at) == ("abc", "", OLD_DATE)
    assert [verdict.version for verdict in verdict_table.load_verdicts(db_url, NAME)] == ["0.9"]
    assert "version" not in column_names(connection)


def test_the_first_write_adds_the_missing_column_to_an_old_gradebook(db_url: str, connection: Connection) -> None:
    make_old_gradebook(connection)
    save(connection, RECORD, REPORT)
    records = verdict_table.load_grading_records(connection, NAME)
    assert (records["novak"].version, records["kim"].version) == (VERSION, "")
    assert (records["kim"].fingerprint, records["kim"].graded_at) == ("abc", OLD_DATE)
    assert len(verdict_table.load_verdicts(db_url, NAME)) == 2


def test_an_old_submission_can_be_graded_again(connection: Connection) -> None:
    make_old_gradebook(connection)
    save(connection, replace(RECORD, student="kim"), REPORT)
    save(connection, replace(RECORD, student="kim"), REPORT)
    assert verdict_table.load_grading_records(connection, NAME)["kim"].version == VERSION


def column_names(connection: Connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("attention_gradings")}
