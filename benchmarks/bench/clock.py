"""Measure where the time goes within one process: each moment counts for the innermost phase under way."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any


class Clock:
    """Counts seconds by phase. Functions are watched while it is used as a context manager."""

    def __init__(self, watched: dict[str, list[tuple[Any, str]]]) -> None:
        """``watched``: by phase, the owners and the names of the functions that belong to it."""
        self.seconds: Counter[str] = Counter()
        self._watched, self._originals = watched, []
        self._phases: list[str] = []
        self._since = perf_counter()

    def __enter__(self) -> Clock:
        for phase, functions in self._watched.items():
            for owner, name in functions:
                self._originals.append((owner, name, vars(owner)[name]))
                setattr(owner, name, self._timed(phase, vars(owner)[name]))
        return self

    def __exit__(self, *_: object) -> None:
        for owner, name, function in reversed(self._originals):
            setattr(owner, name, function)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the time of the block for that phase."""
        self._count()
        self._phases.append(name)
        try:
            yield
        finally:
            self._count()
            self._phases.pop()

    def _count(self) -> None:
        now = perf_counter()
        if self._phases:
            self.seconds[self._phases[-1]] += now - self._since
        self._since = now

    def _timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **more: Any) -> Any:
            with self.phase(phase):
                return function(*arguments, **more)

        return timed
