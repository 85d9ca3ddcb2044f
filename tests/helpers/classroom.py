"""A course directory with a class that submits every kind of notebook, and the two ways to grade it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder import batch
from autograder.batch.summary import Summary
from autograder.course import seeds
from autograder.course.settings import load_course
from autograder.nbgrader_plugin.nbgrader_commands import CommandError, NbgraderCommands, nbgrader_application
from tests.helpers.gradebook_rows import rows

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "autograder" / "demo" / "answers"
RIGHT = (ANSWERS / "right_broadcast.py").read_text()
WRONG = (ANSWERS / "no_shift.py").read_text()
LOOP = "def softmax(scores, axis=-1):\n    while True: pass"
HOSTILE = "**bold** <script>alert(1)</script> $\\alpha$ ![x](http://example.org/x.png)"
TREES = ("autograded", "feedback")


class Classroom:
    """A course directory made of this repository's built folders."""

    def __init__(self, root: Path, db_url: str, *assignments: str) -> None:
        self.root, self.db_url = root, db_url
        root.mkdir(parents=True, exist_ok=True)
        for name in ("course.yml", "nbgrader_config.py"):
            shutil.copy(ROOT / name, root / name)
        self.set("seconds: 5 ", "seconds: 1 ")
        with (root / "nbgrader_config.py").open("a") as config:
            config.write(f"c.CourseDirectory.db_url = {db_url!r}\n")
        for folder in ("solutions", "assignments"):
            for assignment in assignments:
                shutil.copytree(ROOT / folder / assignment, root / folder / assignment)
        for assignment in assignments:
            self.with_nbgrader(assignment, lambda commands: commands.generate())
        seeds.seed_for(root, "any", "any")  # the secret is there, for copies to have the same

    def twin(self, root: Path) -> Classroom:
        """A copy of the whole directory, with its own SQLite gradebook."""
        shutil.copytree(self.root, root, symlinks=True)
        config = root / "nbgrader_config.py"
        config.write_text(config.read_text().replace(str(self.root), str(root)))
        found = object.__new__(Classroom)
        found.root, found.db_url = root, self.db_url.replace(str(self.root), str(root))
        return found

    def set(self, old: str, new: str) -> None:
        """Change a line of course.yml."""
        path = self.root / "course.yml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def with_nbgrader(self, assignment: str, act: Callable[[NbgraderCommands], Any]) -> Any:
        """Run one of nbgrader's commands in this process."""
        with nbgrader_application(self.root) as app:
            return act(NbgraderCommands(app, assignment))

    def notebook(self, assignment: str, **answers: str) -> dict[str, Any]:
        """The released notebook with answers in it."""
        found: dict[str, Any] = json.loads((self.root / "assignments" / assignment / f"{assignment}.ipynb").read_text())
        for cell in found["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            cell["source"] = answers.get(name, "".join(cell["source"]))
        return found

    def folder(self, student: str, assignment: str = "3-softmax") -> Path:
        """Return the folder of a submission."""
        return self.root / "submitted" / student / assignment

    def submit(
        self, student: str, notebook: dict[str, Any] | str, assignment: str = "3-softmax", when: str = "", **files: str
    ) -> Path:
        """Submit a notebook, or a text in its place, and other files."""
        folder = self.folder(student, assignment)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{assignment}.ipynb"
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook, indent=1))
        for name, text in ({"timestamp.txt": when} if when else {}).items() | files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        return path

    def answer(self, student: str, source: str, **more: str) -> Path:
        """Submit 3-softmax with an answer."""
        return self.submit(student, self.notebook("3-softmax", softmax=source), **more)

    def stock(self, assignment: str = "3-softmax") -> None:
        """Grade with nbgrader's own command, student by student; skip submissions that it cannot open."""
        for folder in sorted((self.root / "submitted").glob(f"*/{assignment}")):
            try:
                self.with_nbgrader(assignment, lambda commands, who=folder.parent.name: commands.autograde(who))
            except CommandError:
                continue
        self.with_nbgrader(assignment, lambda commands: commands.feedback())

    def grade(self, assignment: str = "3-softmax", **options: Any) -> tuple[Summary, str]:
        """Grade with `autograder grade`; return the summary and what was printed."""
        printed = io.StringIO()
        console = Console(file=printed, width=160)
        summary = batch.grade(load_course(self.root), assignment, batch.Options(**options), console)
        batch.show_summary(console, summary)
        return summary, printed.getvalue()

    def statuses(self, assignment: str = "3-softmax", **options: Any) -> dict[str, int]:
        """Grade; return how many submissions ended with each status."""
        return {status.value: count for status, count in self.grade(assignment, **options)[0].statuses.items()}

    def tree(self) -> dict[str, tuple[int, bytes]]:
        """Return every file that grading writes, with its permissions."""
        found = [path for name in TREES for path in (self.root / name).rglob("*") if path.is_file()]
        return {str(path.relative_to(self.root)): (path.stat().st_mode, path.read_bytes()) for path in found}

    def results(self) -> tuple[dict[Any, Any], dict[str, Any]]:
        """Return what grading 3-softmax leaves: the gradebook's rows and all files."""
        return rows(self.db_url, "3-softmax"), self.tree()


