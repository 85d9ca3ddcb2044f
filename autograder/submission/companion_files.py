"""The files beside a notebook: what its cells find when they run, and what they write.

Other notebooks are not passed in, because they may contain tests, and cells cannot write any.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from logging import Logger
from pathlib import Path, PurePath

from autograder.formatting import strip_control_characters
from autograder.submission.submitted_file import read_regular_file

# Limits of what is passed into the sandbox, which has its own, higher limits.
MAX_ENTRIES = 900  # files and folders
MAX_BYTES = 48 << 20
MAX_FILE_BYTES = 16 << 20
MAX_LISTED_NAMES = 5
MAX_TEMPORARY_NAME = 200


def collect_inputs(folder: Path, submitted: Path, instructor_files: Collection[str], log: Logger) -> dict[str, bytes]:
    """Return the files below a folder that the notebook's cells may read, by their paths in the folder.

    Files that are links in the folder ``submitted`` are skipped: they could lead to the work of another student.
    """

    def read_file(name: str) -> bytes | None:
        if _has_link(submitted, Path(name)):
            return None
        return read_regular_file(folder / name, MAX_FILE_BYTES)

    names = [name for name in file_names(folder) if not _is_notebook_or_hidden(name)]
    return fit_to_limits(names, instructor_files, read_file, log)


def fit_to_limits(
    names: Iterable[str], instructor_files: Collection[str], read_file: Callable[[str], bytes | None], log: Logger
) -> dict[str, bytes]:
    """Return as many files as may be passed into the sandbox, the instructor's before others, and log the rest.

    ``read_file`` returns None for a file that may not be passed in.
    """
    files: dict[str, bytes] = {}
    entries: set[PurePath] = set()
    skipped = []
    total_bytes = 0
    for name in sorted(names, key=lambda name: (name not in instructor_files, name)):
        content = read_file(name)
        new_entries = {PurePath(name), *PurePath(name).parents}
        if content is None or len(entries | new_entries) > MAX_ENTRIES or total_bytes + len(content) > MAX_BYTES:
            skipped.append(name)
            continue
        files[name] = content
        entries |= new_entries
        total_bytes += len(content)
    if skipped:
        log.warning(
            "The notebook ran without these files, which are links, too large or too many: %s", _list_names(skipped)
        )
    return files


def read_folder(folder: Path, ignored: Sequence[str]) -> dict[str, bytes]:
    """Return the regular files below a folder, except notebooks and files that are too large.

    ``ignored`` are patterns of the names of files and folders to skip.
    """
    files: dict[str, bytes] = {}
    for parent, folder_names, names in os.walk(folder):
        folder_names[:] = sorted(name for name in folder_names if not _is_ignored(name, ignored))
        for name in sorted(names):
            if name.endswith(".ipynb") or _is_ignored(name, ignored):
                continue
            content = read_regular_file(Path(parent, name), MAX_FILE_BYTES)
            if content is not None:
                files[os.path.relpath(os.path.join(parent, name), folder)] = content
    return files


def merge_files(first: Mapping[str, bytes], second: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return both sets of files, without those of the second that would replace a file or a folder of the first.

    A student can give a folder the name of an instructor's file, and the other way round.
    """
    first_folders = {str(folder) for name in first for folder in PurePath(name).parents}
    merged = dict(first)
    for name, content in second.items():
        is_in_a_file = any(str(parent) in first for parent in PurePath(name).parents)
        if name not in first_folders and not is_in_a_file:
            merged.setdefault(name, content)
    return merged


def file_names(folder: Path) -> frozenset[str]:
    """Return the paths of all files below a folder, relative to it."""
    paths = (os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return frozenset(os.path.relpath(path, folder) for path in paths)


def write_outputs(folder: Path, written: Mapping[str, bytes], instructor_files: Collection[str], log: Logger) -> None:
    """Write the files that a notebook wrote, except over the instructor's: tests of the next notebook may need them."""
    for name, content in written.items():
        if name in instructor_files:
            log.warning("%s belongs to the instructor, so what the notebook wrote to it was not kept", name)
            continue
        try:
            _write_file(folder, name, content)
        except OSError as error:
            log.warning("%s, written by the notebook, was not kept: %s", name, error)


def _write_file(folder: Path, name: str, content: bytes) -> None:
    """Write a file, but never through a link or over a notebook."""
    path = folder / name
    if path.suffix == ".ipynb":
        raise OSError("cells cannot write notebooks")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.parent.resolve().is_relative_to(folder.resolve()) or path.is_symlink():
        raise OSError("it is a link")
    temporary = path.with_name(f".{path.name[:MAX_TEMPORARY_NAME]}.new")
    temporary.unlink(missing_ok=True)
    with open(temporary, "xb") as file:
        file.write(content)
    try:
        os.replace(temporary, path)
    except OSError:
        temporary.unlink()
        raise


def _is_notebook_or_hidden(name: str) -> bool:
    return name.endswith(".ipynb") or any(part.startswith(".") for part in PurePath(name).parts[:-1])


def _has_link(root: Path, relative: Path) -> bool:
    return any((root / part).is_symlink() for part in (relative, *relative.parents[:-1]))


def _is_ignored(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _list_names(names: Sequence[str]) -> str:
    text = ", ".join(names[:MAX_LISTED_NAMES])
    if len(names) > MAX_LISTED_NAMES:
        text += f" and {len(names) - MAX_LISTED_NAMES} more"
    return strip_control_characters(text)
