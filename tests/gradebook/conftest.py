"""Fixtures for tests of the gradebook."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine


@pytest.fixture(scope="module")
def environment_on_path() -> Iterator[None]:
    """Let nbgrader find alembic, which it calls from PATH."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        yield


@pytest.fixture
def connection(db_url: str) -> Iterator[Connection]:
    """A connection to an empty database, which commits at once."""
    engine = create_engine(db_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
