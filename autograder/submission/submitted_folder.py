"""Read the files in a submitted folder that may contain the student's work. Nothing in them is parsed or run.

Links, pipes and devices are never opened, and the number, depth and size of what is read are limited.
"""

from __future__ import annotations

import glob
import os
import re
import stat
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.submission.submitted_file import MAX_FILE_BYTES, Rejection, read_regular_file
from autograder.verdict import Status

MAX_ENTRIES = 20_000  # files and folders that are looked at
MAX_DEPTH = 12  # folders inside each other
MAX_FILES = 200  # that are read
MAX_BYTES = 100 << 20  # of all of them
CHECKPOINTS = ".ipynb_checkpoints"
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".tbz", ".tbz2", ".bz2", ".txz", ".xz")
# Files that can contain an answer that only a person can read.
_DOCUMENT = re.compile(
    r"\.(html?|pdf|docx?|odt|rtf|pages|tex|md|txt|pptx?|rar|7z|png|jpe?g|heic|webp|gif|m|r|jl)", re.IGNORECASE
)
# Files that no student writes: of nbgrader, of operating systems, and what Python leaves behind.
_IGNORED_NAMES = frozenset(("timestamp.txt", "submission_secret.txt", "thumbs.db", "desktop.ini"))
_IGNORED_FOLDERS = frozenset(("__macosx", "__pycache__"))
_FEEDBACK = "feedback"  # where `nbgrader fetch_feedback` puts its pages


@dataclass(frozen=True)
class SubmittedFolder:
    """The files in a folder that may contain the student's work, by their paths in the folder.

    ``files`` can contain code. ``others`` are the names of all other files, which only a person can read.
    ``unusable`` says why a path could not be read. With a ``problem``, the folder itself could not be used.
    """

    path: Path
    files: Mapping[str, bytes] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    unusable: Mapping[str, str] = field(default_factory=dict)
    problem: Rejection | None = None


def read_submitted_folder(folder: Path, released_names: Collection[str] = ()) -> SubmittedFolder:
    """Read a submitted folder.

    ``released_names`` are the names of files that were handed out with the assignment; no work is looked for in them.
    """
    try:
        folder.lstat()
        is_readable = folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
    except (FileNotFoundError, NotADirectoryError):
        return SubmittedFolder(folder, problem=Rejection(Status.MISSING, "Nothing was submitted."))
    except OSError:
        is_readable = False
    if not is_readable:
        message = "The submission is not a readable folder. Check its type and permissions."
        return SubmittedFolder(folder, problem=Rejection(Status.UNREADABLE, message))
    reader = _FolderReader(folder, frozenset(released_names))
    reader.read()
    return SubmittedFolder(folder, reader.files, tuple(reader.others), reader.unusable)


def find_submitted_folders(pattern: str) -> list[str]:
    """Return the folders that match a pattern, and those that may be inside of students' folders that are closed.

    Only the part of the pattern before its last component may contain wildcards.
    """
    around, name = os.path.split(pattern)
    closed = [path for path in glob.glob(around) if os.path.isdir(path) and not os.access(path, os.X_OK)]
    return sorted({*glob.glob(pattern), *(os.path.join(path, name) for path in closed)})


def read_single_file(path: Path) -> SubmittedFolder:
    """Read a file that was submitted without a folder, as if it were the only one in its folder."""
    reader = _FolderReader(path.parent, frozenset())
    reader.add_file(path.name, path)
    return SubmittedFolder(path.parent, reader.files, tuple(reader.others), reader.unusable)


def is_ignored(path: PurePosixPath, released_names: Collection[str] = ()) -> bool:
    """Whether a file is hidden, was handed out with the assignment, or is none that a student writes."""
    folders = [part.lower() for part in path.parts[:-1]]
    name = path.name.lower()
    return (
        (path.name in released_names and not is_notebook_name(name))
        or name in _IGNORED_NAMES
        or name.startswith((".", "~$"))
        or name.endswith(".pyc")
        or any(part in _IGNORED_FOLDERS or (part.startswith(".") and part != CHECKPOINTS) for part in folders)
        or (folders[:1] == [_FEEDBACK] and name.endswith(".html"))
    )


