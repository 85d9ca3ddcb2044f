"""A crew on a Dask cluster: a submission is a task, and its bytes travel; so does, once to each worker, the assignment.

Neither the gradebook nor the course's secret is known there. A worker needs the package and nothing of the course's.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from autograder.bridge import table
from autograder.bridge.batch import crew
from autograder.bridge.batch.desk import Desk
from autograder.bridge.batch.task import Task, TaskError
from autograder.sandbox import Level, SandboxError

T = TypeVar("T")
_CONNECT, _WORKERS = 10, 30  # seconds to wait for the scheduler, for a first worker
_one_at_a_time = threading.Lock()  # a desk does one thing at a time, whatever number of threads a worker has
_here: tuple[Task, Desk, Any] | None = None  # a worker's task, desk and folder


class Cluster:
    """The workers that a scheduler has. Use it as a context manager."""

    def __init__(self, address: str, task: Task) -> None:
        """`TaskError` where there is no scheduler, or no worker."""
        try:
            from distributed import Client
        except ImportError:
            cure = "python -m pip install 'attention-course[cluster]'"
            raise TaskError(f"Dask is not installed, and --scheduler needs it. Run: {cure}") from None
        try:
            self._client = Client(address, timeout=_CONNECT)
        except (OSError, ValueError, TypeError) as error:
            cure = "Start one with: dask scheduler; its first lines name the address"
            raise TaskError(f"no Dask scheduler answers at {address} ({error}). {cure}") from None
        try:
            self._client.wait_for_workers(1, timeout=_WORKERS)
        except TimeoutError:
            self._client.close()
            raise TaskError(f"{address} has no workers. Start some with: dask worker {address} --nthreads 1") from None
        self._task = self._client.submit(_brought, task, pure=False)  # a lost worker costs only a repeat of this
        self._executor = self._client.get_executor(pure=False)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()  # and forgets what is under way

    @property
    def workers(self) -> int:
        """How many workers there are at the moment."""
        return max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    def levels(self, wanted: Level) -> list[str]:
        """The isolation of each worker; `SandboxError` or `TaskError` where one cannot be used."""
        found = self._client.run(_level, wanted, on_error="return")
        for worker, one in found.items():
            if isinstance(one, SandboxError):
                raise SandboxError(f"worker {worker}: {one}")
            if isinstance(one, Exception):
                cure = f"It needs Python packages as here: python -m pip install attention-course=={table.VERSION}"
                raise TaskError(f"worker {worker} cannot grade ({type(one).__name__}: {one}). {cure}")
            if one[1] != table.VERSION:
                raise TaskError(
                    f"worker {worker} has attention-course {one[1]}, here is {table.VERSION}. Install the same."
                )
        return [level for level, _ in found.values()]

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have ``function(desk, *arguments)`` called by one of them."""
        future: Future[T] = self._executor.submit(_call, function, self._task, *arguments)
        return future

    def again(self) -> None:
        """Nothing: the scheduler sees to it."""


def _brought(task: Task) -> Task:
    return task


def _level(wanted: Level) -> tuple[str, str]:
    return crew.level(None, wanted), table.VERSION


def _call(function: Callable[..., T], task: Task, *arguments: Any) -> T:
    with _one_at_a_time:
        return function(_desk(task), *arguments)


def _desk(task: Task) -> Desk:
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
        _here = task, Desk(task, Path(folder.name)), folder
    return _here[1]
