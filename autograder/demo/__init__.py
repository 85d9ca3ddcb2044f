"""``autograder demo``: a class of 30 made-up students, graded into an SQLite gradebook in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from autograder import batch, formatting
from autograder.authoring.new_course import create_course
from autograder.course.settings import load_course
from autograder.demo.students import CLASS, Student
from autograder.errors import AutograderError
from autograder.gradebook import verdict_table
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands, nbgrader_application
from autograder.sandbox import LEVEL_DESCRIPTIONS, Level

FOLDER = Path(".demo")
ASSIGNMENT = "3-softmax"
FUNCTION = "softmax"
SHOWN = "novak"  # whose feedback is printed
_MARK = "made-by-autograder-demo"
_ANSWERS = Path(__file__).parent / "answers"


class DemoError(AutograderError):
    """The demo cannot run here; the text says what would work."""


def demo(folder: Path, console: Console) -> None:
    """Make a course in ``folder``, hand in for a class, grade it, and print what came out."""
    started = time.monotonic()
    _clear(folder)
    # nbgrader calls alembic from PATH: it lies beside this Python, whether the environment is active or not.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with console.status("building the course"):
        create_course(folder)
        (folder / _MARK).touch()
        _adapt(folder / "course.yml")
        for student in CLASS:
            if student.submitted:
                hand_in(folder, student)
    course = load_course(folder.absolute())
    with nbgrader_application(folder) as app:
        commands = NbgraderCommands(app, ASSIGNMENT)
        with console.status("telling the gradebook"):
            commands.generate()
            for student in CLASS:
                commands.enrol(student.id, student.first_name, student.last_name)
        console.print(f"$ autograder grade {ASSIGNMENT} --feedback", style="bold")
        summary = batch.grade(course, ASSIGNMENT, batch.Options(feedback=True), console)
        batch.show_summary(console, summary)
        scores = commands.scores()
        rows = {row.student: row for row in verdict_table.load_verdicts(commands.db_url, ASSIGNMENT)}
    console.print()
    console.print(_class(rows, scores))
    console.print(f"What {SHOWN} reads", style="bold")
    console.print(formatting.format_verdict(rows[SHOWN]), markup=False, highlight=False, soft_wrap=True)
    _say_where(console, folder, next(iter(rows.values())).isolation, time.monotonic() - started)


def hand_in(folder: Path, student: Student) -> None:
    """Put a student's answer into the released notebook and submit it."""
    notebook = json.loads((folder / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    if student.answer:
        answer = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == FUNCTION)
        answer["source"] = (_ANSWERS / f"{student.answer}.py").read_text(encoding="utf-8").rstrip("\n")
    target = folder / "submitted" / student.id / ASSIGNMENT
    target.mkdir(parents=True)
    (target / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    when = _due() + (timedelta(days=student.days_late) if student.days_late else timedelta(hours=-3))
    (target / "timestamp.txt").write_text(when.strftime("%Y-%m-%d %H:%M:%S UTC"), encoding="utf-8")


def _due() -> datetime:
    """The demo's due date: yesterday at noon, UTC."""
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def _adapt(course: Path) -> None:
    """A due date for the class, a late policy that shows, and limits under which a loop does not keep it waiting."""
    settings = yaml.safe_load(course.read_text(encoding="utf-8"))
    settings |= {
        "title": "Attention, a made-up class",
        "due": {ASSIGNMENT: _due().isoformat()},
        "late": {"grace": "15 minutes", "per_day": 0.1, "last_day": 7},
        "limits": {"seconds": 1, "total_seconds": 30},
    }
    course.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")


def _clear(folder: Path) -> None:
    """Remove an earlier demo; anything else that lies there is left alone."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise DemoError(f"{folder.absolute()} is not a demo's folder. Move it away, or name another: --folder DIR.")
    shutil.rmtree(folder, ignore_errors=True)


def _class(rows: dict[str, Any], scores: dict[str, Any]) -> Table:
    """The class as a table: who, how it ended, points, what was lost for lateness, and the mistake that was named."""
    found = Table(title=f"{ASSIGNMENT}: {len(CLASS)} students", title_justify="left")
    for heading in ("student", "status", "points", "late", "named mistake"):
        found.add_column(heading, justify="right" if heading in ("points", "late") else "left")
    for student in CLASS:
        name = f"{student.first_name} {student.last_name}"
        if student.id not in rows:
            found.add_row(name, "missing", "–", "", "nothing handed in", style="dim")
            continue
        row, (_, penalty, _) = rows[student.id], scores[student.id]
        found.add_row(
            name,
            row.status,
            f"{formatting.format_points(row.score)} / {formatting.format_points(row.max_score)}",
            f"–{penalty:.2f}" if penalty else "",
            row.misconceptions[0] if row.misconceptions else "",
        )
    return found


def _say_where(console: Console, folder: Path, isolation: str, seconds: float) -> None:
    """Where everything lies, and how to look at it."""
    console.print()
    python = Path(sys.executable).parent
    jupyter = os.path.relpath(python / "jupyter", folder) if python.is_relative_to(Path.cwd()) else python / "jupyter"
    for name, value in (
        ("isolation", f"{isolation}: {LEVEL_DESCRIPTIONS[Level(isolation)]}"),
        ("gradebook", folder / "gradebook.db"),
        ("feedback", folder / "feedback" / SHOWN / ASSIGNMENT / f"{ASSIGNMENT}.html"),
        ("formgrader", f"cd {folder} && {jupyter} lab   then the menu Nbgrader, Formgrader"),
        ("time", f"{seconds:.0f} s"),
    ):
        console.print(f"{name:11} {value}", markup=False, highlight=False, soft_wrap=True)
