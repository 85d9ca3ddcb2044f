"""What is asked of a submission, and how that ended: frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autograder.sandbox.isolation import Level


@dataclass(frozen=True)
class Limits:
    """What one submission may use. ``seconds`` holds for loading and for each call, ``total_seconds`` for all of it.

    ``isolation`` is the weakest level of the sandbox that may be graded at.
    """

    seconds: float = 5.0
    total_seconds: float = 60.0
    memory_mb: int = 2048
    isolation: str = Level.PROCESS


@dataclass(frozen=True)
class Program:
    """What to load: named sources that run in order in one namespace, and the function to find there afterwards.

    ``helpers`` are modules of the course that can be imported and do nothing.
    """

    sources: tuple[tuple[str, str], ...]
    function: str
    helpers: tuple[str, ...] = ()


class CallStatus(StrEnum):
    """How a request ended."""

    RETURNED = "returned"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    OUT_OF_TIME = "out_of_time"  # the submission's total is used up: nothing was asked


@dataclass(frozen=True)
class StudentError:
    """An exception of the student's: its built-in kind, its text and where it was raised."""

    type_name: str
    message: str = ""
    source_name: str = ""
    line: int | None = None


@dataclass(frozen=True)
class LoadResult:
    """What loading left behind."""

    status: CallStatus
    defined: bool = False
    callable: bool = False
    errors: tuple[StudentError, ...] = ()


@dataclass(frozen=True)
class Reply:
    """The answer to one call: the result, and the arguments as they were after the call."""

    status: CallStatus
    result: Any = None
    arguments_after: tuple[Any, ...] = ()
    error: StudentError | None = None
