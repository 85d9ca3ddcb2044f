"""The levels of isolation that tests of the sandbox run at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox import Level, Sandbox
from tests.helpers.one_level import one_level


@pytest.fixture(scope="module", params=list(Level))
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The sandbox of this run, at every level that the machine gives."""
    with one_level(request.param) as sandbox:
        yield sandbox


@pytest.fixture(scope="module", params=[Level.FULL, Level.RESTRICTED])
def confined_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The sandbox of this run, at every level that keeps student code from the machine."""
    with one_level(request.param) as sandbox:
        yield sandbox
