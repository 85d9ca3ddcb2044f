"""The append-only table: the chain of hashes, and the last value of each key."""

from __future__ import annotations

from autograder.history import entries
from autograder.history.entries import HISTORY, Author, Key, Kind
from tests.helpers.small_gradebook import SmallGradebook

AUTHOR = Author("autograder grade 3-softmax", "teacher", "host")
MARK = Key("ann", "3-softmax", Kind.MANUAL_SCORE, "3-softmax/check-softmax")
PENALTY = Key("ann", "3-softmax", Kind.LATE_PENALTY, "3-softmax")


def test_each_entry_holds_the_hash_of_the_one_before(gradebook: SmallGradebook) -> None:
    with gradebook.engine.begin() as connection:
        assert entries.last(connection) == (0, "")
        entries.append(connection, [(MARK, 4.0), (PENALTY, 1.0)], AUTHOR)
    with gradebook.engine.begin() as connection:
        entries.append(connection, [(MARK, 5.0)], AUTHOR)
        rows = [dict(row) for row in connection.execute(HISTORY.select().order_by(HISTORY.c.number)).mappings()]
        assert entries.last(connection) == (3, rows[2]["hash"])
    assert [row["previous_hash"] for row in rows] == ["", rows[0]["hash"], rows[1]["hash"]]
    assert [row["hash"] for row in rows] == [entries.hash_of(row) for row in rows]
    assert entries.hash_of(rows[0]) != entries.hash_of({**rows[0], "value": "5.0"})


def test_only_what_people_write_is_noticed_by_default(gradebook: SmallGradebook) -> None:
    with gradebook.engine.begin() as connection:
        entries.append(connection, [(MARK, 4.0), (PENALTY, 1.0)], AUTHOR)
        assert [entry.is_noticed for entry in entries.load(connection)] == [True, False]


def test_the_last_value_counts_and_one_that_is_gone_does_not(gradebook: SmallGradebook) -> None:
    with gradebook.engine.begin() as connection:
        entries.append(connection, [(MARK, 4.0), (PENALTY, 1.0), (MARK, 5.0), (PENALTY, None)], AUTHOR)
        assert entries.load_current(connection) == {MARK: 5.0}
        assert entries.load_current(connection, "1-scores") == {}
        assert entries.load_current(connection, students=["ben"]) == {}


def test_entries_are_selected_by_student_assignment_and_number(gradebook: SmallGradebook) -> None:
    with gradebook.engine.begin() as connection:
        entries.append(connection, [(MARK, 4.0), (PENALTY, 1.0)], AUTHOR)
        assert [entry.number for entry in entries.load(connection, "ann", "3-softmax", after=1)] == [2]
        assert entries.load(connection, "ben") == entries.load(connection, "ann", "1-scores") == []
