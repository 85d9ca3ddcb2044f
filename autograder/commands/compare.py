"""``autograder compare``: what a regrade would change. The same as ``autograder grade --force --dry-run``."""

from __future__ import annotations

import argparse

from autograder.commands.grade import run_batch
from autograder.commands.shared import load_course_here

HELP = "show what a regrade would change"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    parser.add_argument("--all", action="store_true", help="list the results that stay, too")


def run(options: argparse.Namespace) -> int:
    """Show what a regrade would change: scores, statuses and named mistakes, before and after. Writes nothing."""
    from autograder import batch

    batch_options = batch.Options(force=True, dry_run=True, list_all=options.all)
    return run_batch(load_course_here(), options.assignment, batch_options)
