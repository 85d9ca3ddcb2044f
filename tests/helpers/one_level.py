"""A sandbox of one level, in the place of the best one that there is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from autograder.sandbox import Level, Sandbox, SandboxError, host


@contextmanager
def one_level(level: Level) -> Iterator[Sandbox]:
    """Everything runs at this level meanwhile; the test is skipped where the machine does not give it."""
    with Sandbox((level,)) as sandbox, pytest.MonkeyPatch.context() as patch:
        try:
            assert sandbox.level is level
        except SandboxError as error:
            pytest.skip(f"this machine does not give the level {level}: {error}")
        patch.setattr(host, "_default", (os.getpid(), sandbox))
        yield sandbox
