"""Read the bytes of a notebook as plain data, and repair what editors, file systems and git did to them."""

from __future__ import annotations

import codecs
import json
import re
from typing import NamedTuple

from autograder.student_files import loading
from autograder.student_files.loading import Notebook, UnreadableNotebookError, cells_of, source_of

OTHER_ENCODING = "The file was saved in another encoding than UTF-8. It was read all the same."
MERGED = "The notebook contained the marks of a git merge. Only one of the versions had any content, and it was used."
SAME_VERSIONS = "The notebook contained the marks of a git merge. Both versions have the same cells, so one was used."
TWO_VERSIONS = (
    "The notebook contains two versions of some cells, as git leaves them after a merge. "
    "Choose one version, save the notebook, and submit it again."
)
_MARK = re.compile(r"^(?P<mark><{7}|\|{7}|={7}|>{7})(?: .*)?$")


class NotebookFile(NamedTuple):
    """The notebook in a file, and notes about what was repaired."""

    notebook: Notebook
    notes: tuple[str, ...]


def read_notebook(data: bytes) -> NotebookFile:
    """Return the notebook in a file as plain data.

    Accepts every Unicode encoding, single bytes of Windows' Western encoding, and merge marks of git if it is clear
    which version is meant. Line ends in cells become those of Unix. Raises `UnreadableNotebookError`.
    """
    text, notes = _decode(data)
    text = text.rstrip("\0")  # what the copy of a file may end with if the disk was full
    try:
        notebook = loading.parse_notebook(text.encode())
    except UnreadableNotebookError:
        if not _has_conflict(text):
            raise
        notebook, note = _parse_merged(text)
        notes.append(note)
    for cell in cells_of(notebook):
        source = re.sub(r"\r\n?", "\n", source_of(cell))
        if _has_conflict(source):
            merged = _Versions.of(source).merged
            if merged not in (None, source):
                source = str(merged)
                notes.append(MERGED)
        cell["source"] = source
        cell["cell_type"] = str(cell.get("cell_type")).lower()
    return NotebookFile(notebook, tuple(dict.fromkeys(notes)))


class _Versions(NamedTuple):
    """The two versions in a text with merge marks, and the text in which each conflict has its only content."""

    ours: str
    theirs: str
    merged: str | None

    @classmethod
    def of(cls, text: str) -> _Versions:
        ours: list[str] = []
        theirs: list[str] = []
        merged: list[str] = []
        is_clear = True
        sides: dict[str, list[str]] = {}
        side = ""
        for line in text.split("\n"):
            match = _MARK.match(line.rstrip("\r"))
            mark = match["mark"][0] if match else ""
            if mark == "<" and not side:
                side, sides = "<", {"<": [], "|": [], "=": []}
            elif mark in ("|", "=") and side:
                side = mark
            elif mark == ">" and side:
                ours += sides["<"]
                theirs += sides["="]
                merged += sides["<"] or sides["="]
                is_clear &= side == "=" and (sides["<"] == sides["="] or not sides["<"] or not sides["="])
                side = ""
            elif side:
                sides[side].append(line)
            else:
                for version in (ours, theirs, merged):
                    version.append(line)
        return cls("\n".join(ours), "\n".join(theirs), "\n".join(merged) if is_clear and not side else None)


def _has_conflict(text: str) -> bool:
    return "<<<<<<<" in text and ">>>>>>>" in text


def _parse_merged(text: str) -> tuple[Notebook, str]:
    """Return the notebook in a file with merge marks, if all its versions have the same cells."""
    versions = _Versions.of(text)
    if versions.merged is not None:
        return loading.parse_notebook(versions.merged.encode()), MERGED
    try:
        ours, theirs = (loading.parse_notebook(version.encode()) for version in versions[:2])
    except UnreadableNotebookError:
        raise UnreadableNotebookError(TWO_VERSIONS) from None
    if _contents(ours) != _contents(theirs):
        raise UnreadableNotebookError(TWO_VERSIONS)
    return ours, SAME_VERSIONS


def _contents(notebook: Notebook) -> list[tuple[str, str, str]]:
    return [
        (str(cell.get("cell_type")), source_of(cell), json.dumps(cell.get("attachments"), sort_keys=True))
        for cell in cells_of(notebook)
    ]


def _decode(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file, and a note if it is not plain UTF-8."""
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        return data.decode(encoding, "replace"), [OTHER_ENCODING]
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        return data.decode(encoding, _WINDOWS), [OTHER_ENCODING]


def _as_windows_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as Windows' Western encoding, and leave all others as they are."""
    assert isinstance(error, UnicodeDecodeError), "only used for decoding"
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_WINDOWS = "autograder-windows"
codecs.register_error(_WINDOWS, _as_windows_bytes)
