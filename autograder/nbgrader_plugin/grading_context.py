"""What one submitted notebook is judged by: the stock command finds it on disk, a batch brings it along."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course import seeds
from autograder.course.settings import Course, load_course
from autograder.nbgrader_plugin.course_lookup import course_directory, course_of
from autograder.student_files.loading import Notebook
from autograder.submission.restore import restore_notebook
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Status

_KEY = "attention-course: given"  # where a batch puts it


@dataclass(frozen=True)
class GradingContext:
    """What a notebook is judged by: the release where it is of this kind, and what was found out by it."""

    release: Notebook | None
    course: Course | None
    seed: int
    notes: tuple[str, ...] = ()  # what was put right
    refused: Rejection | None = None  # why nothing in it is judged
    files: Mapping[str, bytes] | None = None  # what lies beside the notebook while its cells run; None: as on disk

    def bring(self, resources: dict[str, Any]) -> None:
        """Put this where `of` looks first."""
        resources[_KEY] = self


def get_context(preprocessor: Any, resources: dict[str, Any]) -> GradingContext:
    """What was brought along; otherwise what is on disk, found out again so that no notebook can say otherwise."""
    if _KEY not in resources:
        _on_disk(preprocessor, resources["nbgrader"]).bring(resources)
    found: GradingContext = resources[_KEY]
    return found


def _on_disk(preprocessor: Any, about: Mapping[str, str]) -> GradingContext:
    folder, course = course_directory(preprocessor), course_of(preprocessor)
    _, by = release(folder, about["assignment"], about["notebook"])
    if by is None:
        return GradingContext(None, course, 0)
    _, notes, refused = rebuilt(by, plain(nbformat.read(submitted(folder, about), as_version=4)))
    seed = seeds.seed_for(Path(folder.root), about["assignment"], about["student"])
    return GradingContext(by, course or load_course(Path(folder.root)), seed, notes, refused)


def release(folder: Any, assignment: str, notebook: str) -> tuple[Path, Notebook | None]:
    """Where the released notebook lies; and the notebook, where it was built by this course or has exercises of ours.

    Only such a release says what is graded, and how: a submission may say of itself what it likes.
    """
    path = Path(folder.format_path(folder.release_directory, ".", assignment)) / f"{notebook}.ipynb"
    if not path.is_file():
        return path, None
    found = json.loads(path.read_text(encoding="utf-8"))
    built = "autograder" in found["metadata"]
    return path, found if built or any(function_of(cell) for cell in found["cells"]) else None


def submitted(folder: Any, about: Mapping[str, str]) -> Path:
    """Where the submitted notebook lies."""
    path = Path(folder.format_path(folder.submitted_directory, about["student"], about["assignment"]))
    return path / f"{about['notebook']}.ipynb"


def rebuilt(by: Notebook, nb: Notebook) -> tuple[Notebook, tuple[str, ...], Rejection | None]:
    """The notebook to grade, what was put right in it, and why nothing could be matched where that is so."""
    restored = restore_notebook(by, nb)
    rejection = Rejection(Status.ALTERED, restored.problem) if restored.problem else None
    return restored.notebook, restored.notes, rejection


def function_of(cell: Any) -> str:
    """The exercise that a graded cell belongs to; empty for any other cell."""
    grading_data, ours = cell["metadata"].get("nbgrader"), cell["metadata"].get("autograder")
    if not (isinstance(grading_data, dict) and grading_data.get("grade") and isinstance(ours, dict)):
        return ""
    return str(ours.get("exercise", ""))


def plain(nb: NotebookNode) -> Notebook:
    """A notebook as plain data, without the halves of characters that JSON can hold and no file can."""
    notebook: Notebook = json.loads(json.dumps(nb, ensure_ascii=False).encode("utf-8", "replace"))
    return notebook
