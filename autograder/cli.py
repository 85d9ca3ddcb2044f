"""The command ``autograder``. Each subcommand answers bad input with a sentence and a documented exit status.

Heavy imports stand in the functions that need them: ``judge`` starts without nbgrader.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder import catalogue, grading, seeds, show
from autograder.course import CourseError, find_course, load_course
from autograder.exercise import Exercise
from autograder.sandbox import Limits
from autograder.verdict import Status

OK, PROBLEM, USAGE, INTERRUPTED = 0, 1, 2, 130
Command = Callable[[argparse.Namespace], int]


class UsageError(Exception):
    """The command cannot be carried out as it was given; the text says what would work."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except (UsageError, CourseError, catalogue.CatalogueError, seeds.SecretError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("autograder: stopped; what was finished is kept.", file=sys.stderr)
        return INTERRUPTED


def judge(options: argparse.Namespace) -> int:
    """Judge one function in each file; exit 0 when every file was judged, whatever the scores."""
    exercise, limits = _exercise(options.exercise)
    seed = seeds.fresh_seed() if options.seed is None else options.seed
    not_graded = False
    for number, path in enumerate(options.paths):
        report = grading.grade_file(path, exercise, seed=seed, limits=limits)
        not_graded |= report.status is Status.NOT_GRADED
        if options.json:
            print(json.dumps(report.as_json()), flush=True)
        else:
            print(("\n" if number else "") + show.report(report), flush=True)
    return PROBLEM if not_graded else OK


def _exercise(function: str) -> tuple[Exercise, Limits]:
    """The exercise as the course here has it; outside a course, as the package has it."""
    root = find_course(Path.cwd())
    if root is None:
        return catalogue.exercise(function), grading.DEFAULT_LIMITS
    course = load_course(root)
    return course.exercise(function), course.limits


def _seed(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= value < 1 << 63:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: write a whole number from 0 to 2**63 - 1")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description="An auto-graded course on attention.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("judge", help="judge one function in .py or .ipynb files", description=judge.__doc__)
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a .py or .ipynb file")
    one.add_argument("--exercise", required=True, metavar="FUNCTION", help="the function to judge, such as softmax")
    one.add_argument("--seed", type=_seed, metavar="N", help="draw the hidden inputs from this seed; fresh if left out")
    one.add_argument("--json", action="store_true", help="print one JSON object a line")
    one.set_defaults(command=judge)
    return parser
