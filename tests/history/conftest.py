"""A small gradebook on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers.small_gradebook import SmallGradebook


@pytest.fixture
def gradebook(new_database: Callable[[Path], str], tmp_path: Path) -> Iterator[SmallGradebook]:
    """A small gradebook on each kind of database."""
    gradebook = SmallGradebook(tmp_path, new_database(tmp_path))
    yield gradebook
    gradebook.engine.dispose()
