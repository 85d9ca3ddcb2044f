"""``autograder accept``: confirm a submission that waits for a person, or say which of its files to grade."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, PROBLEM, load_course_here, print_lines

HELP = "confirm a submission that waits for a person"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("student", metavar="STUDENT")
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="",
        help="grade this file as the student's notebook; its path in the submitted folder",
    )


def run(options: argparse.Namespace) -> int:
    """Confirm the points of a submission that waits for a person, or grade another of its files.

    It stays confirmed until the student submits something else. Exits 1 if it still waits, because it has no points.
    """
    from rich.console import Console

    from autograder import batch
    from autograder.batch import decisions
    from autograder.course.file_access import account_name

    course, who = load_course_here(), account_name()
    submission = (options.student, options.assignment)
    if options.file:
        decisions.choose_file(course, *submission, options.file, by=who)
        # Without the summary: it lists the whole class, and this submission as waiting.
        batch.grade(course, options.assignment, batch.Options(students=(options.student,), lower=True), Console())
    decision = decisions.accept(course, *submission, by=who)
    print_lines([decision.message])
    return OK if decision.is_settled else PROBLEM
