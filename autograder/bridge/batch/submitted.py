"""One student's submission as it lies in ``submitted/``: read whole, so that it can be graded anywhere."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from autograder import show
from autograder.bridge import beside
from autograder.bridge.batch.task import Task
from autograder.bridge.given import Refused
from autograder.course import Course
from autograder.submission import MAX_FILE, Unusable, check
from autograder.verdict import Status

TIMESTAMP = "timestamp.txt"
LONGEST = 128  # characters of a student's id in nbgrader's tables


@dataclass(frozen=True)
class HandedIn:
    """One notebook of a submission: its bytes, and what a person should know about where they came from."""

    data: bytes
    note: str = ""


@dataclass(frozen=True)
class Submitted:
    """A submission: the unit of work."""

    student: str
    seed: int
    notebooks: Mapping[str, HandedIn | Refused]
    files: Mapping[str, bytes]  # all others
    fingerprint: str

    @property
    def timestamp(self) -> datetime | None:
        """When it was handed in; None where nobody wrote it down in a way that can be read."""
        text = self.files.get(TIMESTAMP, b"").decode("utf-8", "replace").strip()
        try:
            found: datetime | None = parse_utc(text) if text else None
        except (ValueError, OverflowError):
            return None
        return found


def students(folder: Any) -> dict[str, Path]:
    """Who handed in, and where it lies."""
    where = (folder.submitted_directory, "*", folder.assignment_id)
    pattern = re.compile(folder.format_path(where[0], "(?P<student>.*)", re.escape(where[2]), escape=True), re.DOTALL)
    left_out = set(folder.student_id_exclude.split(",")) if folder.student_id_exclude else set()
    found = {}
    for path in sorted(glob.glob(folder.format_path(*where))):
        match = pattern.fullmatch(path)
        if match and match["student"] not in left_out:
            found[match["student"]] = Path(path)
    return found


def unfit(student: str) -> str:
    """Why a folder's name cannot be a student's in the gradebook; empty where it can."""
    # A line's end stops nbgrader's own commands for everybody; half a character stands for bytes that are no UTF-8.
    if len(student) > LONGEST or any(unicodedata.category(character) in ("Cc", "Cs") for character in student):
        return (
            f"The folder's name cannot be a student's: no plain text, or longer than {LONGEST} characters. Rename it."
        )
    return ""


def read(student: str, folder: Path, task: Task, course: Course, seed: int, common: str) -> Submitted:
    """Everything that a student handed in; ``common`` is the run's fingerprint."""
    notebooks = {known.name: _notebook(folder, known.name, task) for known in task.notebooks}
    files = beside.all_files(folder, task.ignored)
    until = course.extensions.get(task.assignment, {}).get(student)
    digest = hashlib.sha256(json.dumps([common, seed, str(until)]).encode())
    for name, one in sorted(notebooks.items()):
        _add(digest, name, one.data if isinstance(one, HandedIn) else repr(one).encode())
    for name, data in sorted(files.items()):
        _add(digest, name, data)
    return Submitted(student, seed, notebooks, files, digest.hexdigest())


def _add(digest: Any, name: str, data: bytes) -> None:
    digest.update(f"{name!r} {len(data)}\n".encode())
    digest.update(data)


def _notebook(folder: Path, name: str, task: Task) -> HandedIn | Refused:
    path, note = folder / f"{name}.ipynb", ""
    if not os.access(folder, os.R_OK | os.X_OK) or not folder.is_dir():
        return Refused(
            Status.UNREADABLE, "The submission is no folder that can be read. Look at its kind and its rights."
        )
    if not path.exists() and not path.is_symlink():
        others = [one for one in sorted(folder.glob("*.ipynb")) if one.stem not in {k.name for k in task.notebooks}]
        if len(others) != 1:
            return Refused(Status.MISSING, _missing(path.name, others))
        path = others[0]
        note = (
            f"The notebook was handed in as {show.plain(path.name)}, not as {name}.ipynb. Make sure that it is the one."
        )
    try:
        check(path)
        data = beside.read(path, MAX_FILE)
    except Unusable as error:
        return Refused(error.status, str(error))
    if data is None:
        return Refused(Status.UNREADABLE, "The file cannot be read. Look at its owner, its rights and its size.")
    return HandedIn(data, note)


def _missing(name: str, others: list[Path]) -> str:
    found = (
        f"There are: {', '.join(show.plain(path.name) for path in others[:5])}."
        if others
        else "There is no notebook at all."
    )
    return f"There is no {name} in the submission. {found}"
