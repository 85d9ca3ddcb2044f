"""Build solutions/ from the lesson sources, and assignments/ from solutions/. The same sources give the same bytes.

Both folders are committed. Everything is built in a temporary folder and compared with what is there: `build` writes
the differences, `list_differences` reports them. ``solutions/.built``, in the format of ``sha256sum``, records what the
last build wrote, so that no file is overwritten or deleted that somebody edited. Any other file in
``solutions/<assignment>/`` belongs to the instructor: it stays, and nbgrader releases it with the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import autograder
from autograder.authoring.cell_markers import LessonError
from autograder.authoring.changes import find_changes
from autograder.authoring.notebook import build_notebook
from autograder.authoring.public_data import public_data
from autograder.course.catalogue import Lesson
from autograder.course.settings import Course
from autograder.errors import AutograderError
from autograder.student_files.loading import source_of
from autograder.student_files.notebook_code import illustration_hashes

STUDENT_FILES = Path(autograder.__file__).parent / "student_files"
MANIFEST = PurePosixPath("solutions/.built")
IGNORED_NAMES = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".DS_Store"}
_IMPORTS_PLOTS = re.compile(r"^\s*(?:from|import) plots\b", re.MULTILINE)

Files = dict[PurePosixPath, bytes]  # content by path, relative to the course directory


class BuildError(AutograderError):
    """Raised if the course cannot be built. Nothing was changed."""


@dataclass(frozen=True)
class _Plan:
    """The changes that make the course directory match its sources."""

    to_write: Files  # files that differ or are missing
    to_remove: tuple[PurePosixPath, ...]  # files of an earlier build that this one does not have
    edited: tuple[PurePosixPath, ...]  # files among these that somebody changed since the last build
    unknown: tuple[PurePosixPath, ...]  # files in assignments/ that no build wrote
    solutions: Mapping[str, bytes]  # the solution notebook of each assignment


def build(course: Course, *, force: bool = False) -> list[Path]:
    """Write the files that differ from what the sources give, and return their paths.

    Raises `BuildError` if a source cannot be built, if the change would lose scores in the gradebook, or if a file in
    solutions/ was edited since the last build; ``force`` overwrites such a file.
    """
    plan = _plan(course)
    if plan.edited and not force:
        raise BuildError(
            f"edited since the last build: {', '.join(map(str, plan.edited))}. Move the change into the lesson source "
            "(exercises/<name>/lesson.py) and build again, or discard it with --force."
        )
    if losses := [change.text for change in find_changes(course, plan.solutions) if change.loses_scores]:
        raise BuildError("\n".join(losses))
    for name, content in plan.to_write.items():
        _write(course.root / name, content)
    for name in plan.to_remove:
        _remove(course.root / name)
    return [course.root / name for name in sorted([*plan.to_write, *plan.to_remove])]


def list_differences(course: Course) -> list[str]:
    """Return a sentence for each file that is not as built; an empty list if everything is current."""
    plan = _plan(course)
    states = {name: "differs" if (course.root / name).exists() else "is missing" for name in plan.to_write}
    states |= dict.fromkeys(plan.to_remove, "is extra: nothing builds it any more")
    states |= {
        name: f"is extra: build did not make it; move it to solutions/{name.parts[1]}/ or delete it"
        for name in plan.unknown
    }
    # The manifest differs whenever another file does.
    if len(states) > 1:
        states.pop(MANIFEST, None)
    return [f"{name} {state}" for name, state in sorted(states.items())]


def list_needed_regrades(course: Course) -> list[str]:
    """Return a sentence for each graded cell that has submissions and other points than the gradebook."""
    paths = {name: course.root / "solutions" / name / f"{name}.ipynb" for name in course.lessons}
    solutions = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
    return [change.text for change in find_changes(course, solutions) if not change.loses_scores]


def read_files(folder: Path) -> Files:
    """Return every file below a folder by its path there, except what tools leave behind."""
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return {
        PurePosixPath(name.as_posix()): (folder / name).read_bytes()
        for name in names
        if not IGNORED_NAMES & {*name.parts}
    }


def _plan(course: Course) -> _Plan:
    built: Files = {}
    for lesson in course.lessons_in_order():
        built |= _build_solution(course, lesson)
    recorded = _read_manifest(course.root)
    no_longer_built = set(recorded) - set(built)
    assignments = {name.parts[1] for name in built}

    present = _read_folder(course.root, "solutions") | _read_folder(course.root, "assignments")
    instructors = {
        name: content
        for name, content in present.items()
        if name.parts[0] == "solutions" and name.parts[1] in assignments and name not in {*built, *no_longer_built}
    }
    released = _build_release(course, built | instructors, sorted(assignments))

    expected = {MANIFEST: _format_manifest(built), **built, **released}
    to_write = {name: content for name, content in expected.items() if present.get(name) != content}
    obsolete = {twin for name in no_longer_built for twin in (name, _in_assignments(name))}
    to_remove = obsolete & set(present) - set(released)
    at_risk = {name for name in {*to_write, *to_remove} & set(present) if name.parts[0] == "solutions"} - {MANIFEST}
    edited = {name for name in at_risk if _checksum(present[name]) != recorded.get(name)}
    in_assignments = {name for name in present if name.parts[0] == "assignments" and name.parts[1] in assignments}
    return _Plan(
        to_write=dict(sorted(to_write.items())),
        to_remove=tuple(sorted(to_remove)),
        edited=tuple(sorted(edited)),
        unknown=tuple(sorted(in_assignments - set(released) - to_remove)),
        solutions={name.parts[1]: content for name, content in built.items() if name.suffix == ".ipynb"},
    )


def _build_solution(course: Course, lesson: Lesson) -> Files:
    """Build ``solutions/<assignment>/``: the notebook and, if it has a check, the files that the check needs."""
    name = lesson.assignment
    exercise = course.exercise(lesson.exercise.function) if lesson.exercise else None
    try:
        notebook = build_notebook(lesson.source.read_text(encoding="utf-8"), name, exercise, course)
    except (LessonError, UnicodeDecodeError) as error:
        raise BuildError(f"{lesson.source}: {error}") from None
    files = {f"{name}.ipynb": notebook.encode()}
    if exercise:
        files |= _selfcheck_files(name)
        illustrations = illustration_hashes(json.loads(notebook))
        public = public_data([exercise], f"{name}.ipynb", illustrations, course.packages, course.limits.seconds)
        # One line for each criterion and each mistake. One for each number would double the size of attention's.
        files["selfcheck.json"] = f"{json.dumps(public)}\n".replace('{"name": ', '\n{"name": ').encode()
    if any(_IMPORTS_PLOTS.search(source_of(cell)) for cell in json.loads(notebook)["cells"]):
        files["plots.py"] = _read_text(STUDENT_FILES / "plots.py")
    return {PurePosixPath("solutions", name, file): content for file, content in files.items()}


def _selfcheck_files(assignment: str) -> dict[str, bytes]:
    files = {}
    for path in sorted(STUDENT_FILES.iterdir()):
        if path.suffix in (".py", ".ini") and path.name not in ("__init__.py", "plots.py"):
            is_test = path.name.startswith("test_")
            name = f"test_{assignment.replace('-', '_')}.py" if is_test else path.name
            files[name] = _read_text(path)
    return files


def _build_release(course: Course, solutions: Files, assignments: list[str]) -> Files:
    """Let nbgrader make ``assignments/`` from the solutions."""
    # Imported late because nbgrader takes a second to import.
    from autograder.nbgrader_plugin.release import ReleaseError, release_notebook

    with tempfile.TemporaryDirectory(prefix="autograder-build-") as folder:
        root = Path(folder).resolve()
        for name, content in solutions.items():
            _write(root / name, content)
        try:
            release_notebook(course.root, root, assignments)
        except ReleaseError as error:
            raise BuildError(str(error)) from None
        return _read_folder(root, "assignments")


def _read_manifest(root: Path) -> dict[PurePosixPath, str]:
    """Return the checksum of each file that the last build wrote to ``solutions/``."""
    path = root / MANIFEST
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    pairs = [line.split("  ", 1) for line in lines if "  " in line]
    return {MANIFEST.parent / name: checksum for checksum, name in pairs}


def _format_manifest(built: Files) -> bytes:
    lines = [f"{_checksum(content)}  {name.relative_to(MANIFEST.parent)}\n" for name, content in sorted(built.items())]
    return "".join(lines).encode()


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _in_assignments(name: PurePosixPath) -> PurePosixPath:
    return PurePosixPath("assignments", *name.parts[1:])


def _read_text(path: Path) -> bytes:
    """Return a text file of the package with the same line endings on every system."""
    return path.read_text(encoding="utf-8").encode()


def _read_folder(root: Path, folder: str) -> Files:
    return {folder / name: content for name, content in read_files(root / folder).items()}


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a reader sees the old or the new content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def _remove(path: Path) -> None:
    """Delete a file, and its folder if that is now empty."""
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()
