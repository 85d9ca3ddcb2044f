"""Which course secret a gradebook was graded with."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from autograder.gradebook import secret_fingerprint, tables
from autograder.gradebook.tables import VERDICTS


def _verdict(student: str, seed: int, day: int) -> dict[str, object]:
    texts = dict.fromkeys(("message", "isolation", "version"), "")
    return {
        **texts,
        **dict.fromkeys(("criteria", "misconceptions", "notes"), "[]"),
        "student": student,
        "assignment": "3-softmax",
        "exercise": "softmax",
        "status": "graded",
        "score": 5.0,
        "max_score": 5.0,
        "seed": seed,
        "graded_at": datetime(2027, 5, day, tzinfo=UTC).replace(tzinfo=None),
    }


def test_a_database_without_the_tables_knows_neither_secret_nor_seeds(connection: Connection) -> None:
    assert secret_fingerprint.load_fingerprint(connection) == ""
    assert secret_fingerprint.load_latest_seeds(connection) == []
    assert secret_fingerprint.load_seeds(connection, "3-softmax") == {}


def test_a_new_fingerprint_replaces_the_old_one(connection: Connection) -> None:
    tables.create_tables(connection)
    for fingerprint in ("a" * 64, "a" * 64, "b" * 64):
        secret_fingerprint.save_fingerprint(connection, fingerprint)
    assert secret_fingerprint.load_fingerprint(connection) == "b" * 64


def test_seeds_are_those_of_the_stored_verdicts_the_latest_first(connection: Connection) -> None:
    tables.create_tables(connection)
    connection.execute(VERDICTS.insert(), [_verdict("ann", 2**51, day=3), _verdict("ben", 7, day=4)])
    assert secret_fingerprint.load_seeds(connection, "3-softmax") == {"ann": 2**51, "ben": 7}
    assert secret_fingerprint.load_seeds(connection, "1-scores") == {}
    assert secret_fingerprint.load_latest_seeds(connection) == [
        ("3-softmax", "ben", 7),
        ("3-softmax", "ann", 2**51),
    ]
