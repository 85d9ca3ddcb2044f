"""The Python files that were submitted beside a notebook and that its cells import."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from autograder.student_files.loading import SUBMISSION_MODULE
from autograder.submission.submitted_file import read_regular_file

MAX_FILES = 50
MAX_BYTES = 1 << 20  # of all of them
_RESERVED = sys.stdlib_module_names | {"numpy", "selfcheck", "plots", SUBMISSION_MODULE, "__main__"}


def select(files: Mapping[str, bytes], imported: Collection[str]) -> dict[str, str]:
    """Return the texts of the Python files that may be imported, by their dotted names; "a.__init__" for a package's.

    ``files`` are by their paths below the notebook's folder. Only files of the top-level modules ``imported`` are
    taken, and all others if there is one, because it may import them. None takes the place of a module of Python, of
    numpy or of the course.
    """
    modules = {name: content for name, content in _by_module(files) if name.partition(".")[0] not in _RESERVED}
    if not any(name.partition(".")[0] in imported for name in modules):
        return {}
    selected: dict[str, str] = {}
    total_bytes = 0
    for name, content in sorted(modules.items(), key=lambda item: (item[0].partition(".")[0] not in imported, item[0])):
        total_bytes += len(content)
        if total_bytes > MAX_BYTES or len(selected) == MAX_FILES:
            break
        selected[name] = content.decode("utf-8-sig", "replace")
    return selected


def read_siblings(path: Path) -> dict[str, bytes]:
    """Return the Python files in the folder of a submission that is judged by itself, by their names."""
    siblings = sorted(other for other in path.parent.glob("*.py") if other.name != path.name)
    contents = ((other.name, read_regular_file(other, MAX_BYTES)) for other in siblings[:MAX_FILES])
    return {name: content for name, content in contents if content is not None}


def _by_module(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for path, content in files.items():
        parts = PurePosixPath(path).with_suffix("").parts
        if path.endswith(".py") and all(part.isidentifier() for part in parts):
            yield ".".join(parts), content
