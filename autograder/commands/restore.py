"""``autograder restore``: put the gradebook back to a snapshot."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, load_course_here, positive_number, print_lines

HELP = "put the gradebook back to a snapshot, or list the snapshots"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("number", metavar="NUMBER", nargs="?", type=positive_number, help="without it, list them")


def run(options: argparse.Namespace) -> int:
    """Put the gradebook back to a snapshot, after making one of what is there. The history goes on."""
    from autograder.batch import taking_back
    from autograder.history import snapshots

    course = load_course_here()
    if options.number is None:
        lines = [str(snapshot) for snapshot in snapshots.load_all(course.root)]
        print_lines(lines or ["There is no snapshot yet. Every run that grades anything makes one."])
    else:
        print_lines(taking_back.restore(course, options.number))
    return OK
