"""Requests to student code and their results: frozen data, for the callers of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autograder.sandbox.isolation import Level


@dataclass(frozen=True)
class Limits:
    """Limits of time and memory for one submission, and the isolation that it needs.

    ``seconds`` limits loading and each call, ``total_seconds`` all of them together. ``isolation`` is the weakest level
    that the submission may run at.
    """

    seconds: float = 5.0
    total_seconds: float = 60.0
    memory_mb: int = 2048
    isolation: str = Level.PROCESS


@dataclass(frozen=True)
class Program:
    """The code to load: ``sources``, pairs of name and text, run in one namespace, which must then define ``function``.

    ``helpers`` names modules of the course. Student code can import them, but in the sandbox they do nothing.
    """

    sources: tuple[tuple[str, str], ...]
    function: str
    helpers: tuple[str, ...] = ()


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
class LoadResult:
    """The result of running the sources: whether the function is defined and callable, and what the sources raised."""

    status: CallStatus
    defined: bool = False
    callable: bool = False
    errors: tuple[StudentError, ...] = ()


@dataclass(frozen=True)
class Reply:
    """The result of one call: the returned value and the arguments as they were after it, or the exception."""

    status: CallStatus
    result: Any = None
    arguments_after: tuple[Any, ...] = ()
    error: StudentError | None = None
