"""What isolation costs: a submission in the sandbox against the same one in a bare fork, side by side, as a ratio.

    python benchmarks/sandbox.py                      ratios, boot and probe
    python benchmarks/sandbox.py --many 10000         one zygote for a long run: memory, descriptors, processes, p99
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

sys.path.insert(0, str(isolation.INSIDE))  # the child's side is a script's neighbour and no part of the package there
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
    """In the sandbox's place: a fork of this process, and nothing taken away from it."""

    level = Level.PROCESS

    def require_level(self, wanted: Level) -> Level:
        """Nothing is asked of it."""
        return self.level

    def start_process(self, memory_mb: int, seconds: float, warm: object = ()) -> child_process.ChildProcess:
        """A process that serves over two pipes."""
        its_requests, requests = os.pipe()
        replies, its_replies = os.pipe()
        pid = os.fork()
        if not pid:
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            worker.main(its_requests, its_replies)
        os.close(its_requests)
        os.close(its_replies)
        for descriptor in (requests, replies):
            os.set_blocking(descriptor, False)
        forked = child_process.ChildProcess(pid, os.pidfd_open(pid), requests, replies, None)
        forked.exchange(b"", time.monotonic() + 5)
        return forked

    def is_alive(self) -> bool:
        """It is this process."""
        return True


def submission(sandbox: Any) -> float:
    """Seconds for one submission: start, five cells, 50 calls, end."""
    start = time.perf_counter()
    with FunctionSession(PROGRAM, LIMITS, sandbox) as session:
        endings = {session.call((scores,), {}).status for scores in CALLS}
    seconds = time.perf_counter() - start
    assert endings == {CallStatus.RETURNED}, endings
    if isinstance(sandbox, Bare):
        os.waitpid(-1, 0)
    return seconds


def pairs(sandbox: Sandbox, rounds: int) -> dict[str, Any]:
    """The ratio of the sandbox to a bare fork, taken in turns."""
    bare = Bare()
    for one in (sandbox, bare):
        submission(one)
    gc.collect()
    gc.freeze()
    ours, theirs = [], []
    for number in range(rounds):
        sides: list[Callable[[], None]] = [
            lambda: ours.append(submission(sandbox)),
            lambda: theirs.append(submission(bare)),
        ]
        for side in sides if number % 2 else reversed(sides):
            side()
    return {
        "ratio": statistics.median(ours) / statistics.median(theirs),
        "ratio of the fastest tenths": spread(ours)["p10 ms"] / spread(theirs)["p10 ms"],
        "ratio of pairs": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        "sandbox": spread(ours),
        "bare fork": spread(theirs),
    }


def spread(seconds: list[float]) -> dict[str, float]:
    """Head, median and tail, in milliseconds; a busy machine leaves only the head alone."""
    cuts = statistics.quantiles(seconds, n=100)
    return {"p10 ms": cuts[9] * 1e3, "median ms": cuts[49] * 1e3, "p95 ms": cuts[94] * 1e3, "p99 ms": cuts[98] * 1e3}


def boot(level: Level, times: int = 5) -> float:
    """Milliseconds until a zygote of that level is there and has had one child."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        with Sandbox((level,)) as sandbox:
            assert sandbox.level is level
            found.append(time.perf_counter() - start)
    return statistics.median(found) * 1e3


def probe(times: int = 5) -> float:
    """Milliseconds to find the level in a fresh process, without Python's own start."""
    code = (
        "import time; from autograder.sandbox import Sandbox; start = time.perf_counter(); "
        "sandbox = Sandbox(); sandbox.level; print(time.perf_counter() - start); sandbox.close()"
    )
    words = [sys.executable, "-c", code]
    return 1e3 * statistics.median(float(subprocess.check_output(words)) for _ in range(times))


def many(sandbox: Sandbox, count: int) -> dict[str, Any]:
    """A long run through one zygote: times, and now and then what it holds."""
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
        "judge's memory, end / after 500": last["judge kB"] / early["judge kB"],
        "zygote's memory, end / after 500": last["zygote kB"] / early["zygote kB"],
        "descriptors, after 500 and at the end": [early["descriptors"], last["descriptors"]],
        "processes, after 500 and at the end": [early["processes"], last["processes"]],
        "mounts, after 500 and at the end": [early["mounts"], last["mounts"]],
        "curve": curve,
    }


def holds(sandbox: Sandbox) -> dict[str, int]:
    """Memory, descriptors, processes and mounts of judge and zygote."""
    assert sandbox._fork_server is not None
    assert sandbox._fork_server._process is not None
    zygote = family(sandbox._fork_server._process.pid)
    return {
        "judge kB": resident(os.getpid()),
        "zygote kB": sum(map(resident, zygote)),
        "descriptors": sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in (os.getpid(), *zygote)),
        "processes": len(zygote),
        "mounts": sum(Path(f"/proc/{pid}/mountinfo").read_text().count("\n") for pid in (os.getpid(), *zygote)),
    }


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for number in children for one in family(int(number)))]


def resident(pid: int) -> int:
    """Kilobytes of its own that a process holds in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)


def picture(run: dict[str, Any], path: Path) -> None:
    """The memory curve."""
    from matplotlib import pyplot as plt

    _, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for name in ("judge", "zygote"):
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
    found: dict[str, Any] = {"python": platform.python_version(), "kernel": platform.release(), "cores": os.cpu_count()}
    if options.many:
        with Sandbox([options.level] if options.level else list(Level)) as sandbox:
            found["many"] = many(sandbox, options.many)
        print(json.dumps({**found["many"], "curve": "..."}, indent=2))
        if options.picture:
            picture(found["many"], options.picture)
    else:
        found["probe ms"] = probe()
        print(f"probe {found['probe ms']:.0f} ms")
        for level in [options.level] if options.level else list(Level):
            try:
                with Sandbox((level,)) as sandbox:
                    found[level] = {**pairs(sandbox, options.rounds), "boot ms": boot(level)}
            except SandboxError as error:
                print(f"{level}: not here: {error}")
                continue
            one = found[level]
            print(
                f"{level}: {one['ratio']:.2f} x a bare fork ({one['ratio of pairs']:.2f} in pairs, "
                f"{one['ratio of the fastest tenths']:.2f} of the fastest tenths; "
                f"{one['sandbox']['median ms']:.1f} and {one['bare fork']['median ms']:.1f} ms, "
                f"p99 {one['sandbox']['p99 ms']:.1f}), boot {one['boot ms']:.0f} ms"
            )
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
