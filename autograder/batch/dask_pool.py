"""A crew on a Dask cluster: a submission is a task, and its bytes travel; so does, once to each worker, the assignment.

Neither the gradebook nor the course's secret is known there. A worker needs the package and nothing of the course's.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any, TypeVar

from autograder.batch import worker_pool
from autograder.batch.assignment_bundle import AssignmentBundle, BatchError
from autograder.batch.submission_grader import SubmissionGrader
from autograder.gradebook import verdict_table
from autograder.sandbox import Level, SandboxError

T = TypeVar("T")
_CONNECT, _WORKERS = 10, 30  # seconds to wait for the scheduler, for a first worker
_one_at_a_time = threading.Lock()  # a desk does one thing at a time, whatever number of threads a worker has
_here: tuple[AssignmentBundle, SubmissionGrader, Any] | None = None  # a worker's task, desk and folder


class DaskPool:
    """The workers that a scheduler has. Use it as a context manager."""

    def __init__(self, address: str, task: AssignmentBundle) -> None:
        """`TaskError` where there is no scheduler, or no worker."""
        try:
            from distributed import Client
        except ImportError:
            cure = "python -m pip install 'attention-course[cluster]'"
            raise BatchError(f"Dask is not installed, and --scheduler needs it. Run: {cure}") from None
        _knock(address)
        self._client = Client(address, timeout=_CONNECT)
        try:
            self._client.wait_for_workers(1, timeout=_WORKERS)
            self._compare_versions()
        except TimeoutError:
            self._client.close()
            raise BatchError(f"{address} has no workers. Start some with: dask worker {address} --nthreads 1") from None
        except BatchError:
            self._client.close()
            raise
        self._task = self._client.submit(_brought, task, pure=False)  # a lost worker costs only a repeat of this
        self._executor = self._client.get_executor(pure=False)

    def __enter__(self) -> DaskPool:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()  # and forgets what is under way

    @property
    def workers(self) -> int:
        """How many workers there are at the moment; `CancelledError` where there is no scheduler any more."""
        try:
            return len(self._client.nthreads())
        except OSError:
            raise CancelledError from None

    def levels(self, wanted: Level) -> list[str]:
        """The isolation of each worker; `SandboxError` or `TaskError` where one cannot be used."""
        found = self._client.run(worker_pool.level, None, wanted, on_error="return")
        for worker, one in found.items():
            if isinstance(one, Exception):
                raise SandboxError(f"worker {worker}: {one}")
        return list(found.values())

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have ``function(desk, *arguments)`` called by one of them."""
        future: Future[T] = self._executor.submit(_call, function, self._task, *arguments)
        return future

    def _compare_versions(self) -> None:
        """`TaskError` where somebody has not our version: without it a worker would fall silent for ever."""
        here, name = verdict_table.VERSION, "attention-course"
        versions: Any = self._client.get_versions(packages=[name])
        found = {
            "the scheduler": versions["scheduler"],
            **{f"worker {one}": v for one, v in versions["workers"].items()},
        }
        for who, about in found.items():
            there = about["packages"].get(name)
            if there != here:
                has = f"has {name} {there}" if there else f"has no {name}"
                raise BatchError(f"{who} {has}; here is {here}. Install there: {name}[cluster]=={here}")


def _knock(address: str) -> None:
    """`TaskError` where no scheduler listens. A `Client` would wait for ever for a port that says nothing."""
    from distributed.comm.core import connect

    async def knock() -> None:
        comm = await asyncio.wait_for(connect(address, timeout=_CONNECT), _CONNECT)
        comm.abort()

    try:
        asyncio.run(knock())
    except (OSError, ValueError, TimeoutError) as error:
        why, cure = str(error) or "it says nothing", "Start one with: dask scheduler; its first lines name the address"
        raise BatchError(f"no Dask scheduler answers at {address} ({why}). {cure}") from None


def _brought(task: AssignmentBundle) -> AssignmentBundle:
    return task


def _call(function: Callable[..., T], task: AssignmentBundle, *arguments: Any) -> T:
    with _one_at_a_time:
        return function(_desk(task), *arguments)


def _desk(task: AssignmentBundle) -> SubmissionGrader:
    """This worker's desk, in a folder with the course's files."""
    global _here
    if _here is None or _here[0] is not task:
        from distributed import get_worker

        folder = tempfile.TemporaryDirectory(
            dir=get_worker().local_directory
        )  # goes with the worker, however that ends
        for name, data in task.files.items():
            path = Path(folder.name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _here = task, SubmissionGrader(task, Path(folder.name)), folder
    return _here[1]
