"""``autograder compare``: what a regrade would change."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, load_course_here, print_lines

HELP = "show what a regrade would change"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    parser.add_argument("--all", action="store_true", help="show the verdicts that stay, too")


def run(options: argparse.Namespace) -> int:
    """Show what a regrade would change: the gradebook's verdicts beside today's. Writes nothing."""
    from autograder.reports.score_explanation import preview_regrade

    print_lines(preview_regrade(load_course_here(), options.assignment, everybody=options.all))
    return OK
