"""Turn a submitted file into the sources to judge. All commands read submissions here, and nothing in them is run."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.student_files import loading
from autograder.student_files.loading import Notebook, UnreadableNotebookError
from autograder.submission.restore import restore_notebook
from autograder.submission.submitted_file import Rejection, SubmittedFile, read_file
from autograder.verdict import Status


@dataclass(frozen=True)
class Submission:
    """A submission that can be judged.

    ``sources`` are pairs of a label and Python source that run in order in one namespace. ``notes`` say what was
    corrected. ``doubt`` says what a person has to confirm, and is empty if nothing does. ``notebook`` is the notebook
    restored from its release, and None for a Python file.
    """

    sources: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    doubt: str = ""
    notebook: Notebook | None = None


def read_submission(path: Path, releases: Path | None = None) -> Submission | Rejection:
    """Read a notebook or a Python file.

    ``releases`` is the assignments/ folder of a course. A notebook that names one of these assignments is restored
    from its release.
    """
    file = read_file(path)
    if isinstance(file, Rejection):
        return file
    if path.suffix == ".py":
        return parse_script(file)
    return parse_notebook(file, releases=releases)


def parse_notebook(
    file: SubmittedFile, release: Notebook | None = None, releases: Path | None = None
) -> Submission | Rejection:
    """Return the cells of a notebook that run, after it was restored from its release.

    The release is ``release`` or, if that is None, the one in the folder ``releases`` that the notebook names.
    """
    try:
        notebook = loading.parse_notebook(file.data)
        if release is None and releases is not None:
            release = load_release(releases, _assignment_of(notebook))
    except UnreadableNotebookError as error:
        return Rejection(Status.UNREADABLE, str(error))
    notes: tuple[str, ...] = ()
    if release is not None:
        restored = restore_notebook(release, notebook)
        notebook, notes = restored.notebook, restored.notes
        if restored.problem:
            return Rejection(Status.ALTERED, restored.problem, notebook)
    illustrations = loading.illustration_hashes(release) if release is not None else None
    try:
        code = loading.read_code(notebook, illustrations)
    except UnreadableNotebookError as error:
        return Rejection(Status.UNREADABLE, str(error), notebook)
    notes = (*notes, *code.notes)
    if file.doubt:
        notes = (*notes, file.doubt)
    return Submission(code.sources, notes, file.doubt, notebook)


def parse_script(file: SubmittedFile) -> Submission | Rejection:
    """Return the source of a Python file, decoded as Python does."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(file.data).readline)
        source = io.TextIOWrapper(io.BytesIO(file.data), encoding).read()
    except (SyntaxError, UnicodeDecodeError, LookupError):
        source = "\0"
    if "\0" in source:
        return Rejection(Status.UNREADABLE, "This is not Python text. Save the file as UTF-8 text and submit it again.")
    try:
        code = loading.read_script(source)
    except UnreadableNotebookError as error:
        return Rejection(Status.UNREADABLE, str(error))
    return Submission(code.sources, code.notes)


def load_release(releases: Path, assignment: Any) -> Notebook | None:
    """Return the released notebook of an assignment from a course's assignments/ folder, if there is one.

    ``assignment`` may be anything that a submission says. Raises `UnreadableNotebookError`.
    """
    # The name must not become part of a path before it was found among the course's own.
    if not releases.is_dir() or assignment not in [path.name for path in releases.iterdir()]:
        return None
    path = releases / assignment / f"{assignment}.ipynb"
    return loading.parse_notebook(path.read_bytes()) if path.is_file() else None


def _assignment_of(notebook: Notebook) -> Any:
    """Return the assignment that a notebook says it belongs to."""
    metadata = notebook.get("metadata")
    own_metadata = metadata.get("autograder") if isinstance(metadata, dict) else None
    return own_metadata.get("assignment") if isinstance(own_metadata, dict) else None
