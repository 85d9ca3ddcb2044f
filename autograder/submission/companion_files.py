"""The files that lie beside a notebook: what its cells find when they run, and what they leave.

Other notebooks do not go in, because they hold tests, and none comes back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from logging import Logger
from pathlib import Path, PurePath

from autograder import formatting
from autograder.submission.submitted_file import read_regular_file

# Of what goes in: files and folders, bytes, and bytes of each file. The sandbox's own limits hold above them.
MAX_ENTRIES, MAX_BYTES, MAX_BYTES_EACH = 900, 48 << 20, 16 << 20


def collect_inputs(folder: Path, submitted: Path, instructors: Collection[str], log: Logger) -> dict[str, bytes]:
    """What goes into the sandbox of the files below a folder, but for what is a link in ``submitted``."""

    def goes_in(name: str) -> bool:
        return not name.endswith(".ipynb") and not any(part.startswith(".") for part in PurePath(name).parts[:-1])

    def data(name: str) -> bytes | None:
        return None if _has_a_link(submitted, Path(name)) else read_regular_file(folder / name, MAX_BYTES_EACH)

    return fit_to_limits(filter(goes_in, file_names(folder)), instructors, data, log)


def fit_to_limits(
    names: Iterable[str], instructors: Collection[str], data: Callable[[str], bytes | None], log: Logger
) -> dict[str, bytes]:
    """As many files as go into the sandbox, the instructor's before others; ``data`` is None of one that may not."""
    found: dict[str, bytes] = {}
    places: set[PurePath] = set()
    left_out, room = [], 0
    for name in sorted(names, key=lambda name: (name not in instructors, name)):
        one = data(name)
        here = {PurePath(name), *PurePath(name).parents}
        if one is None or len(places | here) > MAX_ENTRIES or room + len(one) > MAX_BYTES:
            left_out.append(name)
            continue
        found[name] = one
        places |= here
        room += len(one)
    if left_out:
        some = ", ".join(left_out[:5]) + f" and {len(left_out) - 5} more" * (len(left_out) > 5)
        log.warning(
            "Not there while the notebook runs, being links, too large or too many: %s",
            formatting.strip_control_characters(some),
        )
    return found


def _has_a_link(root: Path, relative: Path) -> bool:
    return any((root / part).is_symlink() for part in (relative, *relative.parents[:-1]))


def read_folder(folder: Path, ignored: Sequence[str]) -> dict[str, bytes]:
    """The regular files below a folder but for notebooks, links, names that nbgrader ignores, and what is too large."""
    found: dict[str, bytes] = {}
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_ignored(name, ignored))
        for name in sorted(files):
            if name.endswith(".ipynb") or _is_ignored(name, ignored):
                continue
            data = read_regular_file(Path(here, name), MAX_BYTES_EACH)
            if data is not None:
                found[os.path.relpath(os.path.join(here, name), folder)] = data
    return found


def _is_ignored(name: str, ignored: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in ignored)


def merge_files(first: Mapping[str, bytes], others: Mapping[str, bytes]) -> dict[str, bytes]:
    """All files by their names, but for those of the others that would take the place of a first one, or of its folder.

    A student may call a folder what the instructor calls a file, and the other way round.
    """
    folders = {str(folder) for name in first for folder in PurePath(name).parents}
    found = dict(first)
    for name, data in others.items():
        if name not in folders and not any(str(folder) in first for folder in PurePath(name).parents):
            found.setdefault(name, data)
    return found


def file_names(folder: Path) -> frozenset[str]:
    """The names of all files below a folder."""
    return frozenset(
        os.path.relpath(os.path.join(here, name), folder) for here, _, all_ in os.walk(folder) for name in all_
    )


def write_outputs(folder: Path, written: Mapping[str, bytes], instructors: Collection[str], log: Logger) -> None:
    """Write what a notebook left, but over no file of the instructor's: the next notebook's tests may rely on it."""
    for name, data in written.items():
        if name in instructors:
            log.warning("%s is the instructor's; what the notebook wrote over it was not kept", name)
        else:
            _keep(folder, name, data, log)


def _keep(folder: Path, name: str, data: bytes, log: Logger) -> None:
    """Write a file beside the notebook, through no link, and over no notebook."""
    path = folder / name
    partial = path.with_name(f".{path.name[:200]}.new")
    try:
        if path.suffix == ".ipynb":
            raise OSError("a cell writes no notebooks")
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.resolve().is_relative_to(folder.resolve()) or path.is_symlink():
            raise OSError("a link")
        partial.unlink(missing_ok=True)
        with open(partial, "xb") as file:
            file.write(data)
        try:
            os.replace(partial, path)
        except OSError:
            partial.unlink()
            raise
    except OSError as error:
        log.warning("%s, written by the notebook, was not kept: %s", name, error)
