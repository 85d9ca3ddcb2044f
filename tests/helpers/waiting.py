"""Waiting for an event, with a limit that only a hang reaches: a busy machine may take its time."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 300.0


def wait_until(condition: Callable[[], object], event: str = "what the test waits for") -> None:
    """Return once the condition holds; raise AssertionError after `PATIENCE` seconds without it."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{event} did not happen within {PATIENCE:.0f} seconds"
        time.sleep(0.02)
