"""Find and read a file that a student submitted. Links, devices and huge files are never opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.formatting import strip_control_characters
from autograder.student_files import loading
from autograder.student_files.loading import Notebook
from autograder.verdict import Status

MAX_FILE_BYTES = 25 << 20


@dataclass(frozen=True)
class Rejection:
    """A submission that cannot be judged: its status, and a message that says why and what to do.

    ``notebook`` is what a person can look at instead, if there is anything to look at.
    """

    status: Status
    message: str
    notebook: Notebook | None = None


@dataclass(frozen=True)
class SubmittedFile:
    """A file that was submitted: where it was found, its bytes, and what a person has to confirm about it."""

    path: Path
    data: bytes
    doubt: str = ""


def find_notebook(folder: Path, name: str, notebooks: Collection[str] = ()) -> SubmittedFile | Rejection:
    """Find and read the notebook called ``name`` in the folder that a student submitted.

    If it is missing, the only notebook of another name is used and a person has to confirm it. ``notebooks`` are the
    names of all notebooks of the assignment; all names are without ``.ipynb``.
    """
    if not folder.exists():
        return Rejection(Status.MISSING, "Nothing was submitted.")
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return Rejection(Status.UNREADABLE, "The submission is not a readable folder. Check its type and permissions.")
    path, others = loading.find_notebook(folder, f"{name}.ipynb", [f"{notebook}.ipynb" for notebook in notebooks])
    if path is None:
        return Rejection(Status.MISSING, _missing_message(name, others))
    file = read_file(path)
    if isinstance(file, Rejection) or path.stem == name:
        return file
    doubt = (
        f"The notebook was submitted as {strip_control_characters(path.name)}, not as {name}.ipynb. "
        "Make sure that it is the right one."
    )
    return replace(file, doubt=doubt)


def read_file(path: Path) -> SubmittedFile | Rejection:
    """Read a notebook or Python file if it is a regular file of a reasonable size."""
    rejection = check_file(path)
    if rejection:
        return rejection
    data = read_regular_file(path, MAX_FILE_BYTES)
    if data is None:
        return Rejection(Status.UNREADABLE, "The file cannot be read. Check its owner, its permissions and its size.")
    return SubmittedFile(path, data)


def check_file(path: Path) -> Rejection | None:
    """Return why a path cannot be read as a submission, or None if it can; the file is not opened."""
    try:
        # A link could lead to a file of the grader, and an exception would show part of it to the student.
        if path.is_symlink():
            return Rejection(Status.UNREADABLE, "This is a link. Submit the file itself.")
        if not path.exists():
            return Rejection(Status.MISSING, "There is no such file. Check the path.")
        if path.is_dir():
            return Rejection(Status.UNREADABLE, "This is a directory. Name the .ipynb or .py file in it.")
        if path.suffix not in (".ipynb", ".py"):
            message = "This is neither a notebook nor a Python file. Submit a .ipynb or a .py file."
            return Rejection(Status.UNREADABLE, message)
        if not path.is_file():
            return Rejection(Status.UNREADABLE, "This is not a regular file. Submit a .ipynb or a .py file.")
        if path.stat().st_size > MAX_FILE_BYTES:
            return Rejection(
                Status.UNREADABLE,
                f"The file is larger than {MAX_FILE_BYTES >> 20} MB. "
                "In JupyterLab, choose Edit, Clear Outputs of All Cells, and save.",
            )
    except OSError as error:
        return Rejection(Status.UNREADABLE, f"The file cannot be read: {error.strerror}.")
    return None


def read_regular_file(path: Path, max_bytes: int) -> bytes | None:
    """Return the bytes of a regular file; None if it is a link, a device, too large or unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > max_bytes:
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _missing_message(name: str, others: list[Path]) -> str:
    if not others:
        return f"There is no {name}.ipynb in the submission, and no other notebook."
    names = ", ".join(strip_control_characters(path.name) for path in others[:5])
    return f"There is no {name}.ipynb in the submission. It contains: {names}."
