"""Made-up classes: a course directory with its gradebook set up, and submissions of which no two are the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autograder
from autograder.authoring.new_course import create_course

ASSIGNMENT, FUNCTION = "3-softmax", "softmax"
ANSWERS = Path(autograder.__file__).parent / "demo" / "answers"
# Right and wrong, but none that loops or kills its process: what those cost is a time limit, and says nothing.
CAST = ("right_broadcast", "no_shift", "right_logsumexp", "last_axis_only", "right_moved_axis", "over_queries")
STOCK = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
"""
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
ENVIRONMENT = {**os.environ, "PATH": PATH, "PYTHONPATH": str(Path(autograder.__file__).parents[1])}


@dataclass(frozen=True)
class Kind:
    """A kind of course: with nbgrader's own ``Execute`` or ours, and whether cells that only illustrate are run."""

    stock: bool
    pictures: bool = False
    assignment: str = ASSIGNMENT


class Classes:
    """Courses below one folder: each kind is built once, then copied for every run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies = 0

    def course(self, kind: Kind, students: int) -> Path:
        """Copy a course directory of that kind with so many submissions, nothing graded yet."""
        name = f"{kind.assignment}-{'stock' if kind.stock else 'ours'}{'-pictures' * kind.pictures}"
        template = self._folder / name
        if not template.exists():
            _build(template, kind)
        self._copies += 1
        course = self._folder / f"run-{self._copies}"
        shutil.copytree(template, course)
        for number in range(students):
            submit(course, kind.assignment, number)
        return course


def command(*words: str, cwd: Path) -> None:
    """Run a command of this environment. Raises `RuntimeError` with its output if it fails."""
    done = subprocess.run(words, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} in {cwd} failed:\n{done.stdout}\n{done.stderr}")


def submit(course: Path, assignment: str, number: int) -> Path:
    """Put a submission into the course whose bytes no other student has."""
    notebook = json.loads((course / "assignments" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))
    mark = f"# submitted by s{number:05}\n"
    answer = next((cell for cell in notebook["cells"] if _grade_id(cell) == FUNCTION), None)
    if answer is not None:
        source = (ANSWERS / f"{CAST[number % len(CAST)]}.py").read_text(encoding="utf-8")
        answer["source"] = mark + source.rstrip("\n")
    else:
        next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")["source"] += f"\n{mark}".rstrip()
    target = course / "submitted" / f"s{number:05}" / assignment
    target.mkdir(parents=True)
    path = target / f"{assignment}.ipynb"
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    return path


def _build(folder: Path, kind: Kind) -> None:
    create_course(folder)
    if kind.stock:
        (folder / "nbgrader_config.py").write_text(STOCK, encoding="utf-8")
        if not kind.pictures:
            for path in folder.glob(f"*/{kind.assignment}/{kind.assignment}.ipynb"):
                _change(path, _skip_illustrations)
    command("nbgrader", "generate_assignment", kind.assignment, "--force", cwd=folder)


def _change(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _skip_illustrations(notebook: dict[str, Any]) -> None:
    """Let nbgrader's kernel skip what our judge skips: nbclient knows a tag for it."""
    for cell in notebook["cells"]:
        if "illustration" in cell["metadata"].get("tags", ()):
            cell["metadata"]["tags"].append("skip-execution")


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
