"""The notebooks and Python files in a submitted folder, also those inside archives. Archives are read in memory."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath

from autograder.submission.archives import Quota, UnsafeArchiveError, is_archive, read_members
from autograder.submission.submitted_folder import (
    ARCHIVES,
    CHECKPOINTS,
    SubmittedFolder,
    contains_notebook,
    is_ignored,
    is_notebook_name,
)

MAX_ARCHIVE_FILES = 2_000  # in all archives of a submission
MAX_ARCHIVE_BYTES = 100 << 20
MAX_ARCHIVE_DEPTH = 2  # an archive in an archive


class Kind(IntEnum):
    """What a file is, in the order in which files are preferred."""

    NOTEBOOK = 0
    CHECKPOINT = 1  # an earlier version that Jupyter or an editor saved
    SCRIPT = 2


@dataclass(frozen=True)
class Candidate:
    """A file that may be the student's work. ``path`` leads through archives: "work.zip/3-softmax.ipynb"."""

    path: PurePosixPath
    kind: Kind
    data: bytes

    def as_notebook(self) -> bytes:
        """Return the file as a notebook; a Python file becomes one with a single code cell."""
        if self.kind is not Kind.SCRIPT:
            return self.data
        cell = {"cell_type": "code", "metadata": {}, "source": self.data.decode("utf-8-sig", "replace")}
        return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@dataclass(frozen=True)
class Candidates:
    """All files of a submission that may be the student's work, and the names of what could not be used."""

    files: tuple[Candidate, ...]
    others: tuple[str, ...]
    unusable: Mapping[str, str]


def find_candidates(folder: SubmittedFolder, name: str, released_names: Collection[str] = ()) -> Candidates:
    """Return the notebooks and Python files in a submitted folder.

    The file called ``name``.ipynb comes first; then notebooks before checkpoints and scripts, and files at the top
    before those in folders.
    """
    collector = _Collector(released_names)
    collector.others += folder.others
    collector.unusable |= folder.unusable
    for path, data in folder.files.items():
        collector.add(PurePosixPath(path), data, MAX_ARCHIVE_DEPTH)

    def order(candidate: Candidate) -> tuple[bool, Kind, bool, int, str]:
        path = candidate.path
        other_name = path.name.lower() != f"{name}.ipynb".lower()
        return str(path) != f"{name}.ipynb", candidate.kind, other_name, len(path.parts), str(path)

    return Candidates(
        tuple(sorted(collector.files, key=order)), tuple(dict.fromkeys(collector.others)), collector.unusable
    )


class _Collector:
    def __init__(self, released_names: Collection[str]) -> None:
        self.files: list[Candidate] = []
        self.others: list[str] = []
        self.unusable: dict[str, str] = {}
        self._released_names = released_names
        self._quota = Quota(MAX_ARCHIVE_FILES, MAX_ARCHIVE_BYTES)

    def add(self, path: PurePosixPath, data: bytes, archive_depth: int) -> None:
        if is_ignored(path, self._released_names):
            return
        suffix = path.suffix.lower()
        if is_archive(data) and (is_notebook_name(path.name) or suffix in (*ARCHIVES, ".py")):
            self._unpack(path, data, archive_depth)
        elif is_notebook_name(path.name) or contains_notebook(data):
            is_earlier = CHECKPOINTS in path.parts or path.name.endswith("~")
            kind = Kind.CHECKPOINT if is_earlier else Kind.NOTEBOOK
            self.files.append(Candidate(path, kind, data))
        elif suffix == ".py":
            self.files.append(Candidate(path, Kind.SCRIPT, data))
        elif suffix in ARCHIVES:
            self.unusable[str(path)] = "It is not an archive, or it is damaged."
        else:
            self.others.append(str(path))

    def _unpack(self, path: PurePosixPath, data: bytes, archive_depth: int) -> None:
        if archive_depth == 0:
            self.unusable[str(path)] = "There are too many archives inside each other."
            return
        try:
            members = read_members(data, self._quota)
        except UnsafeArchiveError as error:
            self.unusable[str(path)] = f"It cannot be unpacked: {error}."
            return
        for member, content in members.items():
            # A file that was compressed by itself has no name.
            inner = path.with_suffix("").name if member == PurePosixPath(".") else member
            self.add(path / inner, content, archive_depth - 1)
