"""Workers on a Dask cluster: the assignment travels to each worker once, then each submission as bytes.

The gradebook and the course's secret stay here. A worker needs this package, and no file of the course.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder.batch.assignment_bundle import AssignmentBundle, BatchError
from autograder.batch.submission_grader import SubmissionGrader
from autograder.batch.worker_pool import require_isolation
from autograder.gradebook import verdict_table
from autograder.sandbox import Level, SandboxError

T = TypeVar("T")
PACKAGE = "attention-course"
CONNECT_SECONDS, WORKER_SECONDS = 10, 30  # to wait for the scheduler, and for a first worker


class DaskPool:
    """The workers of a Dask scheduler. Use it as a context manager."""

    def __init__(self, address: str, bundle: AssignmentBundle) -> None:
        """Connect. Raises `BatchError` if there is no scheduler, no worker, or another version somewhere."""
        try:
            from distributed import Client
        except ImportError:
            install = f"python -m pip install '{PACKAGE}[cluster]'"
            raise BatchError(f"--scheduler needs Dask, which is not installed. Run: {install}") from None
        _check_scheduler(address)
        self._client = Client(address, timeout=CONNECT_SECONDS)
        try:
            self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
            self._check_versions()
        except TimeoutError:
            self._client.close()
            raise BatchError(f"{address} has no workers. Start some with: dask worker {address} --nthreads 1") from None
        except BatchError:
            self._client.close()
            raise
        # A task's result, not scattered data: if the worker that holds it is lost, another repeats the task.
        self._bundle = self._client.submit(_same, bundle, pure=False)
        self._executor = self._client.get_executor(pure=False)

    def __enter__(self) -> DaskPool:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()  # this also cancels what is under way

    @property
    def workers(self) -> int:
        """The current number of workers. Raises `CancelledError` if the scheduler is gone."""
        try:
            return len(self._client.nthreads())
        except OSError:
            raise CancelledError from None

    def isolation_levels(self, minimum: Level) -> list[str]:
        """Return the isolation level of each worker. Raises `SandboxError` if one is too low."""
        levels = self._client.run(require_isolation, None, minimum, on_error="return")
        for worker, level in levels.items():
            if isinstance(level, Exception):
                raise SandboxError(f"worker {worker}: {level}")
        return list(levels.values())

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Call ``function(grader, *arguments)`` in a worker."""
        future: Future[T] = self._executor.submit(_call, function, self._bundle, *arguments)
        return future

    def _check_versions(self) -> None:
        """Raise `BatchError` if scheduler or a worker has another version of this package, or none."""
        # A scheduler or worker that cannot unpickle what it gets would never answer.
        versions: Any = self._client.get_versions(packages=[PACKAGE])
        processes = {f"worker {worker}": info for worker, info in versions["workers"].items()}
        for process, info in {"the scheduler": versions["scheduler"], **processes}.items():
            version = info["packages"].get(PACKAGE)
            if version != verdict_table.VERSION:
                has = f"has {PACKAGE} {version}" if version else f"has no {PACKAGE}"
                install = f"Install there: {PACKAGE}[cluster]=={verdict_table.VERSION}"
                raise BatchError(f"{process} {has}, but this machine has {verdict_table.VERSION}. {install}")


def _check_scheduler(address: str) -> None:
    """Raise `BatchError` if no scheduler listens. A `Client` would wait forever for a port that never answers."""
    from distributed.comm.core import connect

    async def connect_once() -> None:
        connection = await asyncio.wait_for(connect(address, timeout=CONNECT_SECONDS), CONNECT_SECONDS)
        connection.abort()

    try:
        asyncio.run(connect_once())
    except (OSError, ValueError, TimeoutError) as error:
        raise BatchError(
            f"no Dask scheduler answers at {address} ({str(error) or 'no reply'}). "
            "Start one with: dask scheduler; its first lines print the address"
        ) from None


# What follows runs in a Dask worker.


@dataclass(frozen=True)
class _WorkerState:
    """The grader that a worker reuses for every job of an assignment, and the folder it works in."""

    bundle: AssignmentBundle
    grader: SubmissionGrader
    folder: tempfile.TemporaryDirectory[str]


_state: _WorkerState | None = None
_one_job_at_a_time = threading.Lock()  # a grader is not thread-safe, and a worker may have many threads


def _same(bundle: AssignmentBundle) -> AssignmentBundle:
    return bundle


def _call(function: Callable[..., T], bundle: AssignmentBundle, *arguments: Any) -> T:
    with _one_job_at_a_time:
        return function(_grader(bundle), *arguments)


def _grader(bundle: AssignmentBundle) -> SubmissionGrader:
    """Return this worker's grader, in a folder with the course's files."""
    global _state
    if _state is None or _state.bundle is not bundle:
        from distributed import get_worker

        # Below the worker's directory, which is removed with the worker however that ends.
        folder = tempfile.TemporaryDirectory(dir=get_worker().local_directory)
        for name, content in bundle.course_files.items():
            path = Path(folder.name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _state = _WorkerState(bundle, SubmissionGrader(bundle, Path(folder.name)), folder)
    return _state.grader
