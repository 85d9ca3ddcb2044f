"""What is the same for every submission of a run; it travels once to each worker."""

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
from autograder.submission import companion_files
from autograder.submission.restore import Notebook


class BatchError(AutograderError):
    """The assignment cannot be graded as things are; the text says what would work."""


@dataclass(frozen=True)
class SourceCell:
    """A cell as the gradebook knows it since the release was made."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str | None


@dataclass(frozen=True)
class AssignmentNotebook:
    """A notebook of the assignment: its release, and what the gradebook knows of its cells."""

    name: str
    release: Notebook
    kernelspec: dict[str, Any] | None
    cells: Mapping[str, SourceCell]
    points: Mapping[str, float]

    @property
    def functions(self) -> tuple[str, ...]:
        """The exercises in it."""
        return tuple(name for name in map(grading_context.function_of, self.release["cells"]) if name)


@dataclass(frozen=True)
class AssignmentBundle:
    """An assignment to grade. ``files`` are the course's own that judging needs, by their names below its root."""

    assignment: str
    config: Config
    notebooks: tuple[AssignmentNotebook, ...]
    files: Mapping[str, bytes]
    instructors: Mapping[str, bytes]  # files that go beside every submission in place of its own
    ignored: tuple[str, ...]  # names of files that nbgrader leaves out


def load_bundle(folder: Any, config: Config, course: Course) -> AssignmentBundle | None:
    """The assignment of an nbgrader ``CourseDirectory``; None where a notebook of it is not of this kind."""
    assignment = folder.assignment_id
    again = f"Run: nbgrader generate_assignment {assignment} --force"
    with Gradebook(folder.db_url, folder.course_id) as gradebook:
        try:
            rows = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            raise BatchError(f"the gradebook does not know {assignment} yet. {again}") from None
        notebooks = []
        for row in rows:
            try:
                path, release = grading_context.load_release(folder, assignment, row.name)
            except (ValueError, LookupError, TypeError):
                raise BatchError(f"the release of {row.name} is no notebook that can be read. {again}") from None
            if release is None:
                if not path.exists():
                    raise BatchError(f"{path} is not there, and submissions are graded by it. {again}")
                return None
            notebooks.append(_known(row, release))
    if not notebooks:
        raise BatchError(f"{assignment} has no notebooks in the gradebook. {again}")
    source = Path(folder.format_path(folder.source_directory, ".", assignment))
    own = sorted(path for path in (course.root / "exercises").rglob("*") if path.suffix in (".py", ".yml"))
    files = [course.root / COURSE_FILE, *own]
    return AssignmentBundle(
        assignment,
        config,
        tuple(notebooks),
        {str(path.relative_to(course.root)): path.read_bytes() for path in files},
        companion_files.read_folder(source, folder.ignore),
        tuple(folder.ignore),
    )


def _known(row: Row, release: Notebook) -> AssignmentNotebook:
    cells = {
        cell.name: SourceCell(cell.name, cell.cell_type, cell.locked, cell.source, cell.checksum)
        for cell in row.source_cells
    }
    points = {cell.name: float(cell.max_score) for cell in (*row.grade_cells, *row.task_cells)}
    return AssignmentNotebook(row.name, release, json.loads(row.kernelspec) if row.kernelspec else None, cells, points)


def fingerprint(of: AssignmentBundle, course: Course) -> str:
    """Of everything that a verdict on this assignment hangs on, but for the submission itself."""
    functions = sorted({name for known in of.notebooks for name in known.functions})
    parts: dict[str, Any] = {
        "version": GRADING_VERSION,
        "releases": [(known.name, known.release, sorted(known.points.items())) for known in of.notebooks],
        "files": [(name, hashlib.sha256(data).hexdigest()) for name, data in sorted(of.instructors.items())],
        "exercises": [(name, catalogue.exercise_fingerprint(name, course.root)) for name in functions],
        "points": {name: course.points.get(name) for name in functions},
        "leave_out": course.leave_out if functions else (),
        "limits": vars(course.limits),
        "late": repr(course.late),
        "due": str(course.due.get(of.assignment)),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=list).encode()).hexdigest()
