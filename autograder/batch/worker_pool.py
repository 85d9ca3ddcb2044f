"""Workers: processes of this machine, each with one `SubmissionGrader` and one sandbox with its fork server."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from queue import Queue
from typing import Any, Protocol, TypeVar

from autograder.batch.submission_grader import SubmissionGrader
from autograder.sandbox import Level, host

T = TypeVar("T")
_PR_SET_PDEATHSIG = 1  # prctl's number


class WorkerDiedError(Exception):
    """Raised by a future whose worker ended before the job was done."""


class WorkerPool(Protocol):
    """Calls functions with a worker's `SubmissionGrader`. Use it as a context manager."""

    def __enter__(self) -> WorkerPool: ...

    def __exit__(self, kind: object, *_: object) -> None: ...

    @property
    def workers(self) -> int:
        """The number of workers."""

    def isolation_levels(self, minimum: Level) -> list[str]:
        """Return the workers' isolation levels. Raises `SandboxError` if one is below the minimum."""

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Call ``function(grader, *arguments)`` in a worker."""


class ProcessPool:
    """Processes forked from this one: what is loaded here is loaded there.

    Each has its own pipe, and a thread here that waits for it. So a worker that dies takes only its own job along,
    and is replaced.
    """

    def __init__(self, grader: SubmissionGrader, workers: int) -> None:
        self.workers, self._grader = workers, grader
        self._idle: Queue[_Worker] = Queue()
        for _ in range(workers):
            self._idle.put(_Worker(grader))  # forked before there are threads
        self._threads = ThreadPoolExecutor(workers)
        self._aborted = False

    def __enter__(self) -> ProcessPool:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._aborted = kind is not None
        if self._aborted:
            # Nobody wants what they are doing any more.
            for process in multiprocessing.active_children():
                process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().stop()

    def isolation_levels(self, minimum: Level) -> list[str]:
        """Return the level of one worker, because all have the same. Raises `SandboxError` if it is too low."""
        return [self.submit(require_isolation, minimum).result()]

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Call ``function(grader, *arguments)`` in a worker."""
        return self._threads.submit(self._call, function, *arguments)

    def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        worker = self._idle.get()
        try:
            answer = worker.call(function, arguments)
        except (EOFError, OSError):
            if not self._aborted:
                worker.stop()
                worker = _Worker(self._grader)
            raise WorkerDiedError("its process ended") from None
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

    def __init__(self, grader: SubmissionGrader) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, worker_pipe = context.Pipe()
        self._process = context.Process(target=_serve, args=(grader, worker_pipe, os.getpid()), daemon=True)
        with warnings.catch_warnings():
            # Python warns about forking beside threads; the threads here only wait for other workers.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        worker_pipe.close()

    def call(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T | _Raised:
        """Call a function in the process. Raises `EOFError` or `OSError` if the process is gone."""
        self._pipe.send((function, arguments))
        answer: T | _Raised = self._pipe.recv()
        return answer

    def stop(self) -> None:
        """Ask the process to end, and wait for it."""
        # Closing the pipe would not be noticed: workers that were forked later hold it open.
        with contextlib.suppress(OSError):
            self._pipe.send(None)
        self._process.join()
        self._pipe.close()


def _serve(grader: SubmissionGrader, pipe: Connection, parent: int) -> None:
    """Answer requests until the main process asks to stop."""
    _tie_to_run(parent)
    while (request := pipe.recv()) is not None:
        function, arguments = request
        try:
            answer = function(grader, *arguments)
        except Exception as error:
            answer = _Raised(error)
        pipe.send(answer)


def _tie_to_run(parent: int) -> None:
    """Let this process end with the run, however that ends, and leave Ctrl-C to the main process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # multiprocessing ends its processes without atexit.
    Finalize(None, lambda: host.default_sandbox().close(), exitpriority=1)
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def require_isolation(_: SubmissionGrader | None, minimum: Level) -> str:
    """Return the isolation level of this process. Raises `SandboxError` if it is below the minimum."""
    return str(host.default_sandbox().require_level(minimum))
