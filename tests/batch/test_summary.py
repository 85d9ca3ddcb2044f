"""What is printed at the end of a run."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from autograder.batch.summary import ResultChange, SubmissionResult, Summary, show_summary
from autograder.verdict import Status
from tests.helpers.terminal import HOSTILE_TEXT, terminal

NAME = "3-softmax"


def printed(summary: Summary) -> str:
    file = io.StringIO()
    show_summary(Console(file=file, width=120), summary)
    return file.getvalue()


def changes(count: int) -> list[ResultChange]:
    before, after = SubmissionResult(1.0, "graded"), SubmissionResult(2.0, "graded")
    return [ResultChange(f"s{number:02}", before, after) for number in range(count)]


@pytest.mark.parametrize("status", Status)
def test_every_status_is_counted_and_reviews_are_listed_with_a_reason(status: Status) -> None:
    summary = Summary(NAME)
    summary.add("ann", status, "Because.")
    text = printed(summary)
    assert f"{status.value} " in text
    assert ("Because." in text) is not summary.clean
    assert ("next: mark them in formgrader, or autograder accept STUDENT 3-softmax" in text) is not summary.clean


def test_everybody_who_waits_is_listed_however_many_they_are() -> None:
    summary = Summary(NAME, unmarked=[f"essay{number}" for number in range(60)])
    for number in range(60):
        summary.add(f"s{number:02}", Status.MISSING, "Because.")
    text = printed(summary)
    assert text.count("Because.") == 60
    assert "3-softmax: 60 students' answers wait to be marked: essay0, essay1" in text
    assert "essay59" in text
    assert "more" not in text.replace("says more", "")
    assert "feedback" not in text.splitlines()[-1]


def test_nothing_in_the_summary_controls_the_terminal() -> None:
    console, file = terminal()
    result = SubmissionResult(1.0, "graded")
    summary = Summary(NAME, changes=[ResultChange(HOSTILE_TEXT, result, SubmissionResult(None, "altered"))])
    for status in (Status.UNREADABLE, Status.GRADED):
        summary.add(HOSTILE_TEXT, status, HOSTILE_TEXT)
    summary.warnings[HOSTILE_TEXT] += 1
    show_summary(console, summary)
    text = file.getvalue()
    assert text.count("[red]x[/red]") == 4
    assert "\x1b[2J" not in text
    assert "title" not in text
    assert "Needs review" in text


@pytest.mark.parametrize(("dry_run", "rows"), [(True, 50), (False, 20)])
def test_a_dry_run_lists_all_changes_and_a_run_only_the_first(dry_run: bool, rows: int) -> None:
    text = printed(Summary(NAME, dry_run=dry_run, changes=changes(50)))
    assert text.count("│ s") == rows
    assert ("and 30 more" in text) is not dry_run


def test_a_changed_result_shows_score_status_and_mistake_before_and_after() -> None:
    before = SubmissionResult(4.0, "graded", ("softmax-without-shift",))
    text = printed(Summary(NAME, changes=[ResultChange("ann", before, SubmissionResult(None, "altered"))]))
    assert "4 graded softmax-without-shift │ – altered" in text


def test_a_dry_run_says_how_many_results_would_change() -> None:
    same = SubmissionResult(1.0, "graded")
    summary = Summary(NAME, dry_run=True, graded=3, changes=[*changes(2), ResultChange("s99", same, same)])
    assert "2 of 3 would change. Nothing was written." in printed(summary)


@pytest.mark.parametrize(
    ("options", "command"),
    [
        ({}, "nbgrader generate_feedback 3-softmax"),
        ({"feedback_written": 1}, "nbgrader release_feedback 3-softmax"),
        ({"unmarked": ["ann"]}, "mark the answers in formgrader; then autograder grade 3-softmax --feedback"),
        (
            {"feedback_failed": 1},
            "autograder grade 3-softmax --feedback, after what is said above about the feedback was put right",
        ),
    ],
)
def test_the_last_line_is_the_next_command(options: dict[str, Any], command: str) -> None:
    assert printed(Summary(NAME, **options)).splitlines()[-1] == f"next: {command}"


@pytest.mark.parametrize(
    ("before", "is_change"),
    [
        (None, True),
        (SubmissionResult(2.0, "graded"), False),
        (SubmissionResult(2.0), False),
        (SubmissionResult(1.0, "graded"), True),
        (SubmissionResult(2.0, "needs_look"), True),
        (SubmissionResult(2.0, "graded", ("over-queries",)), True),
    ],
)
def test_score_status_and_mistake_decide_whether_a_result_changed(
    before: SubmissionResult | None, is_change: bool
) -> None:
    assert ResultChange("ann", before, SubmissionResult(2.0, "graded")).is_change is is_change


def test_all_students_are_named_whose_page_differs_from_the_submission() -> None:
    students = [f"s{number:03}" for number in range(200)]
    summary = Summary(NAME, display_notes={"senses: a picture is scaled down to fit": students})
    assert f"  senses: a picture is scaled down to fit: {', '.join(students)}\n" in printed(summary)


def test_students_who_cannot_fetch_their_feedback_are_counted() -> None:
    assert "feedback written for 3 students\n" in printed(Summary(NAME, feedback_written=3, feedback_to_release=3))
    text = printed(Summary(NAME, feedback_written=3, feedback_to_release=1))
    assert "feedback written for 3 students; 2 of them did not use nbgrader submit: send them their pages" in text
