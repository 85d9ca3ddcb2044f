"""Store, with the first grading, which course secret the hidden inputs were drawn from; and load the seeds so far.

Only a hash of the secret is stored, from which neither the secret nor a seed can be computed.
"""

from __future__ import annotations

from sqlalchemy import Connection, DateTime, bindparam, inspect, select, text

from autograder.gradebook.tables import SECRETS, VERDICTS
from autograder.gradebook.verdict_table import Transaction, utc_now

_MAX_SEEDS = 100


def load_fingerprint(connection: Connection) -> str:
    """Return the fingerprint of the secret that submissions were graded with; empty if it is not known."""
    if not inspect(connection).has_table(SECRETS.name):
        return ""
    return connection.execute(select(SECRETS.c.fingerprint)).scalar() or ""


def save_fingerprint(transaction: Transaction, fingerprint: str) -> None:
    """Store the fingerprint in place of any other. The tables must exist."""
    if transaction.execute(select(SECRETS.c.fingerprint)).scalar() == fingerprint:
        return
    transaction.execute(SECRETS.delete())
    # Two assignments may be graded for the first time at the same moment.
    insert = text(
        f"INSERT INTO {SECRETS.name} (fingerprint, stored_at) VALUES (:fingerprint, :now) ON CONFLICT DO NOTHING"
    )
    transaction.execute(
        insert.bindparams(bindparam("now", type_=DateTime)), {"fingerprint": fingerprint, "now": utc_now()}
    )


def load_latest_seeds(connection: Connection) -> list[tuple[str, str, int]]:
    """Return assignment, student and seed of the latest verdicts; none if nothing was graded yet."""
    if not inspect(connection).has_table(VERDICTS.name):
        return []
    query = select(VERDICTS.c.assignment, VERDICTS.c.student, VERDICTS.c.seed).order_by(VERDICTS.c.graded_at.desc())
    rows = connection.execute(query.limit(_MAX_SEEDS))
    return [(assignment, student, seed) for assignment, student, seed in rows]


def load_seeds(connection: Connection, assignment: str) -> dict[str, int]:
    """Return the seeds that submissions were graded with, by student; none if nothing was graded yet."""
    if not inspect(connection).has_table(VERDICTS.name):
        return {}
    rows = connection.execute(select(VERDICTS.c.student, VERDICTS.c.seed).filter_by(assignment=assignment))
    return {row.student: row.seed for row in rows}
