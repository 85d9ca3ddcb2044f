"""What isolation costs: a submission in the sandbox compared with the same one in a bare fork, as a ratio.

    python benchmarks/sandbox.py                      ratios, boot and probe
    python benchmarks/sandbox.py --many 10000         a long run with one fork server: memory, descriptors, p99
    ... --json FILE, --picture FILE                   the figures, and the memory curve of --many

Both sides load the same five cells, answer the same 50 calls over two pipes of the same kind, and are killed through a
pidfd; they take turns, so that a noisy machine disturbs both alike.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograder.sandbox import (
    CallStatus,
    FunctionSession,
    Level,
    Limits,
    Program,
    Sandbox,
    SandboxError,
    child_process,
    isolation,
)

sys.path.insert(0, str(isolation.INSIDE))  # as in the fork server, worker.py is a script there
import worker

CELLS = (
    "import numpy as np\nrng = np.random.default_rng(0)\nscores = rng.normal(size=(5, 7))",
    "def shifted(scores, axis):\n    return scores - scores.max(axis=axis, keepdims=True)",
    "def softmax(scores, axis=-1):\n    powers = np.exp(shifted(scores, axis))\n"
    "    return powers / powers.sum(axis=axis, keepdims=True)",
    "weights = softmax(scores)\nprint(weights.round(2))",
    "assert np.allclose(weights.sum(axis=-1), 1)\nprint('rows are weights')",
)
PROGRAM = Program(tuple((f"code cell {n}", cell) for n, cell in enumerate(CELLS, start=1)), "softmax")
CALLS = [np.random.default_rng(n).normal(size=(3 + n % 5, 4 + n % 7)) for n in range(50)]
LIMITS = Limits()


class Bare:
    """Takes the place of the sandbox: a fork of this process that gives up no rights."""

    level = Level.PROCESS

    def require_level(self, minimum: Level) -> Level:
        """Accept any requirement."""
        return self.level

    def start_process(self, memory_mb: int, seconds: float, preload: object = ()) -> child_process.ChildProcess:
        """Fork a process that serves requests over two pipes."""
        child_requests, requests = os.pipe()
        replies, child_replies = os.pipe()
        pid = os.fork()
        if not pid:
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            worker.main(child_requests, child_replies)
        os.close(child_requests)
        os.close(child_replies)
        for descriptor in (requests, replies):
            os.set_blocking(descriptor, False)
        forked = child_process.ChildProcess(pid, os.pidfd_open(pid), requests, replies, None)
        forked.exchange(b"", time.monotonic() + 5)
        return forked

    def is_alive(self) -> bool:
        """Return True: there is no fork server that could end."""
        return True


def submission(sandbox: Any) -> float:
    """Seconds for one submission: start, five cells, 50 calls, end."""
    start = time.perf_counter()
    with FunctionSession(PROGRAM, LIMITS, sandbox) as session:
        statuses = {session.call((scores,), {}).status for scores in CALLS}
    seconds = time.perf_counter() - start
    assert statuses == {CallStatus.RETURNED}, statuses
    if isinstance(sandbox, Bare):
        os.waitpid(-1, 0)
    return seconds


def compare(sandbox: Sandbox, rounds: int) -> dict[str, Any]:
    """The ratio of the sandbox to a bare fork, taken in turns."""
    bare = Bare()
    for side in (sandbox, bare):
        submission(side)
    gc.collect()
    gc.freeze()
    confined, unconfined = [], []
    for number in range(rounds):
        runs: list[Callable[[], None]] = [
            lambda: confined.append(submission(sandbox)),
            lambda: unconfined.append(submission(bare)),
        ]
        for run in runs if number % 2 else reversed(runs):
            run()
    return {
        "ratio": statistics.median(confined) / statistics.median(unconfined),
        "ratio of the fastest tenths": spread(confined)["p10 ms"] / spread(unconfined)["p10 ms"],
        "ratio of pairs": statistics.median(a / b for a, b in zip(confined, unconfined, strict=True)),
        "sandbox": spread(confined),
        "bare fork": spread(unconfined),
    }


def spread(seconds: list[float]) -> dict[str, float]:
    """Head, median and tail, in milliseconds; a busy machine leaves only the head alone."""
    cuts = statistics.quantiles(seconds, n=100)
    return {"p10 ms": cuts[9] * 1e3, "median ms": cuts[49] * 1e3, "p95 ms": cuts[94] * 1e3, "p99 ms": cuts[98] * 1e3}


def boot(level: Level, times: int) -> float:
    """Milliseconds until a fork server of that level has started and forked a first process."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        with Sandbox((level,)) as sandbox:
            assert sandbox.level is level
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds) * 1e3


