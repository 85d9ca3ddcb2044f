"""The result of a run, and how it is printed: counts, who needs review, what changed, and the next command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.batch.change_reasons import PointsChange, points_in_words
from autograder.formatting import format_points, strip_control_characters
from autograder.gradebook.review import SubmissionState
from autograder.verdict import Status

MAX_ROWS = 20  # of a table, unless the whole table was asked for
MAX_WARNINGS = 10
_STYLES = {Status.GRADED: "green"}


@dataclass(frozen=True)
class SubmissionResult:
    """A submission's total automatic score (None if a cell has no score), its status and its named mistakes.

    ``status`` is empty if it is not known; ``mistakes`` are the first named mistake of each exercise.
    """

    score: float | None
    status: str = ""
    mistakes: tuple[str, ...] = ()

    def __str__(self) -> str:
        points = "not marked yet," if self.score is None and self.status == Status.GRADED else format_points(self.score)
        return " ".join(filter(None, [points, self.status, ", ".join(self.mistakes)]))


@dataclass(frozen=True)
class ResultChange:
    """A student's result before this run (None: not graded yet) and after it; the two may be equal.

    ``parts`` says what changed since the result before, ``points`` what gives other points than then.
    """

    student: str
    before: SubmissionResult | None
    after: SubmissionResult
    parts: tuple[str, ...] = ()
    points: tuple[PointsChange, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether the results differ. A status that was unknown before counts as unchanged."""
        if self.before is None:
            return True
        after = self.after if self.before.status else replace(self.after, status="")
        return self.before != after


@dataclass(frozen=True)
class ReviewItem:
    """A submission that needs review, and the reason."""

    student: str
    status: Status
    reason: str


@dataclass
class Summary:
    """The result of a run.

    ``needs_review`` and ``unmarked`` (students with answers that nobody has marked yet) also hold, after `complete`,
    who waits since an earlier run.
    """

    assignment: str
    statuses: Counter[Status] = field(default_factory=Counter)
    needs_review: list[ReviewItem] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    isolation_levels: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)  # about the whole class
    warnings: Counter[str] = field(default_factory=Counter)
    # What a marker sees differently from the submission, with the students.
    display_notes: dict[str, list[str]] = field(default_factory=dict)
    changes: list[ResultChange] = field(default_factory=list)
    graded: int = 0  # in this run
    unchanged: int = 0  # since an earlier run
    closed: int = 0  # whose doubt an instructor has closed
    not_submitted: int = 0  # students in the gradebook without a submission
    feedback_written: int = 0  # students whose feedback was written
    feedback_to_release: int = 0  # students of these who get it through nbgrader's exchange
    feedback_failed: int = 0  # students whose feedback could not be made
    seconds: float = 0.0
    dry_run: bool = False
    held: dict[str, ReviewItem] = field(default_factory=dict)  # whose newest result did not replace the stored one
    lowered: list[str] = field(default_factory=list)  # of these, whose marks would become lower
    _with_new_work: set[str] = field(default_factory=set)

    @property
    def waits(self) -> bool:
        """Whether any submission waits for a person."""
        return bool(self.needs_review or self.unmarked)

    @property
    def clean(self) -> bool:
        """Whether no submission waits for a person and all feedback was written."""
        return not self.feedback_failed and not self.waits

    def add(self, student: str, status: Status, message: str, *, is_new_work: bool = False) -> None:
        """Count a submission under its status, and list it if it needs review.

        ``is_new_work`` says whether it is other work than what an instructor may have looked at.
        """
        self.statuses[status] += 1
        if status.needs_review:
            self.needs_review.append(ReviewItem(student, status, message))
        if is_new_work:
            self._with_new_work.add(student)

    def hold(self, student: str, result: Status, stored: Status, reason: str, *, is_lower: bool) -> None:
        """Count a student under the stored status: the result of this run does not replace it."""
        if student in self.held:
            return
        self.statuses[result] -= 1
        self.statuses[stored] += 1
        self.needs_review = [item for item in self.needs_review if item.student != student]
        self.held[student] = ReviewItem(student, stored, reason)
        if is_lower:
            self.lowered.append(student)

    def complete(self, states: Mapping[str, SubmissionState]) -> None:
        """Take out of the list what an instructor has closed, and add who waits since an earlier run.

        ``states`` are those of the gradebook after the run, which a dry run does not change.
        """
        known = {student: state for student, state in states.items() if not self._is_outdated(student)}
        items = {item.student: item for item in self.needs_review}
        closed = {student for student in items if student in known and known[student].is_closed}
        for student in closed:
            del items[student]
        for student, state in known.items():
            is_of_this_run = student in items and items[student].status != state.status
            if state.waits_for and not state.is_only_unmarked and not is_of_this_run:
                items[student] = ReviewItem(student, state.status, state.waits_for)
        decided = {student for student, state in states.items() if state.held and not state.is_held}
        items |= {student: item for student, item in self.held.items() if student not in decided}
        self.closed = len(closed)
        self.needs_review = sorted(items.values(), key=lambda item: item.student)
        self.unmarked = [student for student, state in known.items() if state.is_only_unmarked and student not in items]

    def _is_outdated(self, student: str) -> bool:
        """Whether the gradebook still has the state of earlier work."""
        return self.dry_run and student in self._with_new_work


