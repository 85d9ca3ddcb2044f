"""Fixtures and the order of all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.helpers import postgres
from tests.helpers.command_line import RIGHT_SOFTMAX, CommandLine
from tests.helpers.dask_cluster import Cluster, running
from tests.helpers.processes import descendants

# Commands of this environment are found however pytest was started: nbgrader calls alembic by its name.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
pytest_plugins = ["tests.helpers.cached_alembic"]
# A busy machine may take its time.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
LONGEST = (
    "test_nbgrader_own_suite",
    "test_benchmarks",
    "test_nbgrader_chain",
    "test_same_as_nbgrader",
    "test_attacks",
    "test_dask_pool",
    "test_docs",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, then with the slow ones, so that no worker is left alone with them at the end."""
    first = {name: place for place, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (first.get(item.path.stem, len(LONGEST)), item.get_closest_marker("slow") is None),
    )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """A PostgreSQL server, one for all tests of this process."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="module", params=postgres.KINDS)
def new_database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """A function that returns the ``db_url`` of a course's gradebook, for each supported kind of database."""
    if request.param == "sqlite":
        return lambda folder: f"sqlite:///{folder / 'gradebook.db'}"
    server: postgres.Server = request.getfixturevalue("postgresql")
    return lambda _: server.new()


@pytest.fixture
def db_url(new_database: Callable[[Path], str], tmp_path: Path) -> str:
    """The ``db_url`` of a gradebook that does not exist yet, a new one for each test."""
    return new_database(tmp_path)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A Dask cluster of two workers; the test fails if one of its processes is left."""
    before = descendants()
    with running() as cluster:
        yield cluster
    assert descendants() == before


@pytest.fixture
def run_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Run ``autograder`` in a folder with nothing in it except ``right.py``, which has a right softmax."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "right.py").write_text(RIGHT_SOFTMAX)
    return CommandLine(capsys)