def probe(times: int) -> float:
    """Milliseconds to find the level in a fresh process, without Python's own start."""
    code = (
        "import time; from autograder.sandbox import Sandbox; start = time.perf_counter(); "
        "sandbox = Sandbox(); sandbox.level; print(time.perf_counter() - start); sandbox.close()"
    )
    words = [sys.executable, "-c", code]
    return 1e3 * statistics.median(float(subprocess.check_output(words)) for _ in range(times))


def many(sandbox: Sandbox, count: int) -> dict[str, Any]:
    """A long run with one fork server: its times, and at intervals what it holds."""
    curve, seconds = [], []
    for number in range(1, count + 1):
        seconds.append(submission(sandbox))
        if number % max(1, count // 100) == 0 or number in (1, 500):
            curve.append({"submissions": number, **holds(sandbox)})
    early = next(point for point in curve if point["submissions"] >= min(500, count))
    last = curve[-1]
    return {
        "level": sandbox.level,
        "submissions": count,
        **spread(seconds),
        "p99 / median": statistics.quantiles(seconds, n=100)[98] / statistics.median(seconds),
        "host's memory, end / after 500": last["host kB"] / early["host kB"],
        "fork server's memory, end / after 500": last["fork server kB"] / early["fork server kB"],
        "descriptors, after 500 and at the end": [early["descriptors"], last["descriptors"]],
        "processes, after 500 and at the end": [early["processes"], last["processes"]],
        "mounts, after 500 and at the end": [early["mounts"], last["mounts"]],
        "curve": curve,
    }


def holds(sandbox: Sandbox) -> dict[str, int]:
    """Memory, descriptors, processes and mounts of host and fork server."""
    assert sandbox._fork_server is not None
    assert sandbox._fork_server._process is not None
    processes = family(sandbox._fork_server._process.pid)
    return {
        "host kB": resident(os.getpid()),
        "fork server kB": sum(map(resident, processes)),
        "descriptors": sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in (os.getpid(), *processes)),
        "processes": len(processes),
        "mounts": sum(Path(f"/proc/{pid}/mountinfo").read_text().count("\n") for pid in (os.getpid(), *processes)),
    }


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(descendant for number in children for descendant in family(int(number)))]


def resident(pid: int) -> int:
    """Kilobytes of memory that a process does not share with others."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)


def picture(run: dict[str, Any], path: Path) -> None:
    """The memory curve."""
    from matplotlib import pyplot as plt

    _, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for name in ("host", "fork server"):
        axes.plot(
            [point["submissions"] for point in run["curve"]],
            [point[f"{name} kB"] / 1024 for point in run["curve"]],
            label=name,
        )
    axes.set(xlabel="submissions", ylabel="anonymous memory, MB", ylim=(0, None))
    axes.legend()
    plt.savefig(path, dpi=120)


def main() -> None:
    """Measure, print, and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--many", type=int, metavar="N")
    parser.add_argument("--level", type=Level, choices=list(Level), help="only this one")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--picture", type=Path, metavar="FILE")
    options = parser.parse_args()
    figures: dict[str, Any] = {
        "python": platform.python_version(),
        "kernel": platform.release(),
        "cores": os.cpu_count(),
    }
    if options.many:
        with Sandbox([options.level] if options.level else list(Level)) as sandbox:
            figures["many"] = many(sandbox, options.many)
        print(json.dumps({**figures["many"], "curve": "..."}, indent=2))
        if options.picture:
            picture(figures["many"], options.picture)
    else:
        times = min(5, options.rounds)
        figures["probe ms"] = probe(times)
        print(f"probe {figures['probe ms']:.0f} ms")
        for level in [options.level] if options.level else list(Level):
            try:
                with Sandbox((level,)) as sandbox:
                    figures[level] = {**compare(sandbox, options.rounds), "boot ms": boot(level, times)}
            except SandboxError as error:
                print(f"{level}: not here: {error}")
                continue
            result = figures[level]
            print(
                f"{level}: {result['ratio']:.2f} x a bare fork ({result['ratio of pairs']:.2f} in pairs, "
                f"{result['ratio of the fastest tenths']:.2f} of the fastest tenths; "
                f"{result['sandbox']['median ms']:.1f} and {result['bare fork']['median ms']:.1f} ms, "
                f"p99 {result['sandbox']['p99 ms']:.1f}), boot {result['boot ms']:.0f} ms"
            )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
