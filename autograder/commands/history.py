"""``autograder history``: what has happened to a student's marks."""

from __future__ import annotations

import argparse
import json

from autograder.commands.shared import OK, load_course_here, print_lines

HELP = "tell what has happened to a student's marks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("student", metavar="STUDENT")
    parser.add_argument("assignment", metavar="ASSIGNMENT", nargs="?", default="")
    parser.add_argument("--json", action="store_true", help="print one JSON object for each entry, a line each")


def run(options: argparse.Namespace) -> int:
    """Tell what has happened to a student's marks: each verdict, manual mark, comment and penalty, when and why."""
    from autograder.history.letter import write_letter
    from autograder.reports import mark_history

    course = load_course_here()
    entries = mark_history.load_history(course, options.student, options.assignment)
    if options.json:
        print_lines(json.dumps(mark_history.as_json(entry)) for entry in entries)
    else:
        print_lines(write_letter(entries, course.timezone))
    return OK
