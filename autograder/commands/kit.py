"""``autograder kit``: pack what students receive, one zip an assignment."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.commands.shared import OK, load_course_here, print_paths

HELP = "pack what students receive"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "out", nargs="?", type=Path, default=Path("kit"), metavar="DIR", help="where to put the files (default: kit)"
    )
    parser.add_argument("--force", action="store_true", help="overwrite files that no kit has written")


def run(options: argparse.Namespace) -> int:
    """Pack what students receive, one zip an assignment, for an LMS or a web page."""
    from autograder.authoring import student_kit

    print_paths(student_kit.pack_kits(load_course_here(), options.out, force=options.force))
    return OK
