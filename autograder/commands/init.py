"""``autograder init``: make a course, or add an exercise to one."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.commands.shared import OK, UsageError, load_course_here, print_paths

HELP = "make a course, or add an exercise to one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIR", help="a new or an empty directory")
    parser.add_argument("--exercise", metavar="FUNCTION", help="add your own exercise, named after its function")


def run(options: argparse.Namespace) -> int:
    """Make a course in a new directory. With --exercise, add your own exercise to the course here."""
    if options.exercise and options.directory:
        raise UsageError("name a directory or an exercise, not both. An exercise is added to the course here.")
    if options.exercise:
        return _add_exercise(options.exercise)
    if options.directory:
        return _create_course(options.directory)
    raise UsageError("name a directory for the course: autograder init my-course")


def _create_course(directory: Path) -> int:
    from autograder.authoring import new_course

    new_course.create_course(directory)
    print(f"{directory} is a course: solutions/ and assignments/ are built.")
    print(f"Next: cd {directory} && autograder doctor")
    return OK


def _add_exercise(function: str) -> int:
    from autograder.authoring import new_course

    assignment, files = new_course.add_exercise(load_course_here(), function)
    print_paths(files)
    print(f"\n{assignment} works as it is. Change it to your exercise, then: autograder build")
    return OK
