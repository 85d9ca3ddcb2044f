"""masters -> solutions/ -> assignments/. Both folders are committed, and the same masters give the same bytes.

Everything is built in a temporary folder and compared with what is there; `check` reports the differences and `build`
removes them. ``solutions/.built`` (as ``sha256sum`` writes it) remembers what build made, so that nothing is
overwritten or removed that somebody wrote by hand. Other files in ``solutions/<assignment>/`` belong to the
instructor: they stay, and nbgrader hands them to students with the rest.
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
from autograder.authoring.changes import changes
from autograder.authoring.notebook import LessonError, to_notebook
from autograder.authoring.public_data import public_data
from autograder.course.catalogue import Lesson
from autograder.course.settings import Course
from autograder.errors import AutograderError
from autograder.student_files.loading import source_of

STUDENT_FILES = Path(autograder.__file__).parent / "student_files"
MANIFEST = PurePosixPath("solutions/.built")
LITTER = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".DS_Store"}
_IMPORTS_PLOTS = re.compile(r"^\s*(?:from|import) plots\b", re.MULTILINE)

Files = dict[PurePosixPath, bytes]  # by path below the course directory


class BuildError(AutograderError):
    """The course cannot be built; the text says what is wrong and what would work."""


@dataclass(frozen=True)
class _Plan:
    """What has to change below the course directory for it to be as built."""

    write: Files  # what differs or is missing
    remove: tuple[PurePosixPath, ...]  # what an earlier build made and this one did not
    by_hand: tuple[PurePosixPath, ...]  # what either would lose
    extra: tuple[PurePosixPath, ...]  # what lies in a built assignment and came from nowhere
    notebooks: Mapping[str, bytes]  # each assignment's solution


def build(course: Course, *, force: bool = False) -> list[Path]:
    """Write what is not as built, and return the paths that changed. A failed build changes nothing.

    Raises `BuildError` where a master cannot be built, or where a file of solutions/ was changed by hand since the
    last build: with ``force`` such a file is overwritten.
    """
    plan = _plan(course)
    if plan.by_hand and not force:
        raise BuildError(
            f"changed by hand since the last build: {', '.join(map(str, plan.by_hand))}. Move the change into the "
            "master (exercises/<name>/lesson.py) and build again; --force throws it away."
        )
    if lost := [change.text for change in changes(course, plan.notebooks) if change.loses_scores]:
        raise BuildError("\n".join(lost))
    for name, data in plan.write.items():
        _write(course.root / name, data)
    for name in plan.remove:
        _remove(course.root / name)
    return [course.root / name for name in sorted([*plan.write, *plan.remove])]


def check(course: Course) -> list[str]:
    """What `build` would change, a sentence for each file; an empty list where everything is as built."""
    plan = _plan(course)
    found = {name: "differs" if (course.root / name).exists() else "is missing" for name in plan.write}
    found |= dict.fromkeys(plan.remove, "is extra: nothing builds it any more")
    found |= {
        name: f"is extra: build did not make it; move it to solutions/{name.parts[1]}/ or delete it"
        for name in plan.extra
    }
    if len(found) > 1:
        found.pop(MANIFEST, None)  # it follows from the others
    return [f"{name} {how}" for name, how in sorted(found.items())]


def regrades(course: Course) -> list[str]:
    """The assignments with submissions whose points differ from the gradebook's: a sentence for each."""
    found = {name: course.root / "solutions" / name / f"{name}.ipynb" for name in course.lessons}
    built = {name: path.read_bytes() for name, path in found.items() if path.is_file()}
    return [change.text for change in changes(course, built) if not change.loses_scores]


def files_below(folder: Path) -> Files:
    """Every file below a folder by its path there, but for what tools leave behind."""
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return {
        PurePosixPath(name.as_posix()): (folder / name).read_bytes() for name in names if not LITTER & {*name.parts}
    }


