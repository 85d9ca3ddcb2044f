"""Turn a submitted file into the sources to judge. All commands read submissions here, and nothing in them is run."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.student_files import loading, notebook_code
from autograder.student_files.loading import Notebook, UnreadableNotebookError
from autograder.submission import notebook_file
from autograder.submission.answer_text import binds_more_than_a_stub, defines_function
from autograder.submission.restore import assignment_of, restore_notebook
from autograder.submission.student_work import (
    StudentText,
    has_only_stubs,
    is_untouched_function,
    is_untouched_text,
)
from autograder.submission.submitted_file import Rejection, SubmittedFile, read_file
from autograder.verdict import Status

MAX_READINGS = 3  # besides the one that runs all cells
MAX_DEFINITIONS = 10  # the last ones, of one function


@dataclass(frozen=True)
class Submission:
    """A submission that can be judged.

    ``sources`` are pairs of a label and Python source that run in order in one namespace. ``notes`` say what was
    corrected. ``doubt`` says what a person has to confirm, and is empty if nothing does. ``notebook`` is the notebook
    restored from its release, and ``student_texts`` are the texts in it that differ from the release; both are None
    without a release. ``files`` are the Python files that its cells write.
    """

    sources: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    doubt: str = ""
    notebook: Notebook | None = None
    student_texts: tuple[StudentText, ...] | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    def is_untouched(self, function: str) -> bool:
        """Whether the student provably did not begin a function."""
        if self.student_texts is None:
            return has_only_stubs((source for _, source in self.sources), function)
        return is_untouched_function(self.student_texts, function)

    def has_no_text(self) -> bool:
        """Whether the student provably wrote no text outside of the answers that are code."""
        return self.student_texts is not None and is_untouched_text(self.student_texts)

    def has_only_given_definitions(self, function: str) -> bool:
        """Whether the release itself defines the function, as an example may, and the student nowhere does."""
        definitions = self._definitions(function)
        is_given = any(binds_more_than_a_stub(source, function) for _, source in definitions)
        return is_given and not any(self._is_students(*definition, function) for definition in definitions)

    def other_readings(self, function: str) -> Iterator[Submission]:
        """Yield the submission as it is without the cells that define the function again, from the last one on.

        The submission itself runs every cell, so that the last definition counts. Copied cells and drafts can define
        the function as well, and the student may mean either.
        """
        definitions = self._definitions(function)
        labels = [label for label, _ in definitions]
        students = [label for label, source in definitions if self._is_students(label, source, function)]
        readings = [labels[labels.index(label) + 1 :] for label in reversed(students)]
        for left_out in list(filter(None, readings))[:MAX_READINGS]:
            sources = tuple((label, "" if label in left_out else source) for label, source in self.sources)
            yield replace(self, sources=sources)

    def _definitions(self, function: str) -> list[tuple[str, str]]:
        return [cell for cell in self.sources if defines_function(cell[1], function)][-MAX_DEFINITIONS:]

    def _is_students(self, label: str, source: str, function: str) -> bool:
        """Whether a student wrote a definition of the function in a cell that is more than a stub."""
        if not binds_more_than_a_stub(source, function):
            return False
        if self.student_texts is None or self.notebook is None:
            return True
        text = _text_of_code_cell(self.notebook, label).strip()
        return any(own.is_code and own.text.strip() == text for own in self.student_texts)


def read_submission(path: Path, releases: Path | None = None) -> Submission | Rejection:
    """Read a notebook or a Python file.

    ``releases`` is the assignments/ folder of a course. A notebook that belongs to one of these assignments, by its
    file name, by what it says or by its folder, is restored from its release.
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

    The release is ``release`` or, if that is None, the one in the folder ``releases`` that the notebook belongs to.
    """
    try:
        notebook, notes = notebook_file.read_notebook(file.data)
        names = (file.path.stem, assignment_of(notebook), file.path.absolute().parent.name)
        if release is None and releases is not None:
            release = next(filter(None, (load_release(releases, name) for name in names)), None)
    except UnreadableNotebookError as error:
        return Rejection(Status.UNREADABLE, str(error))
    doubts = [file.doubt]
    student_texts = None
    if release is not None:
        restored = restore_notebook(release, notebook)
        notebook, student_texts = restored.notebook, restored.student_texts
        notes += restored.notes
        doubts.append(restored.doubt)
        if restored.problem:
            return Rejection(Status.ALTERED, restored.problem, notebook)
    illustrations = notebook_code.illustration_hashes(release) if release is not None else None
    try:
        code = notebook_code.read_code(notebook, illustrations)
    except UnreadableNotebookError as error:
        return Rejection(Status.UNREADABLE, str(error), notebook)
    doubts = list(filter(None, doubts))
    notes = (*filter(None, [file.note]), *notes)
    notes = (*notes, *code.notes, *doubts)
    return Submission(code.sources, notes, " ".join(doubts), notebook, student_texts, code.files)


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
        code = notebook_code.read_script(source)
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


def _text_of_code_cell(notebook: Notebook, label: str) -> str:
    """Return the text of a cell by its label, such as "code cell 3"."""
    texts = [loading.source_of(cell) for cell in loading.cells_of(notebook) if cell.get("cell_type") == "code"]
    return texts[int(label.rsplit(" ", 1)[1]) - 1]
