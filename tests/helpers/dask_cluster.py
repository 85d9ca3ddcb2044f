"""Start a Dask cluster for tests: a scheduler and workers as real processes on loopback, all ended afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.processes import descendants, dies_with_us
from tests.helpers.waiting import PATIENCE

_TESTS = Path(__file__).parents[1]
# This package whatever else is installed, and the tests' own functions: the scheduler, too, has to find what is sent.
_IMPORTABLE = os.pathsep.join(map(str, (_TESTS.parent, _TESTS)))


class Cluster:
    """A running scheduler and the workers that it was given; each worker is a nanny's, in one process group with it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._environment = folder, {**os.environ, "PYTHONPATH": _IMPORTABLE, **environment}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._file = folder / "scheduler.json"
        # Port 0 in full: a scheduler without a port takes 8786, which another may have.
        self._scheduler = self._start("scheduler", "--port", "0", "--no-dashboard")

    @property
    def address(self) -> str:
        """The address for clients; waits until the scheduler listens."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError, json.JSONDecodeError):  # not written yet, or half
                return str(json.loads(self._file.read_text())["address"])
            assert self._scheduler.poll() is None, self.log(0)
            assert time.monotonic() < deadline, self.log(0)
            time.sleep(0.05)

    def worker(self, *words: str) -> int:
        """Start a worker with one thread and return its number, counted from 1."""
        assert self.address
        common = ("--nthreads", "1", "--no-dashboard", "--memory-limit", "0", "--local-directory", str(self._folder))
        self._start("worker", *common, *words)
        return len(self._processes) - 1

    def kill(self, place: int) -> None:
        """End a worker and its nanny as a lost machine does: at once, and nobody starts it again. 0: the scheduler."""
        process = self._processes[place]
        for pid in descendants(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def log(self, place: int) -> str:
        """The output of a process."""
        return (self._folder / f"{place}.log").read_text(errors="replace")

    def stop(self) -> None:
        """End all processes, the scheduler last."""
        for place in reversed(range(len(self._processes))):
            self.kill(place)

    def _start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        command = [
            *dies_with_us(),
            sys.executable,
            "-m",
            "dask",
            what,
            "--scheduler-file",
            str(self._file),
            "--host",
            "127.0.0.1",
        ]
        with (self._folder / f"{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, *words], cwd=self._folder, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._processes.append(process)
        return process


@contextmanager
def running(workers: int = 2, **environment: str) -> Iterator[Cluster]:
    """A scheduler and some workers; more may be started, and each be killed."""
    with tempfile.TemporaryDirectory(prefix="cluster-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder), environment)
        try:
            for _ in range(workers):
                cluster.worker()
            yield cluster
        finally:
            cluster.stop()
