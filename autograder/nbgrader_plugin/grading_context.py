"""What a submitted notebook is graded with: its release, course, seed and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course import seeds
from autograder.course.settings import Course, load_course
from autograder.exercise import Exercise
from autograder.formatting import strip_control_characters
from autograder.nbgrader_plugin.course_lookup import course_directory, find_course
from autograder.submission.restore import AlteredNotebookError, Notebook, restore_notebook
from autograder.verdict import Status

_RESOURCES_KEY = "attention-course: grading context"


@dataclass(frozen=True)
class Rejection:
    """Why a notebook is not judged."""

    status: Status
    message: str


@dataclass(frozen=True)
class GradingContext:
    """What a notebook is graded with.

    ``release`` is None for an assignment that this course did not build. ``notes`` say what was put right when the
    notebook was restored, ``rejection`` why nothing in it is judged. ``files`` lie beside the notebook while its cells
    run; None stands for the files on disk.
    """

    release: Notebook | None
    course: Course | None
    seed: int
    notes: tuple[str, ...] = ()
    rejection: Rejection | None = None
    files: Mapping[str, bytes] | None = None

    def attach_to(self, resources: dict[str, Any]) -> None:
        """Make `get_context` return this context wherever it is called with ``resources``."""
        resources[_RESOURCES_KEY] = self

    def exercise_of(self, cell: Any) -> Exercise:
        """Return the exercise that a graded cell of the release belongs to."""
        assert self.course is not None, "a release with exercises belongs to a course"
        return self.course.exercise(function_of(cell))


def get_context(preprocessor: Any, resources: dict[str, Any]) -> GradingContext:
    """Return what this notebook is graded with.

    `autograder grade` attaches it beforehand. Otherwise it is read from disk, never from the submission, so a student
    cannot choose how it is graded. Raises `CourseError` if course.yml is invalid.
    """
    if _RESOURCES_KEY not in resources:
        _context_on_disk(preprocessor, resources["nbgrader"]).attach_to(resources)
    context: GradingContext = resources[_RESOURCES_KEY]
    return context


def _context_on_disk(preprocessor: Any, ids: Mapping[str, str]) -> GradingContext:
    directory, course = course_directory(preprocessor), find_course(preprocessor)
    _, release = load_release(directory, ids["assignment"], ids["notebook"])
    if release is None:
        return GradingContext(None, course, 0)
    submitted = nbformat.read(submitted_path(directory, ids), as_version=4)
    _, notes, rejection = restore(release, as_plain_data(submitted))
    root = Path(directory.root)
    seed = seeds.seed_for(root, ids["assignment"], ids["student"])
    return GradingContext(release, course or load_course(root), seed, notes, rejection)


def load_release(directory: Any, assignment: str, notebook: str) -> tuple[Path, Notebook | None]:
    """Return where the released notebook is stored, and the notebook if this course built it or it has our exercises.

    Only such a release decides what is graded and how; nothing in a submission does. ``directory`` is an nbgrader
    ``CourseDirectory``. Raises ``ValueError``, ``LookupError`` or ``TypeError`` if the file is not a notebook.
    """
    path = Path(directory.format_path(directory.release_directory, ".", assignment)) / f"{notebook}.ipynb"
    if not path.is_file():
        return path, None
    release = json.loads(path.read_text(encoding="utf-8"))
    built_here = "autograder" in release["metadata"] or any(function_of(cell) for cell in release["cells"])
    return path, release if built_here else None


def submitted_path(directory: Any, ids: Mapping[str, str]) -> Path:
    """Return where the submitted notebook is stored; ``ids`` are nbgrader's, of student, assignment and notebook."""
    folder = Path(directory.format_path(directory.submitted_directory, ids["student"], ids["assignment"]))
    return folder / f"{ids['notebook']}.ipynb"


def restore(release: Notebook, submitted: Notebook) -> tuple[Notebook, tuple[str, ...], Rejection | None]:
    """Return the notebook to grade, what was put right in it, and why it cannot be judged if it cannot be matched."""
    try:
        return (*restore_notebook(release, submitted), None)
    except AlteredNotebookError as error:
        return error.notebook, (), Rejection(Status.ALTERED, str(error))


def log_notes(log: Logger, notes: tuple[str, ...], rejection: Rejection | None) -> None:
    """Log what was put right in a notebook and why it is not judged, without control characters of the student's."""
    for note in (*notes, *([rejection.message] if rejection else [])):
        log.warning("%s", strip_control_characters(note))


def function_of(cell: Any) -> str:
    """Return the function of the exercise that a graded cell belongs to; empty for any other cell."""
    grading_data, own_data = cell["metadata"].get("nbgrader"), cell["metadata"].get("autograder")
    if not (isinstance(grading_data, dict) and grading_data.get("grade") and isinstance(own_data, dict)):
        return ""
    return str(own_data.get("exercise", ""))


def has_exercise(cell: Any) -> bool:
    """Whether a cell is the graded cell of an exercise."""
    return bool(function_of(cell))


def as_plain_data(nb: NotebookNode) -> Notebook:
    """Return a notebook as plain data, without lone surrogates, which JSON can hold and a UTF-8 file cannot."""
    notebook: Notebook = json.loads(json.dumps(nb, ensure_ascii=False).encode("utf-8", "replace"))
    return notebook
