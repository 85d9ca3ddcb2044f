"""Run the demo: create the course, grade the class, and print the results."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder import batch
from autograder.course.settings import load_course
from autograder.demo.demo_course import ASSIGNMENT, create_demo_course
from autograder.demo.students import STUDENTS
from autograder.formatting import format_points, format_verdict
from autograder.gradebook.verdict_table import StoredVerdict, load_verdicts
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands, nbgrader_application
from autograder.sandbox import LEVEL_DESCRIPTIONS, Level

SHOWN_STUDENT = "novak"  # whose feedback is printed


def run_demo(folder: Path, console: Console) -> None:
    """Create a course in ``folder``, grade its class and print the results.

    Raises `DemoError` if the folder contains something other than an earlier demo.
    """
    started = time.monotonic()
    # nbgrader looks for alembic on PATH. It is next to this Python, even if its environment is not active.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with console.status("building the course"):
        create_demo_course(folder)
    # The folder may be a relative path, which means another folder once nbgrader has changed the working directory.
    course = load_course(folder.absolute())
    with nbgrader_application(folder) as app:
        commands = NbgraderCommands(app, ASSIGNMENT)
        with console.status("filling the gradebook"):
            commands.generate()
            for student in STUDENTS:
                commands.enrol(student.id, student.first_name, student.last_name)
        console.print(f"$ autograder grade {ASSIGNMENT} --feedback", style="bold")
        summary = batch.grade(course, ASSIGNMENT, batch.Options(feedback=True), console)
        batch.show_summary(console, summary)
        scores = commands.scores()
        verdicts = {verdict.student: verdict for verdict in load_verdicts(commands.db_url, ASSIGNMENT)}
    console.print()
    console.print(_class_table(verdicts, scores))
    console.print(f"What {SHOWN_STUDENT} reads", style="bold")
    console.print(format_verdict(verdicts[SHOWN_STUDENT]), markup=False, highlight=False, soft_wrap=True)
    _print_where_to_look(console, folder, verdicts[SHOWN_STUDENT].isolation, time.monotonic() - started)


def _class_table(verdicts: Mapping[str, StoredVerdict], scores: dict[str, Any]) -> Table:
    """Show each student's status, points, late penalty and named mistake."""
    table = Table(title=f"{ASSIGNMENT}: {len(STUDENTS)} students", title_justify="left")
    for heading in ("student", "status", "points", "late", "named mistake"):
        table.add_column(heading, justify="right" if heading in ("points", "late") else "left")
    for student in STUDENTS:
        name = f"{student.first_name} {student.last_name}"
        if student.id not in verdicts:
            table.add_row(name, "missing", "–", "", "nothing submitted", style="dim")
            continue
        verdict, (_, penalty, _) = verdicts[student.id], scores[student.id]
        points = f"{format_points(verdict.score)} / {format_points(verdict.max_score)}"
        mistake = verdict.misconceptions[0] if verdict.misconceptions else ""
        table.add_row(name, verdict.status, points, f"–{penalty:.2f}" if penalty else "", mistake)
    return table


def _print_where_to_look(console: Console, folder: Path, isolation: str, seconds: float) -> None:
    """Print where the results are, and how to open them."""
    console.print()
    binaries = Path(sys.executable).parent
    is_below = binaries.is_relative_to(Path.cwd())
    jupyter = os.path.relpath(binaries / "jupyter", folder) if is_below else binaries / "jupyter"
    for name, value in (
        ("isolation", f"{isolation}: {LEVEL_DESCRIPTIONS[Level(isolation)]}"),
        ("gradebook", folder / "gradebook.db"),
        ("feedback", folder / "feedback" / SHOWN_STUDENT / ASSIGNMENT / f"{ASSIGNMENT}.html"),
        ("formgrader", f"cd {folder} && {jupyter} lab   then the menu Nbgrader, Formgrader"),
        ("time", f"{seconds:.0f} s"),
    ):
        console.print(f"{name:11} {value}", markup=False, highlight=False, soft_wrap=True)
