"""``autograder doctor``: check the machine and the course for what commonly goes wrong."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, PROBLEM, course_root_here

HELP = "say what is wrong here, and what to do about it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: there are none."""


def run(options: argparse.Namespace) -> int:
    """Check what commonly goes wrong. Prints a line of ok or problem for each check; exits 1 on a problem."""
    from autograder.commands.doctor_checks import run_checks

    exit_status = OK
    for finding in run_checks(course_root_here()):
        if not finding.ok:
            exit_status = PROBLEM
        print(finding, flush=True)
    return exit_status