def show_summary(console: Console, summary: Summary) -> None:
    """Print the counts and changes of a run, who needs review, and the next command."""
    submissions = sum(summary.statuses.values())
    console.print(f"{summary.assignment}: {submissions} submissions", style="italic", markup=False, highlight=False)
    console.print(_status_table(summary))
    if summary.changes:
        console.print(_changes_table(summary))
        for line in _reason_lines(summary.changes):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if summary.needs_review:
        console.print(_review_table(summary.needs_review))
    if summary.unmarked:
        console.print(_unmarked_line(summary), markup=False, highlight=False)
    for line in _closing_lines(summary):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _status_table(summary: Summary) -> Table:
    table = Table()
    table.add_column("status")
    table.add_column("how many", justify="right")
    for status in Status:
        if summary.statuses[status]:
            style = "bold red" if status.needs_review else _STYLES.get(status, "")
            table.add_row(status.value, str(summary.statuses[status]), style=style)
    if summary.closed:
        table.add_row("of these, accepted or marked manually", str(summary.closed), style="dim")
    if summary.not_submitted:
        table.add_row("nothing submitted", str(summary.not_submitted), style="dim")
    return table


def _review_table(items: Sequence[ReviewItem]) -> Table:
    """List everybody who waits, however many they are."""
    table = Table(title=f"Needs review ({len(items)})", title_justify="left")
    for header in ("student", "status", "reason"):
        table.add_column(header, overflow="fold")
    for item in items:
        table.add_row(_safe(item.student), item.status.value, _safe(item.reason))
    return table


def _unmarked_line(summary: Summary) -> str:
    names = strip_control_characters(", ".join(summary.unmarked))
    if len(summary.unmarked) == 1:
        return f"{summary.assignment}: 1 student's answers wait to be marked: {names}"
    return f"{summary.assignment}: {len(summary.unmarked)} students' answers wait to be marked: {names}"


def _changes_table(summary: Summary) -> Table:
    title = "What would change" if summary.dry_run else "What changed"
    table = Table("student", "before", "after", title=title, title_justify="left")
    # A dry run is asked for the whole list.
    listed = summary.changes if summary.dry_run else summary.changes[:MAX_ROWS]
    for change in listed:
        before = "not graded yet" if change.before is None else str(change.before)
        style = "" if change.is_change else "dim"
        table.add_row(_safe(change.student), _safe(before), _safe(str(change.after)), style=style)
    if len(summary.changes) > len(listed):
        table.add_row(f"and {len(summary.changes) - len(listed)} more", "", "")
    return table


def _reason_lines(changes: Sequence[ResultChange]) -> Iterator[str]:
    """Yield why results change: what changed since the last grading, and how many students gain or lose by what."""
    groups: dict[str, list[ResultChange]] = {}
    for change in changes:
        if change.parts and change.is_change:
            groups.setdefault(", ".join(change.parts), []).append(change)
    for parts, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield f"{parts}: {_students(len(group))}"
        counts = Counter((points.what, points.difference) for change in group for points in change.points)
        for what in dict.fromkeys(what for what, _ in counts):
            effects = (
                f"{count} {'lose' if difference < 0 else 'gain'} {points_in_words(abs(difference))}"
                for (name, difference), count in counts.items()
                if name == what
            )
            yield f"  {what}: {', '.join(effects)}"


def _students(count: int) -> str:
    return f"{count} student{'' if count == 1 else 's'}"


def _lower_line(summary: Summary) -> str:
    names = strip_control_characters(", ".join(sorted(summary.lowered)))
    which = "would become lower" if summary.dry_run else "would become lower and stay as they are"
    return f"The marks of {_students(len(summary.lowered))} {which}: {names}. To lower them, add --lower."


def _closing_lines(summary: Summary) -> Iterator[str]:
    yield from map(strip_control_characters, summary.notices)
    for warning, count in summary.warnings.most_common(MAX_WARNINGS):
        yield f"{count} × {strip_control_characters(warning)}"
    if summary.display_notes:
        yield "Formgrader and feedback show this differently from submitted/:"
    for note, students in sorted(summary.display_notes.items()):
        yield strip_control_characters(f"  {note}: {', '.join(sorted(students))}")
    yield _count_line(summary)
    if summary.lowered:
        yield _lower_line(summary)
    if summary.feedback_written:
        others = summary.feedback_written - summary.feedback_to_release
        hint = f"; {others} of them did not use nbgrader submit: send them their pages in feedback/" if others else ""
        yield f"feedback written for {summary.feedback_written} students{hint}"
    if summary.isolation_levels:
        levels = (f"{level} ({count})" for level, count in summary.isolation_levels.most_common())
        yield f"isolation: {', '.join(levels)}"
    if summary.dry_run:
        changed = sum(change.is_change for change in summary.changes)
        yield f"{changed} of {summary.graded} would change. Nothing was written."
    else:
        yield f"next: {_next_command(summary)}"


def _count_line(summary: Summary) -> str:
    verb = "would be graded" if summary.dry_run else "graded now"
    rate = f", {summary.graded / summary.seconds:.1f} a second" if summary.graded and summary.seconds else ""
    return f"{summary.graded} {verb}, {summary.unchanged} unchanged since the last run, {summary.seconds:.1f} s{rate}"


def _next_command(summary: Summary) -> str:
    name = summary.assignment
    if summary.needs_review:
        return (
            f"mark them in formgrader, or autograder accept STUDENT {name} [FILE] "
            f"(autograder explain STUDENT {name} says more); then autograder grade {name}"
        )
    if summary.unmarked:
        return f"mark the answers in formgrader; then autograder grade {name} --feedback"
    if summary.feedback_failed:
        return f"autograder grade {name} --feedback, after what is said above about the feedback was put right"
    return f"nbgrader {'release_feedback' if summary.feedback_written else 'generate_feedback'} {name}"


def _safe(text: str) -> Text:
    return Text(strip_control_characters(text))
