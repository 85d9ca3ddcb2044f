"""Run the default sandbox at one given level instead of the strongest one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from autograder.sandbox import Level, Sandbox, SandboxError, host


@contextmanager
def one_level(level: Level) -> Iterator[Sandbox]:
    """Run the block at this level; skip the test if the machine does not support it."""
    with Sandbox((level,)) as sandbox, pytest.MonkeyPatch.context() as patch:
        try:
            assert sandbox.level is level
        except SandboxError as error:
            pytest.skip(f"this machine does not give the level {level}: {error}")
        patch.setattr(host, "_default", (os.getpid(), sandbox))
        yield sandbox
