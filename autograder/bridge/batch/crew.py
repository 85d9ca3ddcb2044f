"""Who does the work: processes of this machine. Each has one desk, and one sandbox with its own zygote."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from multiprocessing.util import Finalize
from time import monotonic
from typing import Any, Protocol, TypeVar

from autograder.bridge.batch.desk import Desk
from autograder.sandbox import Level, host

T = TypeVar("T")
_MOMENT = 0.25  # seconds
_AHEAD = 3  # submissions that wait for each worker, so that none waits for us
_PR_SET_PDEATHSIG = 1
_desk: Desk | None = None


class Crew(Protocol):
    """Calls functions of a desk somewhere; use it as a context manager."""

    @property
    def workers(self) -> int:
        """How many there are."""

    def levels(self, wanted: Level) -> list[str]:
        """The isolation that workers have; `SandboxError` where it is less than the wanted one."""

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have ``function(desk, *arguments)`` called."""

    def again(self) -> None:
        """Make it ready again after a `BrokenExecutor`."""


class Local:
    """Processes forked from this one: what is loaded here is loaded there."""

    def __init__(self, desk: Desk, workers: int) -> None:
        self.workers, self._desk = workers, desk
        self._pool = self._start()

    def __enter__(self) -> Local:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for worker in multiprocessing.active_children() if kind else ():  # nobody waits for what they do,
            worker.terminate()  # and their zygotes end with them
        if kind:  # the pool would wait for the rest of a result that a worker was sending
            self._pool._result_queue._writer.close()  # type: ignore[attr-defined]
        self._pool.shutdown(wait=True, cancel_futures=True)

    def levels(self, wanted: Level) -> list[str]:
        """The isolation that one of them has: all have the same."""
        return [self.submit(level, wanted).result()]

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have ``function(desk, *arguments)`` called in one of them."""
        try:
            return self._pool.submit(_call, function, *arguments)
        except BrokenExecutor:  # one died since we last looked; what it and the others had is asked for again later
            self.again()
            return self._pool.submit(_call, function, *arguments)

    def again(self) -> None:
        """Start new ones."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._start()

    def _start(self) -> Executor:
        context = multiprocessing.get_context("fork")
        return ProcessPoolExecutor(self.workers, context, initializer=_begin, initargs=(self._desk, os.getpid()))


def _begin(desk: Desk, parent: int) -> None:
    """A worker ends with the run, however that ends; Ctrl-C is the run's to handle."""
    global _desk
    _desk = desk
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Finalize(None, lambda: host.default().close(), exitpriority=1)  # a worker runs no atexit
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _call(function: Callable[..., T], *arguments: Any) -> T:
    return function(_desk, *arguments)


def level(_: Desk | None, wanted: Level) -> str:
    """The isolation of this process; `SandboxError` where it is less than the wanted one."""
    return str(host.default().at_least(wanted))


@dataclass(frozen=True)
class Job:
    """A function of a desk to call for a student; ``about`` is the caller's own."""

    student: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    about: Any = None
    began: float = field(default_factory=monotonic)


class Work:
    """Jobs under way: a few ahead of the workers, so that a class need not fit into memory."""

    def __init__(self, crew: Crew, next_job: Callable[[], Job | None]) -> None:
        """``next_job`` is asked whenever there is room, and says None where there is nothing to do at the moment."""
        self._crew, self._next = crew, next_job
        self.running: dict[Future[Any], Job] = {}

    @property
    def slowest(self) -> Job | None:
        """What is under way for longest."""
        return min(self.running.values(), key=lambda job: job.began, default=None)

    def done(self) -> Iterator[tuple[Job, Future[Any]] | None]:
        """Each job with its future, which is done; None where nothing came for a moment.

        Where a worker died, nobody knows whose fault it was: the jobs that were under way are done again one by one,
        and the one that ends its worker alone has failed.
        """
        suspects: deque[Job] = deque()
        while True:
            if not suspects:
                while len(self.running) < self._crew.workers * _AHEAD and (job := self._next()):
                    self._start(job)
            elif not self.running:
                self._start(suspects.popleft())
            if not self.running:
                return
            finished, _ = wait(self.running, _MOMENT, FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenExecutor) for future in finished):
                finished, _ = wait(self.running)  # the others' end is as near
            alone, broken = len(self.running) == 1, []
            for future in finished:
                job = self.running.pop(future)
                if isinstance(future.exception(), BrokenExecutor):
                    broken.append(job)
                if alone or not isinstance(future.exception(), BrokenExecutor):
                    yield job, future
            if broken:
                suspects.extend([] if alone else broken)
                self._crew.again()
            if not finished:
                yield None

    def _start(self, job: Job) -> None:
        job = replace(job, began=monotonic())
        self.running[self._crew.submit(job.function, *job.arguments)] = job
