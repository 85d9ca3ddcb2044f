"""Measure how long a command runs, and how much memory all its processes hold together."""

from __future__ import annotations

import os
import platform
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.classes import ENVIRONMENT

PACKAGES = ("attention-course", "nbgrader", "nbconvert", "ipykernel", "SQLAlchemy", "numpy", "matplotlib")


@dataclass(frozen=True)
class Run:
    """A command's wall time in seconds, and the largest sum of its processes' memory in MB (0: not sampled)."""

    seconds: float
    megabytes: float = 0.0


def run(words: Sequence[str], cwd: Path, *, memory: bool = False) -> Run:
    """Run a command to its end; it must succeed."""
    start = time.perf_counter()
    with (
        open(cwd / "output.log", "w+b") as output,
        subprocess.Popen(words, cwd=cwd, env=ENVIRONMENT, stdout=output, stderr=output) as process,
    ):
        peak = [0]
        sampler = threading.Thread(target=_sample, args=(process, peak))
        if memory:
            sampler.start()
        process.wait()
        seconds = time.perf_counter() - start
        if memory:
            sampler.join()
        output.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}:\n{output.read().decode()[-2000:]}")
    return Run(seconds, peak[0] / 1024)


def machine() -> dict[str, Any]:
    """Return what a figure was measured on, and with."""
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    memory = Path("/proc/meminfo").read_text().split()[1]
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "cpu": cpu.partition(":")[2].strip(),
        "memory GB": round(int(memory) / 1024**2, 1),
        "kernel": platform.release(),
        "load before": os.getloadavg()[0],
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _sample(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_kilobytes, _family(process.pid))))
        time.sleep(0.1)


def _family(pid: int) -> list[int]:
    """A process and its descendants, whichever of its threads started them."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:  # it ended meanwhile
        return []
    return [pid, *(descendant for child in children for descendant in _family(child))]


def _kilobytes(pid: int) -> int:
    """A process's share of memory (PSS): what it has in common with others counts for each of them in part."""
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):  # another user's process shows only the second
        try:
            lines = Path(f"/proc/{pid}/{name}").read_text().splitlines()
        except OSError:
            continue
        return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
    return 0
