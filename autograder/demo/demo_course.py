"""Create the demo's course directory, with the submissions of the made-up class."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from autograder.authoring.new_course import create_course
from autograder.demo.students import STUDENTS, Student
from autograder.errors import AutograderError

ASSIGNMENT = "3-softmax"
FUNCTION = "softmax"
ANSWERS = Path(__file__).parent / "answers"
_MARKER_FILE = "made-by-autograder-demo"


class DemoError(AutograderError):
    """Raised if the folder contains something other than an earlier demo."""


def create_demo_course(folder: Path) -> None:
    """Create a course with a submission of each student who submits, in place of an earlier demo."""
    _remove_earlier_demo(folder)
    create_course(folder)
    (folder / _MARKER_FILE).touch()
    set_demo_settings(folder / "course.yml")
    for student in STUDENTS:
        if student.submitted:
            submit(folder, student)


def set_demo_settings(course_file: Path) -> None:
    """Give the demo a due date, a visible late policy, and limits that end an endless loop soon."""
    settings = yaml.safe_load(course_file.read_text(encoding="utf-8"))
    settings |= {
        "title": "Attention, a made-up class",
        "time_zone": "UTC",  # in which the due date is written
        "due": {ASSIGNMENT: _due_date().isoformat()},
        "late": {"grace": "15 minutes", "per_day": 0.1, "last_day": 7},
        "limits": {"seconds": 1, "total_seconds": 30},
    }
    course_file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")


def submit(folder: Path, student: Student) -> None:
    """Put a student's answer into the released notebook and submit it."""
    release = folder / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = json.loads(release.read_text(encoding="utf-8"))
    if student.answer:
        answer = (ANSWERS / f"{student.answer}.py").read_text(encoding="utf-8")
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == FUNCTION:
                cell["source"] = answer.rstrip("\n")
    target = folder / "submitted" / student.id / ASSIGNMENT
    target.mkdir(parents=True)
    (target / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    submitted_at = _due_date() + (timedelta(days=student.days_late) if student.days_late else timedelta(hours=-3))
    (target / "timestamp.txt").write_text(submitted_at.strftime("%Y-%m-%d %H:%M:%S UTC"), encoding="utf-8")


def _due_date() -> datetime:
    """Return yesterday at noon, UTC."""
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def _remove_earlier_demo(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARKER_FILE).exists():
        raise DemoError(f"{folder.absolute()} is not a demo's folder. Move it away, or name another: --folder DIR.")
    shutil.rmtree(folder, ignore_errors=True)