def _plan(course: Course) -> _Plan:
    made = {name: data for lesson in course.lessons_in_order() for name, data in _solution(course, lesson).items()}
    before = _manifest(course.root)
    built = {MANIFEST: _as_manifest(made), **made}
    gone = set(before) - set(made)
    built_names = {name.parts[1] for name in made}
    theirs = {
        name: data
        for assignment in built_names
        for name, data in _read(course.root, PurePosixPath("solutions", assignment)).items()
        if name not in made and name not in gone
    }
    released = _release(course, made | theirs, sorted(built_names))
    now = _read(course.root, PurePosixPath("solutions")) | _read(course.root, PurePosixPath("assignments"))
    write = {name: data for name, data in (built | released).items() if now.get(name) != data}
    remove = {twin for name in gone for twin in (name, _in_assignments(name)) if twin in now and twin not in released}
    risky = {name for name in (*write, *remove) if name.parts[0] == "solutions" and name in now and name != MANIFEST}
    by_hand = sorted(name for name in risky if _sum(now[name]) != before.get(name))
    extra = {
        name for name in now if name.parts[0] == "assignments" and name.parts[1] in built_names and name not in released
    }
    notebooks = {name.parts[1]: data for name, data in made.items() if name.suffix == ".ipynb"}
    return _Plan(
        dict(sorted(write.items())),
        tuple(sorted(remove)),
        tuple(by_hand),
        tuple(sorted(extra - remove)),
        notebooks,
    )


def _solution(course: Course, lesson: Lesson) -> Files:
    """What stands in ``solutions/<assignment>/``: the notebook and, where it has a check, what the check needs."""
    name = lesson.assignment
    exercise = course.exercise(lesson.exercise.function) if lesson.exercise else None
    try:
        notebook = to_notebook(lesson.source.read_text(encoding="utf-8"), name, exercise, course)
    except (LessonError, UnicodeDecodeError) as error:
        raise BuildError(f"{lesson.source}: {error}") from None
    files = {f"{name}.ipynb": notebook.encode()}
    if exercise:
        files |= {
            (f"test_{name.replace('-', '_')}.py" if path.name.startswith("test_") else path.name): _text(path)
            for path in sorted(STUDENT_FILES.iterdir())
            if path.suffix in (".py", ".ini") and path.name not in ("__init__.py", "plots.py")
        }
        public = public_data([exercise], f"{name}.ipynb")
        # A line for each criterion and each mistake: with a line for each number, attention's would be twice as large.
        files["selfcheck.json"] = f"{json.dumps(public)}\n".replace('{"name": ', '\n{"name": ').encode()
    if any(_IMPORTS_PLOTS.search(source_of(cell)) for cell in json.loads(notebook)["cells"]):
        files["plots.py"] = _text(STUDENT_FILES / "plots.py")
    return {PurePosixPath("solutions", name, file): data for file, data in files.items()}


def _release(course: Course, solutions: Files, assignments: list[str]) -> Files:
    """``assignments/`` as nbgrader makes it from these solutions."""
    from autograder.nbgrader_plugin.release import ReleaseError, release_notebook  # nbgrader takes a second to import

    with tempfile.TemporaryDirectory(prefix="autograder-build-") as folder:
        root = Path(folder).resolve()
        for name, data in solutions.items():
            _write(root / name, data)
        try:
            release_notebook(course.root, root, assignments)
        except ReleaseError as error:
            raise BuildError(str(error)) from None
        return _read(root, PurePosixPath("assignments"))


def _manifest(root: Path) -> dict[PurePosixPath, str]:
    """The checksum of each file that the last build made in ``solutions/``."""
    path = root / MANIFEST
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    pairs = [line.split("  ", 1) for line in lines if "  " in line]
    return {MANIFEST.parent / name: checksum for checksum, name in pairs}


def _as_manifest(made: Mapping[PurePosixPath, bytes]) -> bytes:
    lines = [f"{_sum(data)}  {name.relative_to(MANIFEST.parent)}\n" for name, data in sorted(made.items())]
    return "".join(lines).encode()


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _in_assignments(name: PurePosixPath) -> PurePosixPath:
    return PurePosixPath("assignments", *name.parts[1:])


def _text(path: Path) -> bytes:
    """A text file of ours with the same line ends on every system."""
    return path.read_text(encoding="utf-8").encode()


def _read(root: Path, folder: PurePosixPath) -> Files:
    return {folder / name: data for name, data in files_below(root / folder).items()}


def _write(path: Path, data: bytes) -> None:
    """Replace the file in one step: whoever reads it sees the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    os.replace(new, path)


def _remove(path: Path) -> None:
    """Delete a file, and its folder when that leaves it empty."""
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()
