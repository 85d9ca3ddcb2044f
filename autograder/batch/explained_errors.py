"""Turn errors of files, database and Dask scheduler into a `BatchError` that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from autograder.batch.assignment_bundle import BatchError


@contextmanager
def explained_file_errors() -> Iterator[None]:
    """Turn an `OSError` into a `BatchError` that names the file, and what to check."""
    try:
        yield
    except OSError as error:
        raise BatchError(
            f"{error.filename or 'a file'} cannot be used: {error.strerror or error}. "
            "Check its permissions and the space on the disk, then run this again: what was finished is kept."
        ) from error


@contextmanager
def explained_database_errors(db_url: str) -> Iterator[None]:
    """Turn SQLAlchemy's errors into a `BatchError` that shows nobody's grades."""
    try:
        yield
    except SQLAlchemyError as error:
        from autograder.gradebook import inspection  # slow to load, and rarely needed

        # The error's own text has the statement in it, with everybody's grades.
        cause = getattr(error, "orig", None) or error
        problem = inspection.gradebook_problem(db_url) or f"the gradebook cannot be used: {cause}"
        raise BatchError(f"{problem}. What was finished is kept: fix that, then run this again.") from error


@contextmanager
def explained_scheduler_errors(address: str) -> Iterator[None]:
    """Turn the loss of the Dask scheduler into a `BatchError`."""
    try:
        yield
    except CancelledError:
        raise BatchError(
            f"the Dask scheduler at {address} is gone. What was finished is kept: start it, then run this again."
        ) from None
