"""``autograder audit``: test the hidden tests with programs whose right verdict is known."""

from __future__ import annotations

import argparse

from autograder.commands.shared import OK, PROBLEM, course_root_here, positive_number

HELP = "test the hidden tests themselves"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("exercises", nargs="*", metavar="FUNCTION", help="which exercises (default: all)")
    parser.add_argument(
        "--seeds", type=positive_number, default=50, metavar="N", help="how many seeds to compare (default: 50)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object an exercise")


def run(options: argparse.Namespace) -> int:
    """Test the hidden tests with right and wrong programs. Exits 1 where a program gets an unexpected verdict."""
    from autograder.authoring import audit as auditor
    from autograder.course import catalogue

    root = course_root_here()
    functions = options.exercises or list(catalogue.load_exercises(root))
    for function in functions:
        catalogue.load_exercise(function, root)  # a wrong name is reported before the work begins
    exit_status = OK
    with auditor.AuditDisplay(as_json=options.json) as display:
        keys = [(root, name) for name in functions]
        for audit in auditor.run_audits(keys, seeds=options.seeds, progress=display.show_progress):
            if auditor.find_problems(audit):
                exit_status = PROBLEM
            display.show(audit)
    return exit_status
