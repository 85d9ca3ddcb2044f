"""A pytest plugin that prints which test files take how much CPU time: pytest -p tests.helpers.cpu_seconds.

Wall-clock time tells little on a busy machine. This counts user and system time of the pytest process and of all its
descendants, so work in sandboxes, nbgrader commands, databases and clusters is included.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.processes import descendants

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds() -> float:
    """Return the CPU time used so far by this process and its descendants, those that ended included."""
    return sum(map(_ticks, descendants())) / TICKS_PER_SECOND


def _ticks(pid: int) -> int:
    with contextlib.suppress(OSError):
        # utime, stime, cutime and cstime, as proc(5) counts them after the name in parentheses.
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return 0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Attach the CPU time of a test, with set-up and teardown, to its last report."""
    item.stash[_START] = cpu_seconds()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Count each phase for itself: a report of a phase carries what that phase took."""
    report = yield
    now = cpu_seconds()
    report.user_properties = [("cpu_seconds", now - item.stash[_START])]
    item.stash[_START] = now
    return report


_START: pytest.StashKey[float] = pytest.StashKey()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, the most expensive file first."""
    cpu: Counter[str] = Counter()
    wall: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                name = report.nodeid.split("::")[0]
                cpu[name] += dict(report.user_properties).get("cpu_seconds", 0)
                wall[name] += report.duration
                tests[name] += report.when == "call"
    terminalreporter.section("CPU seconds by test file")
    terminalreporter.line(f"{'CPU s':>8}{'wall s':>8}{'tests':>7}")
    for name, seconds in cpu.most_common():
        terminalreporter.line(f"{seconds:8.1f}{wall[name]:8.1f}{tests[name]:7}  {name}")
    terminalreporter.line(f"{cpu.total():8.1f}{wall.total():8.1f}{tests.total():7}  in total")
