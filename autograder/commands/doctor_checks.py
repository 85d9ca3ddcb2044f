"""``autograder doctor``: what commonly goes wrong, in lines of ok, problem, and what would work."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.course import seeds
from autograder.course.settings import Course, load_course
from autograder.course.yaml_file import CourseError
from autograder.sandbox import HOW_TO_ENABLE, LEVEL_DESCRIPTIONS, Level, Sandbox

NEEDED = {
    "nbgrader": "0.9.6",
    "numpy": "1.26",
    "jupyterlab": "4",
    "pytest": "8",
    "matplotlib": "3.8",
    "jupytext": "1.16",
}


@dataclass(frozen=True)
class Finding:
    """One line: whether it is well, what was looked at, and what would work where it is not."""

    ok: bool
    what: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{'ok       ' if self.ok else 'problem  '}{self.what}" + (
            f"\n         {self.cure}" if self.cure else ""
        )


def run_checks(root: Path | None) -> Iterator[Finding]:
    """Look at the machine, then at the course in ``root``."""
    yield from _machine()
    if root is None:
        yield Finding(False, "no course here", "Change into a course directory, or make one: autograder init DIR")
        return
    try:
        course = load_course(root)
    except CourseError as error:
        yield Finding(False, f"course.yml: {error}")
        return
    yield Finding(True, f"course.yml: {course.title}, {len(course.lessons)} assignments, time zone {course.timezone}")
    yield from _secret(course)
    yield from _private(course)
    yield from _exchange(course)
    yield from _built(course)
    yield from _nbgrader(course)


def _machine() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        sys.version_info >= (3, 11), f"Python {python}", "" if sys.version_info >= (3, 11) else "Use 3.11 or newer."
    )
    for name, oldest in NEEDED.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            yield Finding(False, f"{name} is not installed", f"python -m pip install '{name}>={oldest}'")
            continue
        new_enough = _numbers(found) >= _numbers(oldest)
        cure = "" if new_enough else f"python -m pip install --upgrade '{name}>={oldest}'"
        yield Finding(new_enough, f"{name} {found}", cure)
    there = shutil.which("alembic") is not None
    cure = "" if there else f"nbgrader calls it from PATH: export PATH={Path(sys.executable).parent}:$PATH"
    yield Finding(there, "alembic on PATH" if there else "alembic is not on PATH", cure)
    with Sandbox() as sandbox:
        level, missed = sandbox.level, sandbox.unavailable_reasons
    cure = " ".join(f"For {better}: {HOW_TO_ENABLE[better]}" for better in list(missed)[-1:])
    if level is Level.PROCESS:
        cure = f"Grade on an account or in a container that holds nothing else. {cure}"
    yield Finding(level is not Level.PROCESS, f"isolation {level}: {LEVEL_DESCRIPTIONS[level]}", cure)


def _secret(course: Course) -> Iterator[Finding]:
    path = course.root / seeds.SECRET_FILE
    if not path.exists():
        yield Finding(True, f"{seeds.SECRET_FILE}: not made yet; the first grading makes it")
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    private = mode & 0o077 == 0
    cure = "" if private else f"Others can read the secret that hidden inputs are drawn from: chmod 600 {path}"
    yield Finding(private, f"{seeds.SECRET_FILE} has mode {mode:04o}", cure)


def _private(course: Course) -> Iterator[Finding]:
    """Whether other accounts of the machine get at people's work and marks."""
    from autograder.nbgrader_plugin import effective_config

    folders = [course.root / name for name in ("submitted", "autograded", "feedback")]
    found = [(path, 0o005) for path in folders]
    file = effective_config.load_effective_config(course.root).gradebook_file
    if file:
        found.append((file, 0o006))
    bad = [path for path, bits in found if path.exists() and others_can(path, bits)]
    names = ", ".join(path.name for path in bad)
    yield Finding(
        not bad,
        f"{names}: other accounts can read people's work" if bad else "no other account can read people's work",
        f"chmod o-rwx {' '.join(map(str, bad))}" if bad else "",
    )


def others_can(path: Path, bits: int) -> bool:
    """Whether an account that is neither the owner nor of the group reaches a path, and may do one of these things."""
    reached = all(folder_mode(one) & 0o001 for one in path.resolve().parents)
    return reached and bool(folder_mode(path) & bits)


def _exchange(course: Course) -> Iterator[Finding]:
    folder = course.exchange
    if not folder.is_dir():
        yield Finding(
            False, f"the exchange {folder} does not exist", f"mkdir -p {folder}, or name another in course.yml"
        )
        return
    writable = os.access(folder, os.W_OK | os.X_OK)
    yield Finding(
        writable, f"exchange {folder}", "" if writable else "This account cannot write there: change its owner."
    )
    shared = others_can(folder, 0o002) and others_can(folder, 0o001)
    text = "other accounts can reach it" if shared else "only this account can reach it"
    cure = (
        ""
        if shared
        else "Enough for a kit or an LMS. For students on this machine: chmod 777 on it, 711 on its parents."
    )
    yield Finding(True, f"exchange: {text}", cure)


def folder_mode(folder: Path) -> int:
    """The permission bits of a folder."""
    return stat.S_IMODE(folder.stat().st_mode)


def _built(course: Course) -> Iterator[Finding]:
    from autograder.authoring.build import check

    stale = check(course)
    if not stale:
        yield Finding(True, "solutions/ and assignments/ are current")
    for line in stale:
        yield Finding(False, line, "autograder build")


def _nbgrader(course: Course) -> Iterator[Finding]:
    from autograder.authoring.build import regrades
    from autograder.nbgrader_plugin import effective_config

    found = effective_config.load_effective_config(course.root)
    cure = (
        "Let nbgrader_config.py call autograder.nbgrader_plugin.config.configure, "
        "as the one that `autograder init` writes does."
    )
    missing = found.ours_missing
    yield Finding(
        not missing,
        "nbgrader's configuration in force" + (f" lacks {', '.join(missing)}" if missing else ""),
        cure if missing else "",
    )
    problem = effective_config.gradebook_problem(found.db_url)
    yield Finding(not problem, problem or f"gradebook {found.gradebook}")
    if problem:
        return
    known = effective_config.summarize_assignments(found.db_url)
    absent = [name for name in course.lessons if (course.root / "assignments" / name).is_dir() and name not in known]
    if not known:
        yield Finding(True, "no assignment is in the gradebook yet", "nbgrader generate_assignment NAME --force")
    elif absent:
        names = ", ".join(absent)
        yield Finding(False, f"built, but not in the gradebook: {names}", "nbgrader generate_assignment NAME --force")
    for text in regrades(course):
        yield Finding(False, text)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
