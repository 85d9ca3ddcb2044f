"""Gradebooks that an earlier release made keep working."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection, text

from autograder.gradebook import tables, verdict_table
from autograder.gradebook.tables import GRADINGS, VERDICTS, column_names, create_tables
from autograder.gradebook.verdict_table import VERSION, GradingRecord
from autograder.verdict import Status

NAME = "3-softmax"
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
def old_gradebook(connection: Connection) -> Connection:
    """A gradebook with a submission of kim that an earlier release graded."""
    for statement in OLD_TABLES:
        connection.execute(text(statement))
    connection.commit()
    return connection


def grade(connection: Connection, student: str) -> None:
    create_tables(connection)
    record = GradingRecord(student, NAME, "f" * 64, Status.GRADED, "All criteria hold.", "process", 1.5)
    verdict_table.save_gradings(connection, [(record, [])])
    connection.commit()


def test_both_tables_are_created_with_all_columns(connection: Connection) -> None:
    create_tables(connection)
    for table in (VERDICTS, GRADINGS):
        assert column_names(connection, table) == {column.name for column in table.columns}


def test_an_old_gradebook_can_be_read_before_anything_is_written(db_url: str, old_gradebook: Connection) -> None:
    record = verdict_table.load_grading_records(old_gradebook, NAME)["kim"]
    assert (record.fingerprint, record.version, record.graded_at) == ("abc", "", OLD_DATE)
    assert [verdict.version for verdict in verdict_table.load_verdicts(db_url, NAME)] == ["0.9"]
    assert "version" not in column_names(old_gradebook, GRADINGS)


def test_the_first_write_adds_the_missing_column(db_url: str, old_gradebook: Connection) -> None:
    grade(old_gradebook, "novak")
    records = verdict_table.load_grading_records(old_gradebook, NAME)
    assert (records["novak"].version, records["kim"].version) == (VERSION, "")
    assert (records["kim"].fingerprint, records["kim"].graded_at) == ("abc", OLD_DATE)
    assert [verdict.student for verdict in verdict_table.load_verdicts(db_url, NAME)] == ["kim"]


def test_an_old_submission_can_be_graded_again(old_gradebook: Connection) -> None:
    for _ in range(2):
        grade(old_gradebook, "kim")
    assert verdict_table.load_grading_records(old_gradebook, NAME)["kim"].version == VERSION


def test_a_column_that_another_grader_added_meanwhile_is_kept(old_gradebook: Connection) -> None:
    grade(old_gradebook, "novak")
    tables._add_column(old_gradebook, GRADINGS, GRADINGS.c.version)
    assert verdict_table.load_grading_records(old_gradebook, NAME)["novak"].version == VERSION
