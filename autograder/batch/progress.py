"""Progress while a class is graded: a bar on a terminal, otherwise a plain line now and then."""

from __future__ import annotations

from time import monotonic

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from autograder.batch.summary import Summary
from autograder.formatting import strip_control_characters
from autograder.verdict import Status

SLOW_AFTER = 2.0  # seconds after which a submission is named
_TERMINAL_INTERVAL, _LINE_INTERVAL = 0.1, 10.0  # seconds between two updates
_MIN_DONE_FOR_ESTIMATE = 10  # submissions; the time left is not worth a guess before


class ProgressDisplay:
    """Shows how far a run is. Use it as a context manager."""

    def __init__(self, console: Console, summary: Summary, total: int) -> None:
        """``summary`` is read whenever something is shown; ``total`` is the number of submissions."""
        self._console, self._summary, self._total = console, summary, total
        self._started = self._last_shown = monotonic()
        self._done = 0
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, auto_refresh=False)
        self._bar = self._progress.add_task(summary.assignment, total=total)
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> ProgressDisplay:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def advance(self) -> None:
        """Count one more submission as done."""
        self._done += 1

    def show(self, slowest_student: str = "", seconds: float = 0.0) -> None:
        """Show how far the run is, unless that was shown a moment ago.

        ``slowest_student`` is the one whose submission has been under way for longest, for so many seconds.
        """
        now = monotonic()
        if now - self._last_shown < (_TERMINAL_INTERVAL if self._console.is_terminal else _LINE_INTERVAL):
            return
        self._last_shown = now
        rate = self._done / (now - self._started)
        line = f"{rate:.1f} a second   {_status_counts(self._summary)}"
        if seconds > SLOW_AFTER:
            line += f"   slow: {strip_control_characters(slowest_student)}, {seconds:.0f} s"
        if self._console.is_terminal:
            self._progress.update(self._bar, completed=self._done)
            self._live.update(Group(self._progress.get_renderable(), Text(line, style="dim")), refresh=True)
            return
        left = f", about {(self._total - self._done) / rate:.0f} s left" if self._done > _MIN_DONE_FOR_ESTIMATE else ""
        self._console.print(f"{self._done} of {self._total}{left}   {line}", highlight=False, markup=False)


def _status_counts(summary: Summary) -> str:
    return ", ".join(f"{status.value} {summary.statuses[status]}" for status in Status if summary.statuses[status])
