"""Results that did not replace a stored verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from nbgrader.api import Base
from sqlalchemy import Connection

from autograder.gradebook import held_results, tables
from autograder.gradebook.held_results import HeldResult
from autograder.verdict import Status

NAME = "3-softmax"
HELD = HeldResult("ann", NAME, Status.NOT_GRADED, "The grader failed.", "w", datetime(2027, 5, 1, 12))


def create_all_tables(connection: Connection) -> None:
    Base.metadata.create_all(connection)
    tables.create_tables(connection)


def test_a_database_without_the_table_has_no_held_results(connection: Connection) -> None:
    assert held_results.load_held_results(connection, NAME) == {}


def test_the_same_result_keeps_the_date_of_the_first_time(connection: Connection) -> None:
    create_all_tables(connection)
    later = replace(HELD, held_at=datetime(2027, 5, 2, 12))
    held_results.hold_results(connection, [HELD])
    held_results.hold_results(connection, [later])
    assert held_results.load_held_results(connection, NAME) == {"ann": HELD}
    other = replace(later, reason="The file is damaged.")
    held_results.hold_results(connection, [other])
    assert held_results.load_held_result(connection, NAME, "ann") == other


def test_only_the_results_of_named_students_are_deleted(connection: Connection) -> None:
    create_all_tables(connection)
    ben, other = replace(HELD, student="ben"), replace(HELD, assignment="1-scores")
    held_results.hold_results(connection, [HELD, ben, other])
    held_results.delete_held_results(connection, NAME, ["ann"])
    assert held_results.load_held_results(connection, NAME) == {"ben": ben}
    assert held_results.load_held_results(connection, "1-scores") == {"ann": other}
