"""The command ``autograder``. Each subcommand answers bad input with a sentence and a documented exit status.

Imports stand in the functions that need them: help comes at once, and ``judge`` starts without nbgrader.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import formatting
from autograder.errors import AutograderError
from autograder.verdict import Status

if TYPE_CHECKING:
    from autograder.course.settings import Course

OK, PROBLEM, USAGE, INTERRUPTED = 0, 1, 2, 130
Command = Callable[[argparse.Namespace], int]


class UsageError(AutograderError):
    """The command cannot be carried out as it was given; the text says what would work."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except AutograderError as error:
        print(formatting.strip_control_characters(f"autograder: {error}"), file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("autograder: stopped; what was finished is kept.", file=sys.stderr)
        return INTERRUPTED


def judge(options: argparse.Namespace) -> int:
    """Judge one function in each file; exit 0 when every file was judged, whatever the scores."""
    from autograder.course import catalogue, seeds
    from autograder.course.settings import find_course, load_course
    from autograder.grading import grader

    root = find_course(Path.cwd())
    course = load_course(root) if root else None
    exercise = course.exercise(options.exercise) if course else catalogue.load_exercise(options.exercise)
    limits = course.limits if course else grader.DEFAULT_LIMITS
    releases = course.root / "assignments" if course and (course.root / "assignments").is_dir() else None
    seed = seeds.fresh_seed() if options.seed is None else options.seed
    not_graded = False
    for number, path in enumerate(options.paths):
        report = grader.grade_file(path, exercise, seed=seed, limits=limits, releases=releases)
        not_graded |= report.status is Status.NOT_GRADED
        if options.json:
            print(json.dumps(report.as_json()), flush=True)
        else:
            print(("\n" if number else "") + formatting.format_report(report), flush=True)
    return PROBLEM if not_graded else OK


def grade(options: argparse.Namespace) -> int:
    """Grade what was handed in for an assignment, all cores at work; exit 1 when a person has to look at any."""
    from rich.console import Console

    from autograder import batch

    wanted = batch.Options(
        students=tuple(options.student),
        force=options.force,
        failed=options.failed,
        dry_run=options.dry_run,
        feedback=options.feedback,
        workers=options.workers or 0,
        scheduler=options.scheduler or "",
    )
    console = Console()
    summary = batch.grade(_course(), options.assignment, wanted, console)
    batch.show_summary(console, summary)
    return OK if summary.clean else PROBLEM


def build(options: argparse.Namespace) -> int:
    """Build solutions/ and assignments/ from the masters; with --check only say what would change, exit 1 if any."""
    from autograder.authoring import build as builder

    course = _course()
    if options.check:
        stale = builder.check(course)
        print("\n".join(stale) or "solutions/ and assignments/ are current.")
        return PROBLEM if stale else OK
    written = builder.build(course, force=options.force)
    print("\n".join(_short(path) for path in written) or "Everything was current.")
    for text in builder.regrades(course):
        print(text)
    return OK


def init(options: argparse.Namespace) -> int:
    """Make a course in a new directory; with --exercise, add an exercise of your own to the course here."""
    from autograder.authoring import new_course as maker

    if options.exercise:
        if options.directory:
            raise UsageError("name a directory or an exercise, not both. An exercise is added to the course here.")
        assignment, files = maker.add_exercise(_course(), options.exercise)
        print("\n".join(map(_short, files)))
        print(f"\n{assignment} works as it is. Change it to yours, then: autograder build")
    elif options.directory:
        maker.create_course(options.directory)
        print(f"{options.directory} is a course: solutions/ and assignments/ are built.")
        print(f"Next: cd {options.directory} && autograder doctor")
    else:
        raise UsageError("name a directory for the course: autograder init my-course")
    return OK


def kit(options: argparse.Namespace) -> int:
    """Pack what students get, one zip an assignment, for an LMS or a web page."""
    from autograder.authoring import student_kit as packer

    print("\n".join(map(_short, packer.pack_kits(_course(), options.out, force=options.force))))
    return OK


def doctor(options: argparse.Namespace) -> int:
    """Look at what commonly goes wrong: lines of ok and problem, and what would work. Exit 1 on a problem."""
    from autograder.commands.doctor_checks import run_checks
    from autograder.course.settings import find_course

    well = True
    for finding in run_checks(find_course(Path.cwd())):
        well &= finding.ok
        print(finding, flush=True)
    return OK if well else PROBLEM


def audit(options: argparse.Namespace) -> int:
    """Ask the hidden tests about right and wrong programs that we know; exit 1 where one comes out otherwise."""
    from autograder.authoring import audit as auditor
    from autograder.course import catalogue
    from autograder.course.settings import find_course

    root = find_course(Path.cwd())
    functions = options.exercises or list(catalogue.load_exercises(root))
    for function in functions:
        catalogue.load_exercise(function, root)  # a wrong name is told before the work begins
    well = True
    with auditor.shown(as_json=options.json) as (show_one, progress):
        for found in auditor.audit([(root, name) for name in functions], seeds=options.seeds, progress=progress):
            well &= not found.problems()
            show_one(found)
    return OK if well else PROBLEM


def explain(options: argparse.Namespace) -> int:
    """Say why a submission has its score: cases in words, the named mistake, and how to repeat the verdict."""
    from autograder.reports.score_explanation import explain_score as lines

    for line in lines(_course(), options.student, options.assignment, hidden=options.hidden):
        print(formatting.strip_control_characters(line), flush=True)
    return OK


def compare(options: argparse.Namespace) -> int:
    """Show what a regrade would change, the gradebook's verdicts beside today's; writes nothing."""
    from autograder.reports.score_explanation import preview_regrade as lines

    for line in lines(_course(), options.assignment, everybody=options.all):
        print(formatting.strip_control_characters(line), flush=True)
    return OK


def demo(options: argparse.Namespace) -> int:
    """Grade a class of 30 made-up students, in a folder of its own."""
    from rich.console import Console

    from autograder.demo import demo as run

    run(options.folder, Console())
    return OK


def _course() -> Course:
    from autograder.course.settings import find_course, load_course

    root = find_course(Path.cwd())
    if root is None:
        raise UsageError("there is no course here (no course.yml from here upwards). Make one: autograder init DIR")
    return load_course(root)


def _short(path: Path) -> str:
    """A path as seen from here, where that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _seed(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= value < 1 << 63:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: write a whole number from 0 to 2**63 - 1")
    return value


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no such number: write a whole number from 1 on")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description="An auto-graded course on attention.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("judge", help="judge one function in .py or .ipynb files", description=judge.__doc__)
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a .py or .ipynb file")
    one.add_argument("--exercise", required=True, metavar="FUNCTION", help="the function to judge, such as softmax")
    one.add_argument("--seed", type=_seed, metavar="N", help="draw the hidden inputs from this seed; fresh if left out")
    one.add_argument("--json", action="store_true", help="print one JSON object a line")
    one.set_defaults(command=judge)

    one = commands.add_parser("grade", help="grade an assignment's submissions", description=grade.__doc__)
    one.add_argument("assignment", metavar="ASSIGNMENT")
    one.add_argument("--student", nargs="+", default=[], metavar="ID", help="only these students")
    one.add_argument("--feedback", action="store_true", help="make the feedback in the same pass")
    one.add_argument("--force", action="store_true", help="grade again what has not changed, too")
    one.add_argument(
        "--failed", action="store_true", help="grade again what ended without a clean result, nothing else"
    )
    one.add_argument(
        "--dry-run", action="store_true", help="say what would be done and which scores change; write nothing"
    )
    one.add_argument("--workers", type=_count, metavar="N", help="how many at a time; one for each core if left out")
    one.add_argument("--scheduler", metavar="ADDRESS", help="grade on a Dask cluster, such as tcp://host:8786")
    one.set_defaults(command=grade)

    one = commands.add_parser("build", help="build solutions/ and assignments/", description=build.__doc__)
    one.add_argument("--check", action="store_true", help="only say which file differs; exit 1 if any does")
    one.add_argument("--force", action="store_true", help="overwrite files of solutions/ that were changed by hand")
    one.set_defaults(command=build)

    one = commands.add_parser("init", help="make a course, or add an exercise to one", description=init.__doc__)
    one.add_argument("directory", nargs="?", type=Path, metavar="DIR", help="a new or an empty directory")
    one.add_argument("--exercise", metavar="FUNCTION", help="add an exercise of your own, named by its function")
    one.set_defaults(command=init)

    one = commands.add_parser("kit", help="pack what students get", description=kit.__doc__)
    one.add_argument("out", nargs="?", type=Path, default=Path("kit"), metavar="DIR", help="where to; kit if left out")
    one.add_argument("--force", action="store_true", help="overwrite files that are not a kit's")
    one.set_defaults(command=kit)

    one = commands.add_parser("doctor", help="say what is wrong, and what would work", description=doctor.__doc__)
    one.set_defaults(command=doctor)

    one = commands.add_parser("audit", help="say whether the hidden tests are any good", description=audit.__doc__)
    one.add_argument("exercises", nargs="*", metavar="FUNCTION", help="which exercises; all if left out")
    one.add_argument("--seeds", type=_count, default=50, metavar="N", help="how many seeds to compare; 50 if left out")
    one.add_argument("--json", action="store_true", help="print one JSON object an exercise")
    one.set_defaults(command=audit)

    one = commands.add_parser("explain", help="say why a submission has its score", description=explain.__doc__)
    one.add_argument("student", metavar="STUDENT")
    one.add_argument("assignment", metavar="ASSIGNMENT")
    one.add_argument("--hidden", action="store_true", help="show the hidden inputs of failed cases (instructors only)")
    one.set_defaults(command=explain)

    one = commands.add_parser("compare", help="show what a regrade would change", description=compare.__doc__)
    one.add_argument("assignment", metavar="ASSIGNMENT")
    one.add_argument("--all", action="store_true", help="show the verdicts that stay, too")
    one.set_defaults(command=compare)

    one = commands.add_parser("demo", help="grade a made-up class", description=demo.__doc__)
    one.add_argument("--folder", type=Path, default=Path(".demo"), metavar="DIR", help="where to; .demo if left out")
    one.set_defaults(command=demo)
    return parser