def is_notebook_name(name: str) -> bool:
    """Whether a file is called like a notebook, perhaps with an extension that a browser or an editor added."""
    return ".ipynb" in name.lower()


def is_document(name: str) -> bool:
    """Whether a file can contain an answer that only a person can read, by its extension."""
    return _DOCUMENT.fullmatch(PurePosixPath(name).suffix) is not None


def contains_notebook(data: bytes) -> bool:
    """Whether a file of another name has the content of a notebook."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"cells"' in data and b'"nbformat' in data


class _FolderReader:
    """Reads a folder breadth-first, so that the files at the top come first if there are too many."""

    def __init__(self, folder: Path, released_names: frozenset[str]) -> None:
        self.files: dict[str, bytes] = {}
        self.others: list[str] = []
        self.unusable: dict[str, str] = {}
        self._folder, self._released_names = folder, released_names
        self._entries, self._bytes = 0, 0

    def read(self) -> None:
        waiting = deque([PurePosixPath()])
        while waiting:
            folder = waiting.popleft()
            for name, is_folder in self._list(folder):
                self._entries += 1
                if self._entries > MAX_ENTRIES:
                    self.unusable[str(folder)] = "There are too many files."
                    return
                path = folder / name
                if not is_folder:
                    self.add_file(str(path), self._folder / path)
                elif not is_ignored(path / "x"):
                    waiting.append(path)

    def add_file(self, name: str, path: Path) -> None:
        """Read one file if it can contain code; otherwise remember its name."""
        if is_ignored(PurePosixPath(name), self._released_names):
            return
        reason = _why_unusable(path)
        if reason:
            self.unusable[name] = reason
            return
        suffix = path.suffix.lower()
        may_be_code = is_notebook_name(name) or suffix == ".py" or suffix in ARCHIVES
        if not may_be_code and suffix not in ("", ".txt", ".json"):
            self.others.append(name)
            return
        if len(self.files) >= MAX_FILES or self._bytes > MAX_BYTES:
            self.unusable[name] = "There are too many files, or they are too large."
            return
        data = read_regular_file(path, MAX_FILE_BYTES)
        if data is None:
            self.unusable[name] = "It cannot be read. Check its owner and permissions."
        elif may_be_code or contains_notebook(data):
            self.files[name] = data
            self._bytes += len(data)
        else:
            self.others.append(name)

    def _list(self, folder: PurePosixPath) -> list[tuple[str, bool]]:
        """Return the names in a folder, and whether each is a folder; those of files first."""
        if len(folder.parts) > MAX_DEPTH:
            self.unusable[str(folder)] = "It is in too many nested folders."
            return []
        try:
            with os.scandir(self._folder / folder) as entries:
                found = [(entry.is_dir(follow_symlinks=False), entry.name) for entry in entries]
        except OSError:
            self.unusable[str(folder)] = "The folder cannot be read. Check its owner and permissions."
            return []
        if not found and is_notebook_name(folder.name):
            self.unusable[str(folder)] = "This is an empty directory. Submit the file itself."
        return [(name, is_folder) for is_folder, name in sorted(found)]


def _why_unusable(path: Path) -> str:
    """Return why a file must not be opened; empty if it can be."""
    try:
        status = path.lstat()
    except OSError:
        return "It cannot be read. Check its owner and permissions."
    if stat.S_ISLNK(status.st_mode):
        # A link could lead to a file of the grader, and an exception would show part of it to the student.
        return "This is a link. Submit the file itself."
    if not stat.S_ISREG(status.st_mode):
        return "This is not a regular file. Submit a .ipynb or a .py file."
    if status.st_size > MAX_FILE_BYTES:
        return (
            f"The file is larger than {MAX_FILE_BYTES >> 20} MB. "
            "Make its pictures smaller, or in JupyterLab choose Edit, Clear Outputs of All Cells, and save."
        )
    return ""
