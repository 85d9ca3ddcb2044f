"""Jobs under way: how many are made ahead, and what happens when a worker dies."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from autograder.batch.job_queue import MAX_JOBS_PER_WORKER, Job, JobQueue
from autograder.batch.worker_pool import WorkerDiedError


class FakePool:
    """A pool of one worker that does nothing until a test makes it."""

    workers = 1

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def __enter__(self) -> FakePool:
        return self

    def __exit__(self, kind: object, *_: object) -> None: ...

    def isolation_levels(self, minimum: Any) -> list[str]:
        return []

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.futures.append(future)
        return future


def job(student: str) -> Job:
    return Job(student, print, (), lambda future: None)


def test_only_a_few_jobs_are_made_ahead_of_the_worker() -> None:
    pool = FakePool()
    made = []

    def next_job(is_idle: bool) -> Job:
        made.append(is_idle)
        return job("ann")

    finished = JobQueue(pool, next_job).run()
    assert next(finished) is None  # none finished for a moment
    assert made == [True] + [False] * (MAX_JOBS_PER_WORKER - 1)
    pool.futures[0].set_result(1)
    assert next(finished) is not None


def test_the_queue_ends_when_nothing_runs_and_there_is_no_job() -> None:
    assert list(JobQueue(FakePool(), lambda is_idle: None).run()) == []


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_job_whose_worker_died_is_tried_once_more(deaths: int) -> None:
    pool = FakePool()
    jobs = [job("ann")]
    queue = JobQueue(pool, lambda is_idle: jobs.pop() if jobs else None)
    finished = queue.run()
    assert next(finished) is None
    pool.futures[0].set_exception(WorkerDiedError("its process ended"))
    assert next(finished) is None
    assert queue.slowest is not None
    assert queue.slowest.is_retry
    if deaths == 1:
        pool.futures[1].set_result("done")
    else:
        pool.futures[1].set_exception(WorkerDiedError("its process ended"))
    result = next(finished)
    assert result is not None
    assert (result[1].exception() is None) is (deaths == 1)
    assert list(finished) == []
    assert len(pool.futures) == 2
