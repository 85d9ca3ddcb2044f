"""``autograder grade``: grade all submissions of an assignment into the gradebook."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.commands.shared import OK, PROBLEM, load_course_here, positive_number

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.batch import Options
    from autograder.course.settings import Course

HELP = "grade an assignment's submissions"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    parser.add_argument("--student", nargs="+", default=[], metavar="ID", help="only these students")
    parser.add_argument("--feedback", action="store_true", help="write the feedback pages in the same run")
    parser.add_argument("--force", action="store_true", help="grade again even what has not changed")
    parser.add_argument("--failed", action="store_true", help="grade again only what ended without a clean result")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be graded and which results change; write nothing"
    )
    parser.add_argument("--lower", action="store_true", help="also replace marks by lower ones")
    parser.add_argument(
        "--new-secret", action="store_true", help="go on although .autograder-secret is not the one used before"
    )
    parser.add_argument(
        "--workers", type=positive_number, metavar="N", help="how many processes (default: one for each core)"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="grade on a Dask cluster, such as tcp://host:8786")


def run(options: argparse.Namespace) -> int:
    """Grade the submissions of an assignment on all cores. Exits 1 when any of them needs review."""
    from autograder import batch

    batch_options = batch.Options(
        students=tuple(options.student),
        force=options.force,
        failed=options.failed,
        dry_run=options.dry_run,
        feedback=options.feedback,
        lower=options.lower,
        new_secret=options.new_secret,
        workers=options.workers or 0,
        scheduler=options.scheduler or "",
    )
    return run_batch(load_course_here(), options.assignment, batch_options)


def run_batch(course: Course, assignment: str, options: Options) -> int:
    """Grade an assignment, print the summary, and return the exit status."""
    from rich.console import Console

    from autograder import batch

    console = Console()
    summary = batch.grade(course, assignment, options, console)
    batch.show_summary(console, summary)
    if summary.lowered and not options.dry_run and _confirms(console, len(summary.lowered)):
        again = replace(options, students=tuple(summary.lowered), lower=True)
        summary = batch.grade(course, assignment, again, console)
        batch.show_summary(console, summary)
    return OK if summary.clean else PROBLEM


def _confirms(console: Console, count: int) -> bool:
    """Ask on a terminal whether to lower marks; anywhere else, and without an answer, the marks stay."""
    if not (console.is_terminal and sys.stdin.isatty()):
        return False
    try:
        return console.input(f"Lower {count} of the marks now? [y/N] ", markup=False).strip().lower() in ("y", "yes")
    except EOFError:
        return False
