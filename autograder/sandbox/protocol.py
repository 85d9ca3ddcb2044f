"""Requests to student code and their results: frozen data, for the callers of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.sandbox.inside import wire
from autograder.sandbox.isolation import Level


@dataclass(frozen=True)
class Limits:
    """Limits of time and memory for one submission, and the isolation that it needs.

    ``seconds`` limits each source and each call, ``total_seconds`` all of them together. ``isolation`` is the weakest
    level that the submission may run at. ``packages`` are installed packages that it may import besides numpy,
    matplotlib and IPython.
    """

    seconds: float = 5.0
    total_seconds: float = 60.0
    memory_mb: int = 2048
    isolation: str = Level.PROCESS
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """The code to load: ``sources``, pairs of name and text, run in one namespace, which must then define ``function``.

    ``helpers`` names modules of the course. Student code can import them, but in the sandbox they do nothing. ``files``
    are the texts of submitted modules by their dotted names. ``replaceable`` are the modules that get a stand-in, which
    does nothing, if they are not installed.
    """

    sources: tuple[tuple[str, str], ...]
    function: str
    helpers: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    replaceable: frozenset[str] = frozenset()


class CallStatus(StrEnum):
    """How a request to load sources, to call the function or to run a cell ended."""

    RETURNED = "returned"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    # The submission had used up its total time, so the request was not made or not finished.
    OUT_OF_TIME = "out_of_time"


@dataclass(frozen=True)
class StudentError:
    """An exception that student code raised: the name of its built-in type, its message, and where it was raised.

    ``source_name`` is one of the program's sources, or empty; ``line`` counts from 1.
    """

    type_name: str
    message: str = ""
    source_name: str = ""
    line: int | None = None


@dataclass(frozen=True)
class SkippedSource:
    """A source that was left out because it looped or ended the process."""

    name: str
    status: CallStatus


@dataclass(frozen=True)
class SourceResult:
    """What running one source left: what the function's name holds, and what the source raised.

    ``binds_function`` says that the source gave the name a new function.
    """

    name: str
    defined: bool = False
    callable: bool = False
    binds_function: bool = False
    error: StudentError | None = None


@dataclass(frozen=True)
class LoadResult:
    """What running the sources left.

    ``status`` says how loading ended, ``sources`` are those that ran to their end or raised, in order, and ``missing``
    are the modules that got a stand-in. ``skipped`` were left out, or ended loading if ``status`` is not RETURNED.
    """

    status: CallStatus
    sources: tuple[SourceResult, ...] = ()
    skipped: tuple[SkippedSource, ...] = ()
    missing: frozenset[str] = frozenset()

    @property
    def defined(self) -> bool:
        """Whether the function's name holds anything at the end."""
        return bool(self.sources) and self.sources[-1].defined

    @property
    def callable(self) -> bool:
        """Whether the function's name holds a function at the end."""
        return bool(self.sources) and self.sources[-1].callable

    @property
    def function_source(self) -> str:
        """The source that defined the last function that the name held, which is the one that is called; or empty."""
        return next((source.name for source in reversed(self.sources) if source.binds_function), "")

    @property
    def errors(self) -> tuple[StudentError, ...]:
        """What the sources raised."""
        return tuple(source.error for source in self.sources if source.error)[: wire.MAX_ERRORS]


@dataclass(frozen=True)
class Reply:
    """The result of one call: the returned value and the arguments as they were after it, or the exception."""

    status: CallStatus
    result: Any = None
    arguments_after: tuple[Any, ...] = ()
    error: StudentError | None = None
