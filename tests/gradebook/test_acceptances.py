"""Which submissions an instructor has accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from autograder.gradebook import acceptances
from autograder.gradebook.acceptances import Acceptance
from autograder.gradebook.tables import create_tables

NAME = "3-softmax"
ACCEPTANCE = Acceptance("novak", NAME, "w" * 64, "a.ipynb", "teacher")


def test_a_decision_is_read_back_as_it_was_saved(connection: Connection) -> None:
    create_tables(connection)
    acceptances.save_acceptance(connection, ACCEPTANCE)
    assert acceptances.load_acceptances(connection, NAME) == {"novak": ACCEPTANCE}
    assert acceptances.load_acceptance(connection, NAME, "novak") == ACCEPTANCE
    assert acceptances.load_acceptance(connection, NAME, "kim") is None
    assert acceptances.load_acceptances(connection, "1-scores") == {}


def test_a_new_decision_replaces_the_earlier_one(connection: Connection) -> None:
    create_tables(connection)
    for work in ("old", "new"):
        acceptances.save_acceptance(connection, replace(ACCEPTANCE, work=work))
    assert acceptances.load_acceptances(connection, NAME)["novak"].work == "new"


def test_a_gradebook_without_the_table_has_no_decisions(connection: Connection) -> None:
    assert acceptances.load_acceptances(connection, NAME) == {}


@pytest.mark.parametrize(
    ("work", "is_settled", "settles"), [("w", True, True), ("x", True, False), ("w", False, False)]
)
def test_only_the_work_that_was_accepted_is_settled(work: str, is_settled: bool, settles: bool) -> None:
    assert replace(ACCEPTANCE, work="w", is_settled=is_settled).settles(work) is settles
