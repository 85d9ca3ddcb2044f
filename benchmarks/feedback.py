"""What a further feedback page costs, as ratios: nbgrader's own, that of our exporter, and `FeedbackRenderer`.

    python benchmarks/feedback.py                     10 rounds of a class
    ... --rounds N, --json FILE

The sides take turns, notebook by notebook: each reads the graded notebook and writes the page; nbgrader reads the marks
from the gradebook, and `FeedbackRenderer` gets them as an argument, or reads them, too. Each has made a page before, so
none pays for its start. In every round each student's code and the report on it are new, as in a class in which nobody
writes what another wrote; `seen before` is the other end, the same pages once more.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateFeedback
from traitlets.config import Config

from autograder.authoring.new_course import create_course
from autograder.batch.feedback_pages import FeedbackRenderer
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.course.settings import load_course
from autograder.demo import demo_course
from autograder.demo.students import Student
from autograder.feedback.report_outputs import REPORT_TYPE
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.nbgrader_plugin.late_penalties import CourseDates
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands, nbgrader_application

NAME = demo_course.ASSIGNMENT
ANSWERS = ("right_broadcast", "no_shift", "over_queries", "last_axis_only", "right_logsumexp", "no_keepdims")
Side = Callable[[Path], object]


def graded(root: Path, app: Any) -> list[Path]:
    """The graded notebooks of a small class, in which every answer is another."""
    commands = NbgraderCommands(app, NAME)
    commands.generate()
    for answer in ANSWERS:
        demo_course.submit(root, Student(answer, "", "", answer))
        commands.autograde(answer)
    return [path_of(root, answer) for answer in ANSWERS]


def path_of(root: Path, student: str) -> Path:
    """Where a graded notebook lies."""
    return root / "autograded" / student / NAME / f"{NAME}.ipynb"


def renew(path: Path, original: Any, words: str) -> None:
    """Write a notebook with code and a report in it that no page had before."""
    notebook = copy.deepcopy(original)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = f"# {words}\n{cell.source}"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if REPORT_TYPE in data:
                data["text/html"] += f"<p>{words}</p>"  # what nbgrader's own page shows
                data[REPORT_TYPE]["message"] += f" {words}"  # what ours shows
    path.unlink()  # nobody may write into it
    nbformat.write(notebook, path)


def nbgraders(app: Any, config: Config) -> Side:
    """`nbgrader generate_feedback` under a configuration, after its start."""
    converter = GenerateFeedback(coursedir=app.coursedir, config=config)
    converter.force = True
    converter.log.setLevel("CRITICAL")
    converter.start()
    return lambda path: converter.convert_single_notebook(str(path))


def ours(root: Path, config: Config, read_grades: Callable[[str], NotebookGrades]) -> Side:
    """`FeedbackRenderer`, after its start."""
    pages = FeedbackRenderer(config)

    def page(path: Path) -> None:
        student = path.parts[-3]
        made = pages.page(path.read_bytes(), read_grades(student))
        (root / "feedback" / student / NAME / f"{NAME}.html").write_text(made, encoding="utf-8")

    for answer in ANSWERS:
        page(path_of(root, answer))
    return page


def measure(sides: dict[str, Side], paths: list[Path], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page by side."""
    originals = [nbformat.read(path, as_version=4) for path in paths]
    found: dict[str, list[float]] = {name: [] for name in [*sides, "FeedbackRenderer, seen before"]}

    def timed(name: str, side: Side, path: Path) -> None:
        start = time.perf_counter()
        side(path)
        found[name].append((time.perf_counter() - start) * 1e3)

    for round_ in range(rounds):
        for number, (path, original) in enumerate(zip(paths, originals, strict=True)):
            renew(path, original, f"{round_} {number}")
            names = list(sides)
            turn = (round_ + number) % len(names)
            for name in names[turn:] + names[:turn]:
                timed(name, sides[name], path)
            timed("FeedbackRenderer, seen before", sides["FeedbackRenderer"], path)
    return found


def main() -> None:
    """Measure, print, and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    # nbgrader calls alembic from PATH: it lies beside this Python, whether the environment is active or not.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "course"
        create_course(root)
        with nbgrader_application(root) as app:
            paths = graded(root, app)
            app.coursedir.assignment_id = NAME
            stock = Config(CourseDirectory=app.config.CourseDirectory)
            with GradebookWriter(app.coursedir, CourseDates(load_course(root), NAME, app.log), lambda *_: 0.0) as book:

                def read(student: str) -> NotebookGrades:
                    return book.grades([student])[student][0]

                sides = {
                    "nbgrader's own": nbgraders(app, stock),
                    "nbgrader with our exporter": nbgraders(app, app.config),
                    "FeedbackRenderer, reading the marks": ours(root, app.config, read),
                    "FeedbackRenderer": ours(
                        root, app.config, {answer: read(answer) for answer in ANSWERS}.__getitem__
                    ),
                }
                found = measure(sides, paths, options.rounds)
    base = found["nbgrader's own"]
    figures = {
        name: {
            "times as fast": statistics.median(base) / statistics.median(ms),
            "times as fast in pairs": statistics.median(a / b for a, b in zip(base, ms, strict=True)),
            "median ms": statistics.median(ms),
        }
        for name, ms in found.items()
    }
    for name, one in figures.items():
        print(
            f"{name:38} {one['median ms']:6.1f} ms a page, {one['times as fast']:5.1f} times as fast as nbgrader's own "
            f"({one['times as fast in pairs']:.1f} in pairs)"
        )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
