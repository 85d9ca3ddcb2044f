"""Data that all submissions of a run share. A cluster sends it to each worker once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.api import Notebook as Row
from traitlets.config import Config

from autograder.course import catalogue
from autograder.course.settings import COURSE_FILE, Course
from autograder.errors import AutograderError
from autograder.grading.grader import GRADING_VERSION
from autograder.nbgrader_plugin import grading_context
from autograder.student_files.loading import Notebook
from autograder.submission import companion_files

# What an instructor calls each part of a fingerprint.
_PART_NAMES = {
    "version": "grading version",
    "releases": "release",
    "files": "instructor's files",
    "exercises": "exercise",
    "points": "points in course.yml",
    "leave_out": "leave_out in course.yml",
    "limits": "limits in course.yml",
    "late": "late policy",
    "time_zone": "time zone",
    "due": "due date",
}
_PART_LENGTH = 12  # characters of a hash


class BatchError(AutograderError):
    """Raised if an assignment cannot be graded as things are; the text ends with what to do."""


@dataclass(frozen=True)
class SourceCell:
    """A cell as the gradebook has it since the release was generated."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str | None


@dataclass(frozen=True)
class AssignmentNotebook:
    """A notebook of the assignment: its release, and its cells and their points in the gradebook, by name."""

    name: str
    release: Notebook
    kernelspec: dict[str, Any] | None
    cells: Mapping[str, SourceCell]
    points: Mapping[str, float]

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the functions that the notebook asks for."""
        return tuple(filter(None, map(grading_context.function_of, self.release["cells"])))


@dataclass(frozen=True)
class AssignmentBundle:
    """An assignment to grade, with everything that a worker needs except the submissions.

    ``course_files`` are `course.yml` and the course's exercises, by their paths in the course. ``instructors`` are
    files that replace each submission's files of the same name. ``ignored`` are the patterns of files that nbgrader
    leaves out.
    """

    assignment: str
    config: Config
    notebooks: tuple[AssignmentNotebook, ...]
    course_files: Mapping[str, bytes]
    instructors: Mapping[str, bytes]
    ignored: tuple[str, ...]


def load_bundle(course_directory: Any, config: Config, course: Course) -> AssignmentBundle | None:
    """Load the assignment of an nbgrader ``CourseDirectory``; None if a notebook was not built by this course.

    Raises `BatchError` if the gradebook does not know the assignment, or a release cannot be read.
    """
    assignment = course_directory.assignment_id
    advice = f"Run: nbgrader generate_assignment {assignment} --force"
    notebooks = []
    with Gradebook(course_directory.db_url, course_directory.course_id) as gradebook:
        try:
            rows = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            raise BatchError(f"the gradebook does not know {assignment} yet. {advice}") from None
        for row in rows:
            release = _load_release(course_directory, row.name, advice)
            if release is None:
                return None
            notebooks.append(_assignment_notebook(row, release))
    if not notebooks:
        raise BatchError(f"{assignment} has no notebooks in the gradebook. {advice}")
    source_folder = Path(course_directory.format_path(course_directory.source_directory, ".", assignment))
    return AssignmentBundle(
        assignment=assignment,
        config=config,
        notebooks=tuple(notebooks),
        course_files=_read_course_files(course),
        instructors=companion_files.read_folder(source_folder, course_directory.ignore),
        ignored=tuple(course_directory.ignore),
    )


def assignment_fingerprint(bundle: AssignmentBundle, course: Course) -> str:
    """Return a hash of everything that a verdict on this assignment depends on, except the submission itself."""
    return _hash(_fingerprint_parts(bundle, course))


def assignment_parts(bundle: AssignmentBundle, course: Course) -> dict[str, str]:
    """Return a short hash of each part of `assignment_fingerprint`, by what an instructor calls the part."""
    return {
        _PART_NAMES[name]: _hash({name: value})[:_PART_LENGTH]
        for name, value in _fingerprint_parts(bundle, course).items()
    }


def _fingerprint_parts(bundle: AssignmentBundle, course: Course) -> dict[str, Any]:
    functions = sorted({name for notebook in bundle.notebooks for name in notebook.functions})
    return {
        "version": GRADING_VERSION,
        "releases": [
            (notebook.name, notebook.release, sorted(notebook.points.items())) for notebook in bundle.notebooks
        ],
        "files": [(name, hashlib.sha256(content).hexdigest()) for name, content in sorted(bundle.instructors.items())],
        "exercises": [(name, catalogue.exercise_fingerprint(name, course.root)) for name in functions],
        "points": {name: course.points.get(name) for name in functions},
        "leave_out": course.leave_out if functions else (),
        "limits": vars(course.limits),
        "late": repr(course.late),
        "time_zone": course.timezone.key,
        "due": str(course.due.get(bundle.assignment)),
    }


def _hash(parts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=list).encode()).hexdigest()


def _load_release(course_directory: Any, name: str, advice: str) -> Notebook | None:
    try:
        path, release = grading_context.load_release(course_directory, course_directory.assignment_id, name)
    except (ValueError, LookupError, TypeError):
        raise BatchError(f"the release of {name} is not a notebook that can be read. {advice}") from None
    if release is None and not path.exists():
        raise BatchError(f"{path} does not exist, and submissions are graded by it. {advice}")
    return release


def _assignment_notebook(row: Row, release: Notebook) -> AssignmentNotebook:
    return AssignmentNotebook(
        name=row.name,
        release=release,
        kernelspec=json.loads(row.kernelspec) if row.kernelspec else None,
        cells={
            cell.name: SourceCell(cell.name, cell.cell_type, cell.locked, cell.source, cell.checksum)
            for cell in row.source_cells
        },
        points={cell.name: float(cell.max_score) for cell in (*row.grade_cells, *row.task_cells)},
    )


def _read_course_files(course: Course) -> dict[str, bytes]:
    exercises = (path for path in (course.root / "exercises").rglob("*") if path.suffix in (".py", ".yml"))
    paths = [course.root / COURSE_FILE, *sorted(exercises)]
    return {str(path.relative_to(course.root)): path.read_bytes() for path in paths}
