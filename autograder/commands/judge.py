"""``autograder judge``: grade one function in .py or .ipynb files, without a gradebook."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from autograder.commands.shared import OK, PROBLEM, course_root_here

HELP = "judge one function in .py or .ipynb files"
_SEED_LIMIT = 1 << 63  # a seed fits into a database's signed 64-bit integer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a .py or .ipynb file, or a folder or archive with one"
    )
    parser.add_argument("--exercise", required=True, metavar="FUNCTION", help="the function to judge, such as softmax")
    parser.add_argument(
        "--seed", type=_seed, metavar="N", help="draw the hidden inputs from this seed (default: a fresh one)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Judge one function in each file. Exits 0 when every file was judged, whatever the scores."""
    from autograder import formatting
    from autograder.course import catalogue, seeds
    from autograder.course.settings import load_course
    from autograder.grading import grader
    from autograder.verdict import Status

    root = course_root_here()
    course = load_course(root) if root else None
    exercise = course.exercise(options.exercise) if course else catalogue.load_exercise(options.exercise)
    limits = course.limits if course else grader.DEFAULT_LIMITS
    releases = course.root / "assignments" if course and (course.root / "assignments").is_dir() else None
    seed = seeds.fresh_seed() if options.seed is None else options.seed
    exit_status = OK
    for number, path in enumerate(options.paths):
        report = grader.grade_file(path, exercise, seed=seed, limits=limits, releases=releases)
        if report.status is Status.NOT_GRADED:
            exit_status = PROBLEM
        if options.json:
            print(json.dumps(report.as_json()), flush=True)
        else:
            print(("\n" if number else "") + formatting.format_report(report), flush=True)
    return exit_status


def _seed(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= value < _SEED_LIMIT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a seed: write a whole number from 0 to 2**63 - 1")
    return value
