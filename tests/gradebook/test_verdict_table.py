"""Records and verdicts are kept whole, and a regrade replaces them."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from autograder.gradebook import verdict_table
from autograder.gradebook.tables import create_tables
from autograder.gradebook.verdict_table import VERSION, GradingRecord
from autograder.verdict import CriterionResult, Reason, Report, Status, Verdict

NAME = "3-softmax"
REASON = Reason("The rows hold.", "It gave nan.", "What is exp(1000)?", "Try a larger score.")
CRITERIA = (CriterionResult("rows", 2, 2), CriterionResult("no overflow", 0, 1, REASON))
REPORT = Report(
    "x.ipynb", "softmax", Status.GRADED, "1 of 2 criteria hold.", 3, "process", 2**51, Verdict((), CRITERIA), ("note",)
)
RECORD = GradingRecord("novak", NAME, "f" * 64, Status.GRADED, "1 of 2 criteria hold.", "process", 1.5)


def save(connection: Connection, record: GradingRecord, *reports: Report) -> None:
    create_tables(connection)
    verdict_table.save_gradings(connection, [(record, reports)])
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
    record = verdict_table.load_grading_record(connection, NAME, "novak")
    assert record is not None
    assert record.fingerprint == "f" * 64
    assert verdict_table.load_grading_record(connection, NAME, "kim") is None
    statuses = verdict_table.load_verdict_statuses(connection, NAME, "novak")
    assert statuses == {"softmax": (Status.GRADED, "1 of 2 criteria hold.")}
