"""One class for each assignment, with a student for each golden submission, graded by both commands.

After each student comes an honest one, who must not be affected. ``nbgrader autograde`` takes five times as long for a
student, so that in its class they come only after the submissions that do not end as graded.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.batch.summary import Summary
from autograder.gradebook import database, verdict_table
from tests.golden.kinds import Kind, kinds
from tests.golden.recipes import answered, essays, save
from tests.helpers.classroom import Classroom
from tests.helpers.forked_nbgrader import run_nbgrader
from tests.helpers.gradebook_rows import rows

HONEST = {"3-softmax": answered, "6-reflection": essays}


@dataclass(frozen=True)
class Result:
    """What a command left of a submission: status, sum of the scores, who is asked, and what the student reads."""

    status: str
    score: float | None
    asked: bool
    message: str
    notes: tuple[str, ...]
    timestamp: str | None
    cells: dict[str, float | None]


class GradedClass:
    """A class that was graded once by ``autograder grade`` and once by ``nbgrader autograde``."""

    def __init__(self, folder: Path, assignment: str) -> None:
        self.assignment = assignment
        self.kinds = tuple(kinds(assignment))
        self.batch = self._submitted(folder / "batch")
        self.stock = self._submitted(folder / "stock", only_after_odd_ones=True)
        shutil.copy(self.batch.root / ".autograder-secret", self.stock.root)
        self.summary: Summary
        self.summary, self.printed = self.batch.grade(assignment)
        self.stock_status, self.stock_printed = _autograde(self.stock, assignment)

    def student(self, kind: Kind) -> str:
        """Return the id of the student who submits this kind."""
        return f"{self.kinds.index(kind):03}-{kind.name}"

    def neighbour(self, kind: Kind) -> str:
        """Return the id of the student who is graded next."""
        return f"{self.student(kind)}-honest"

    @cached_property
    def batch_rows(self) -> dict[tuple[str, ...], Any]:
        """The gradebook after ``autograder grade``."""
        return rows(self.batch.db_url, self.assignment)

    @cached_property
    def stock_rows(self) -> dict[tuple[str, ...], Any]:
        """The gradebook after ``nbgrader autograde``."""
        return rows(self.stock.db_url, self.assignment)

    def rows_of(self, student: str) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """Return all that the two gradebooks have of a student."""
        both = (self.batch_rows, self.stock_rows)
        batch, stock = ({key: value for key, value in found.items() if key[0] == student} for found in both)
        return batch, stock

    def result(self, student: str) -> Result | None:
        """Return what ``autograder grade`` left of a submission; None if there is no row."""
        record = self._records.get(student)
        found = {key: value for key, value in self.batch_rows.items() if key[0] == student}
        if record is None or (student,) not in found:
            return None
        grades = {key[3]: value for key, value in found.items() if key[2:3] == ("grade",)}
        cells = {name: grade[0] for name, grade in grades.items()}
        asked = any(grade[3] for grade in grades.values())
        notes = [note for key, value in found.items() if key[1:2] == ("verdict",) for note in json.loads(value[8])]
        moment = found[student,][0]
        score = None if None in cells.values() else sum(cells.values())
        return Result(record.status.value, score, asked, record.message, tuple(notes), moment and str(moment), cells)

    @cached_property
    def _records(self) -> dict[str, verdict_table.GradingRecord]:
        with database.connect(self.batch.db_url) as connection:
            return verdict_table.load_grading_records(connection, self.assignment)

    def _submitted(self, root: Path, only_after_odd_ones: bool = False) -> Classroom:
        """Make the class. ``only_after_odd_ones`` leaves out the honest students after a submission that is graded."""
        classroom = Classroom(root, f"sqlite:///{root / 'gradebook.db'}", self.assignment)
        for kind in self.kinds:
            kind.submit(classroom.folder(self.student(kind), self.assignment))
            if only_after_odd_ones and kind.expected.status == "graded":
                continue
            folder = classroom.folder(self.neighbour(kind), self.assignment)
            folder.mkdir(parents=True)
            save(folder, HONEST[self.assignment](), f"{self.assignment}.ipynb")
        return classroom


def _autograde(classroom: Classroom, assignment: str) -> tuple[int, str]:
    home = str(classroom.root.parent)
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": home,
        "LANG": "C.UTF-8",
        "JUPYTER_CONFIG_DIR": home,
        "JUPYTER_DATA_DIR": home,
    }
    return run_nbgrader(["autograde", assignment], classroom.root, environment)
