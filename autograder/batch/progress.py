"""What an instructor sees of a batch: a bar that says what is slow, or plain lines; then what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder import formatting
from autograder.verdict import Status

_SLOW = 2.0  # seconds after which a submission is worth naming
_OFTEN, _SELDOM = 0.1, 10.0  # seconds between two looks at a terminal, between two plain lines
_FEW = 10  # submissions after which a guess at the time left is worth something
_LISTED = 20  # rows of the table of those who need a look
_COLOURS = {Status.GRADED: "green", Status.MISSING: "dim"}


@dataclass(frozen=True)
class ScoreChange:
    """What a regrade would change in a student's score, or changed."""

    student: str
    before: float | None
    after: float | None


@dataclass
class Summary:
    """What a run came to."""

    assignment: str
    statuses: Counter[Status] = field(default_factory=Counter)
    looks: list[tuple[str, Status, str]] = field(default_factory=list)  # student, status, why
    isolations: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    changes: list[ScoreChange] = field(default_factory=list)
    graded: int = 0
    unchanged: int = 0
    absent: int = 0  # enrolled, but nothing handed in
    pages: int = 0
    pageless: int = 0  # students whose feedback could not be made
    seconds: float = 0.0
    dry: bool = False

    @property
    def clean(self) -> bool:
        """Whether nobody has to look at anything."""
        return not self.pageless and not any(self.statuses[status] for status in Status if status.needs_review)

    def add(self, student: str, status: Status, message: str) -> None:
        """Count a submission."""
        self.statuses[status] += 1
        if status.needs_review:
            self.looks.append((student, status, message))


class ProgressDisplay:
    """Progress while a class is graded. Use it as a context manager."""

    def __init__(self, console: Console, summary: Summary, total: int) -> None:
        self._console, self._summary, self._total = console, summary, total
        self._began = self._shown = monotonic()
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

    def step(self) -> None:
        """One more submission is done."""
        self._done += 1

    def show(self, student: str, seconds: float) -> None:
        """Show how things stand, not too often; ``student`` is the one whose submission takes longest."""
        now = monotonic()
        if now - self._shown < (_OFTEN if self._console.is_terminal else _SELDOM):
            return
        self._shown = now
        rate = self._done / (now - self._began)
        line = f"{rate:.1f} a second   {_counts(self._summary.statuses)}"
        if seconds > _SLOW:
            line += f"   slow: {formatting.strip_control_characters(student)}, {seconds:.0f} s"
        if self._console.is_terminal:
            self._progress.update(self._bar, completed=self._done)
            self._live.update(Group(self._progress.get_renderable(), Text(line, style="dim")), refresh=True)
            return
        left = f", about {(self._total - self._done) / rate:.0f} s left" if self._done > _FEW else ""
        self._console.print(f"{self._done} of {self._total}{left}   {line}", highlight=False, markup=False)


def show_summary(console: Console, summary: Summary) -> None:
    """The table at the end, who needs a look, and the next command."""
    name = summary.assignment
    console.print(
        f"{name}: {sum(summary.statuses.values())} submissions", style="italic", markup=False, highlight=False
    )
    console.print(_table(summary))
    if summary.changes:
        console.print(_changes(summary))
    if summary.looks:
        console.print(_looks(summary.looks))
    for text, count in summary.said.most_common(10):
        console.print(f"{count} × {formatting.strip_control_characters(text)}", markup=False, highlight=False)
    for line in _next(summary):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not summary.clean and not summary.dry:
        console.print(
            f"next: autograder explain STUDENT {name}, or formgrader; then autograder grade {name}", markup=False
        )
    elif not summary.dry:
        after = "nbgrader release_feedback" if summary.pages else "nbgrader generate_feedback"
        console.print(f"next: {after} {name}", markup=False, highlight=False)


def _table(summary: Summary) -> Table:
    found = Table()
    found.add_column("status")
    found.add_column("how many", justify="right")
    for status in Status:
        if summary.statuses[status]:
            found.add_row(
                status.value,
                str(summary.statuses[status]),
                style="bold red" if status.needs_review else _COLOURS.get(status, ""),
            )
    if summary.absent:
        found.add_row("nothing handed in", str(summary.absent), style="dim")
    return found


def _looks(looks: list[tuple[str, Status, str]]) -> Table:
    found = Table(title="A person has to look at", title_justify="left")
    for heading in ("student", "status", "why"):
        found.add_column(heading)
    for student, status, why in looks[:_LISTED]:
        found.add_row(
            Text(formatting.strip_control_characters(student)),
            status.value,
            Text(formatting.strip_control_characters(why)),
        )
    if len(looks) > _LISTED:
        found.add_row(f"and {len(looks) - _LISTED} more", "", "")
    return found


def _changes(summary: Summary) -> Table:
    found = Table(title="What would change" if summary.dry else "What changed", title_justify="left")
    for heading in ("student", "before", "after"):
        found.add_column(heading, justify="left" if heading == "student" else "right")
    shown = summary.changes if summary.dry else summary.changes[:_LISTED]  # a dry run is asked for the whole list
    for one in shown:
        found.add_row(
            Text(formatting.strip_control_characters(one.student)),
            formatting.format_points(one.before),
            formatting.format_points(one.after),
        )
    if len(summary.changes) > len(shown):
        found.add_row(f"and {len(summary.changes) - len(shown)} more", "", "")
    return found


def _next(summary: Summary) -> Iterable[str]:
    rate = f", {summary.graded / summary.seconds:.1f} a second" if summary.graded and summary.seconds else ""
    verb = "would be graded" if summary.dry else "graded now"
    yield f"{summary.graded} {verb}, {summary.unchanged} unchanged since the last run, {summary.seconds:.1f} s{rate}"
    if summary.pages:
        yield f"{summary.pages} pages of feedback written"
    if summary.isolations:
        yield "isolation: " + ", ".join(f"{level} ({count})" for level, count in summary.isolations.most_common())
    if summary.dry:
        yield "Nothing was written."


def _counts(statuses: Counter[Status]) -> str:
    return ", ".join(f"{status.value} {statuses[status]}" for status in Status if statuses[status])
