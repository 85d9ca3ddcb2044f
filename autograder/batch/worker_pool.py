"""Who does the work: processes of this machine. Each has one desk, and one sandbox with its own zygote."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from queue import Queue
from time import monotonic
from typing import Any, Protocol, TypeVar

from autograder.batch.submission_grader import SubmissionGrader
from autograder.sandbox import Level, host

T = TypeVar("T")
_MOMENT = 0.25  # seconds
_AHEAD = 16  # submissions that wait for each worker, so that none waits for us while we write
_PR_SET_PDEATHSIG = 1


class WorkerDied(Exception):
    """The worker that had a job ended before it was done."""


class WorkerPool(Protocol):
    """Calls functions of a desk somewhere; use it as a context manager."""

    @property
    def workers(self) -> int:
        """How many there are."""

    def levels(self, wanted: Level) -> list[str]:
        """The isolation that workers have; `SandboxError` where it is less than the wanted one."""

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have ``function(desk, *arguments)`` called."""


class ProcessPool:
    """Processes forked from this one: what is loaded here is loaded there.

    Each has a thread here that waits for it, and a pipe of its own: one that dies takes its own job along and nobody
    else's, and is replaced.
    """

    def __init__(self, desk: SubmissionGrader, workers: int) -> None:
        self.workers, self._desk = workers, desk
        self._idle: Queue[_Worker] = Queue()
        for _ in range(workers):
            self._idle.put(_Worker(desk))  # before there are threads
        self._threads = ThreadPoolExecutor(workers)
        self._stopping = False

    def __enter__(self) -> ProcessPool:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._stopping = kind is not None  # then nobody waits for what they do
        for process in multiprocessing.active_children() if self._stopping else ():
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()

    def levels(self, wanted: Level) -> list[str]:
        """The isolation that one of them has: all have the same."""
        return [self.submit(level, wanted).result()]

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have ``function(desk, *arguments)`` called in one of them."""
        return self._threads.submit(self._ask, function, *arguments)

    def _ask(self, function: Callable[..., T], *arguments: Any) -> T:
        worker = self._idle.get()
        try:
            answer = worker.ask(function, arguments)
        except (EOFError, OSError):
            if not self._stopping:
                worker.end()
                worker = _Worker(self._desk)
            raise WorkerDied("its process ended") from None
        finally:
            self._idle.put(worker)
        if isinstance(answer, _Raised):
            raise answer.error
        result: T = answer
        return result


@dataclass(frozen=True)
class _Raised:
    """An exception on its way through a pipe."""

    error: Exception


class _Worker:
    """A process and the pipe to it."""

    def __init__(self, desk: SubmissionGrader) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(desk, theirs, os.getpid()), daemon=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forked beside threads, which only wait for others
            self._process.start()
        theirs.close()

    def ask(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T | _Raised:
        """Have a function called there; `EOFError` or `OSError` where it is gone."""
        self._pipe.send((function, arguments))
        answer: T | _Raised = self._pipe.recv()
        return answer

    def end(self) -> None:
        """Let it end by itself; the other workers have its pipe, too, so closing that says nothing."""
        with contextlib.suppress(OSError):
            self._pipe.send(None)
        self._process.join()
        self._pipe.close()


def _serve(desk: SubmissionGrader, pipe: Connection, parent: int) -> None:
    """Be a worker until there is nothing more to do."""
    _begin(parent)
    while (request := pipe.recv()) is not None:
        function, arguments = request
        try:
            answer = function(desk, *arguments)
        except Exception as error:
            answer = _Raised(error)
        pipe.send(answer)


def _begin(parent: int) -> None:
    """A worker ends with the run, however that ends; Ctrl-C is the run's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Finalize(None, lambda: host.default_sandbox().close(), exitpriority=1)  # a worker runs no atexit
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def level(_: SubmissionGrader | None, wanted: Level) -> str:
    """The isolation of this process; `SandboxError` where it is less than the wanted one."""
    return str(host.default_sandbox().require_level(wanted))


@dataclass(frozen=True)
class Job:
    """A function of a desk to call for a student; ``about`` is the caller's own."""

    student: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    about: Any = None
    again: bool = False  # its worker died once
    began: float = field(default_factory=monotonic)


class JobQueue:
    """Jobs under way: a few ahead of the workers, so that a class need not fit into memory."""

    def __init__(self, crew: WorkerPool, next_job: Callable[[], Job | None]) -> None:
        """``next_job`` is asked whenever there is room, and says None where there is nothing to do at the moment."""
        self._crew, self._next = crew, next_job
        self.running: dict[Future[Any], Job] = {}

    @property
    def slowest(self) -> Job | None:
        """What is under way for longest."""
        return min(self.running.values(), key=lambda job: job.began, default=None)

    def done(self) -> Iterator[tuple[Job, Future[Any]] | None]:
        """Each job with its future, which is done; None where nothing came for a moment.

        A job whose worker died is given to another one once: it may have been anybody's fault.
        """
        while True:
            while len(self.running) < max(1, self._crew.workers) * _AHEAD and (job := self._next()):
                self._start(job)
            if not self.running:
                return
            finished, _ = wait(self.running, _MOMENT, FIRST_COMPLETED)
            for future in finished:
                job = self.running.pop(future)
                if isinstance(future.exception(), WorkerDied) and not job.again:
                    self._start(replace(job, again=True))
                else:
                    yield job, future
            if not finished:
                yield None

    def _start(self, job: Job) -> None:
        job = replace(job, began=monotonic())
        self.running[self._crew.submit(job.function, *job.arguments)] = job
