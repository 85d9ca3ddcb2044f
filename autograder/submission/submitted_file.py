"""Read a file that a student submitted. Links, devices and huge files are never opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
    """A file that was submitted: where it was found, and its bytes.

    ``doubt`` is what a person has to confirm about it, ``note`` what the student should know. ``siblings`` are the
    Python files in its folder, by their paths in that folder.
    """

    path: Path
    data: bytes
    doubt: str = ""
    note: str = ""
    siblings: Mapping[str, bytes] = field(default_factory=dict)


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
                "Make its pictures smaller, or in JupyterLab choose Edit, Clear Outputs of All Cells, and save.",
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