def fill_notebook(source: Path, target: Path, **answers: str) -> None:
    """Copy a released notebook with answers in it."""
    notebook = json.loads(source.read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = answers.get(name, cell["source"])
    target.write_text(json.dumps(notebook))


def small_class(folder: Path, students: int) -> Classroom:
    """Some students with answers to 3-softmax, a third of them too late; nobody has graded them yet."""
    room = Classroom(folder, f"sqlite:///{folder / 'gradebook.db'}", "3-softmax")
    for number in range(students):
        source = (RIGHT, WRONG, "def softmax(scores, axis=-1): return scores")[number % 3]
        when = ("2027-04-20", "2027-04-20", "2027-05-02")[number % 3]
        room.answer(f"s{number:02}", f"{source}\n# {number}", when=f"{when} 10:00:00 UTC")
    return room


def submit_softmax_class(room: Classroom) -> None:
    """Submit what nbgrader can grade too: right and wrong, late and on time, and odd notebooks that it opens."""
    room.answer("right", RIGHT, when="2027-04-20 10:00:00 UTC")
    room.answer("wrong", WRONG, when="2027-05-02 10:00:00 UTC")
    room.answer("extended", WRONG, when="2027-05-02 10:00:00 UTC")
    room.answer("too-late", RIGHT, when="2027-06-30 10:00:00 UTC")
    room.submit("blank", room.notebook("3-softmax"))
    room.answer("syntax", "def softmax(scores, axis=-1:")
    room.answer("gone", "import os; os._exit(0)")
    room.answer("loop", LOOP)
    room.answer("files", RIGHT, **{"notes.txt": "mine", "data/deep/x.csv": "1,2", "selfcheck.py": "raise SystemExit"})
    odd = room.notebook("3-softmax", softmax=RIGHT)
    odd["cells"] += odd["cells"]
    room.submit("copied", odd)
    odd = room.notebook("3-softmax", softmax=WRONG)
    odd["cells"] = [cell for cell in odd["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") != "why"][
        ::-1
    ]
    odd["cells"].insert(1, {"cell_type": "markdown", "metadata": {"x": 1}, "source": HOSTILE})
    odd["metadata"]["kernelspec"] = {"name": "julia", "display_name": "Julia", "language": "julia"}
    room.submit("shuffled", odd)
    room.submit("other", {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    room.set("extensions: {}", "extensions:\n  3-softmax:\n    extended: 2027-05-05 23:59:00+02:00")


def submit_reflections(room: Classroom) -> None:
    """Submit 6-reflection with good, late and strange cells: it has no exercise, its cells are run."""
    room.submit("right", room.notebook("6-reflection", senses="Two **senses**.", prediction=HOSTILE), "6-reflection")
    room.submit("blank", room.notebook("6-reflection"), "6-reflection", when="2027-06-02 10:00:00 UTC")
    odd = room.notebook("6-reflection", senses="One.")
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    odd["cells"] += [
        {**cell, "source": "open('made.txt', 'w').write(open('mine.txt').read()); open('plots.py', 'w').write('')"},
        {**cell, "source": "import sys; print('x' * 30000); print('err', file=sys.stderr); 1 / 0"},
    ]
    room.submit("writes", odd, "6-reflection", **{"mine.txt": "text"})


def submit_starts(room: Classroom) -> None:
    """Submit 0-start, which has no exercise either, as it was released."""
    for student in ("right", "writes"):
        room.submit(student, room.notebook("0-start"), "0-start")
