"""``autograder undo``: take the last run back."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, load_course_here, print_lines

HELP = "take the last grading run back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no arguments."""


def run(options: argparse.Namespace) -> int:
    """Put the gradebook back to what it was before the last run; refuse if anything else has changed since."""
    from autograder.batch import taking_back

    print_lines(taking_back.undo(load_course_here()))
    return OK
