"""Errors that stop a run, as sentences."""

from __future__ import annotations

import errno
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from autograder.batch import explained_errors
from autograder.batch.assignment_bundle import BatchError


def test_a_file_error_names_the_file_and_what_to_check() -> None:
    says = "^autograded/ann cannot be used: Disk full. Check its permissions and the space on the disk"
    with pytest.raises(BatchError, match=says), explained_errors.explained_file_errors():
        raise OSError(errno.ENOSPC, "Disk full", "autograded/ann")


def test_a_database_error_shows_its_cause_but_no_statement(tmp_path: Path) -> None:
    error = OperationalError("INSERT", {"student": "ann"}, Exception("the disk is full"))
    db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with pytest.raises(BatchError) as raised, explained_errors.explained_database_errors(db_url):
        raise error
    assert str(raised.value) == (
        "the gradebook cannot be used: the disk is full. What was finished is kept: fix that, then run this again."
    )


def test_a_lost_scheduler_is_named() -> None:
    with (
        pytest.raises(BatchError, match="the Dask scheduler at tcp://host:1 is gone"),
        explained_errors.explained_scheduler_errors("tcp://host:1"),
    ):
        raise CancelledError
