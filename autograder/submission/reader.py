"""A submission: .ipynb or .py -> the sources to load. Nothing in the file is trusted."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass
from pathlib import Path

from autograder.student_files import loading
from autograder.submission.restore import AlteredNotebookError, Notebook, restore_notebook
from autograder.verdict import Status

MAX_FILE_BYTES = 25 << 20
MAX_SOURCE_CHARACTERS = 1 << 20


@dataclass(frozen=True)
class Submission:
    """Named sources that run in order in one namespace, and what had to be put right in the notebook."""

    sources: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


class UnusableSubmissionError(Exception):
    """The file cannot be judged; ``status`` says how, the text says what would work."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status


def read_submission(path: Path, releases: Path | None = None) -> Submission:
    """Read a notebook or a Python file; `Unusable` where that cannot be.

    A notebook of an assignment that lies in ``releases`` (a course's assignments/) is rebuilt from its release.
    """
    check_file(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableSubmissionError(Status.UNREADABLE, f"The file cannot be read: {error.strerror}.") from None
    found = _notebook(data, releases) if path.suffix == ".ipynb" else _script(data)
    if sum(len(source) for _, source in found.sources) > MAX_SOURCE_CHARACTERS:
        raise UnusableSubmissionError(
            Status.UNREADABLE, f"The code is longer than {MAX_SOURCE_CHARACTERS >> 20} MB. Hand in only your own code."
        )
    return found


def check_file(path: Path) -> None:
    """`Unusable` where a path is no regular file of a reasonable size; the file is not opened."""
    try:
        if path.is_dir():
            raise UnusableSubmissionError(Status.UNREADABLE, "This is a directory. Name the .ipynb or .py file in it.")
        if path.is_symlink():  # it could lead to a file of ours, and an exception's text would show what is in it
            raise UnusableSubmissionError(Status.UNREADABLE, "This is a link. Hand in the file itself.")
        if path.suffix not in (".ipynb", ".py"):
            if not path.exists():
                raise UnusableSubmissionError(Status.MISSING, "There is no such file. Check the path.")
            raise UnusableSubmissionError(
                Status.UNREADABLE, "This is neither a notebook nor Python. Hand in a .ipynb or a .py file."
            )
        if not path.is_file() and path.exists():
            raise UnusableSubmissionError(
                Status.UNREADABLE, "This is not a regular file. Hand in a .ipynb or a .py file."
            )
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnusableSubmissionError(
                Status.UNREADABLE,
                f"The file is larger than {MAX_FILE_BYTES >> 20} MB. "
                "In JupyterLab: Edit, Clear Outputs of All Cells, save.",
            )
    except FileNotFoundError:
        raise UnusableSubmissionError(Status.MISSING, "There is no such file. Check the path.") from None
    except OSError as error:
        raise UnusableSubmissionError(Status.UNREADABLE, f"The file cannot be read: {error.strerror}.") from None


def _notebook(data: bytes, releases: Path | None) -> Submission:
    notes: tuple[str, ...] = ()
    try:
        notebook = loading.parse_notebook(data)
        release = _release_of(notebook, releases)
        if release is not None:
            notebook, notes = restore_notebook(loading.read_notebook(release), notebook)
    except loading.UnreadableNotebookError as error:
        raise UnusableSubmissionError(Status.UNREADABLE, str(error)) from None
    except AlteredNotebookError as error:
        raise UnusableSubmissionError(Status.ALTERED, str(error)) from None
    return Submission(tuple(loading.sources(notebook)), notes)


def _release_of(notebook: Notebook, releases: Path | None) -> Path | None:
    """The release that a notebook says it comes from, where there is one."""
    metadata = notebook.get("metadata")
    ours = metadata.get("autograder") if isinstance(metadata, dict) else None
    name = ours.get("assignment") if isinstance(ours, dict) else None
    known = {path.name: path / f"{path.name}.ipynb" for path in releases.iterdir()} if releases else {}
    found = known.get(name) if isinstance(name, str) else None
    return found if found and found.is_file() else None


def _script(data: bytes) -> Submission:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, UnicodeDecodeError, LookupError):
        text = "\0"
    if "\0" in text:
        raise UnusableSubmissionError(
            Status.UNREADABLE, "This is not Python text. Save the file as UTF-8 text and hand it in again."
        )
    return Submission((("the file", text),))
