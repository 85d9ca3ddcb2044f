"""``autograder build``: make solutions/ and assignments/ from the lesson sources."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, PROBLEM, load_course_here, print_paths

HELP = "build solutions/ and assignments/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--check", action="store_true", help="only say which files differ; exit 1 if any does")
    parser.add_argument("--force", action="store_true", help="overwrite files of solutions/ that were edited manually")


def run(options: argparse.Namespace) -> int:
    """Build solutions/ and assignments/ from the lesson sources. With --check only report what would change."""
    from autograder.authoring import build as builder

    course = load_course_here()
    if options.check:
        outdated = builder.list_differences(course)
        print("\n".join(outdated) or "solutions/ and assignments/ are current.")
        return PROBLEM if outdated else OK
    print_paths(builder.build(course, force=options.force), if_none="Everything was current.")
    for advice in builder.list_needed_regrades(course):
        print(advice)
    return OK
