"""The jobs of a run: a few are always ahead of the workers, and one whose worker died is tried once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from autograder.batch.worker_pool import WorkerDiedError, WorkerPool

MAX_JOBS_PER_WORKER = 16  # waiting, so that no worker is idle while the main process writes
_POLL_SECONDS = 0.25


@dataclass(frozen=True)
class Job:
    """A call of ``function(grader, *arguments)`` in a worker, for a student.

    Afterwards the main process calls ``handle_result`` with the finished future.
    """

    student: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    handle_result: Callable[[Future[Any]], None]
    is_retry: bool = False
    started: float = field(default_factory=monotonic)


class JobQueue:
    """Jobs under way. They are made when there is room for them, so that a class need not fit into memory."""

    def __init__(self, pool: WorkerPool, next_job: Callable[[bool], Job | None]) -> None:
        """``next_job(is_idle)`` returns a job, or None if there is none at the moment.

        ``is_idle`` tells it that nothing is under way: if it returns None then, the queue ends.
        """
        self._pool, self._next_job = pool, next_job
        self._running: dict[Future[Any], Job] = {}

    @property
    def slowest(self) -> Job | None:
        """The job that has been under way for longest."""
        return min(self._running.values(), key=lambda job: job.started, default=None)

    def run(self) -> Iterator[tuple[Job, Future[Any]] | None]:
        """Yield each job with its finished future, and None whenever none finished for a moment.

        A job whose worker died is given to another worker once: somebody may have killed the worker.
        """
        while True:
            self._fill()
            if not self._running:
                return
            finished, _ = wait(self._running, _POLL_SECONDS, FIRST_COMPLETED)
            for future in finished:
                job = self._running.pop(future)
                if isinstance(future.exception(), WorkerDiedError) and not job.is_retry:
                    self._start(replace(job, is_retry=True))
                else:
                    yield job, future
            if not finished:
                yield None

    def _fill(self) -> None:
        while len(self._running) < max(1, self._pool.workers) * MAX_JOBS_PER_WORKER:
            job = self._next_job(not self._running)
            if job is None:
                return
            self._start(job)

    def _start(self, job: Job) -> None:
        job = replace(job, started=monotonic())
        self._running[self._pool.submit(job.function, *job.arguments)] = job
