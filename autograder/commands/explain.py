"""``autograder explain``: why a submission has its score."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, load_course_here, print_lines

HELP = "say why a submission has its score"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("student", metavar="STUDENT")
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    parser.add_argument(
        "--hidden", action="store_true", help="show the hidden inputs of failed cases (instructors only)"
    )


def run(options: argparse.Namespace) -> int:
    """Say why a submission has its score: each case in words, the named mistake, and how to repeat the verdict."""
    from autograder.reports.score_explanation import explain_score

    print_lines(explain_score(load_course_here(), options.student, options.assignment, hidden=options.hidden))
    return OK
