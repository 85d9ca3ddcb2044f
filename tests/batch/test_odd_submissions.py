"""Odd submissions: each ends with the right status, and the whole class is graded; one run for all of them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder import batch
from autograder.batch import summary as batch_summary
from autograder.course.settings import load_course
from autograder.gradebook import database, verdict_table
from tests.helpers.classroom import RIGHT, WRONG, Classroom
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow
NAME, RUN = "3-softmax", "6-reflection"
Put = Callable[[Classroom, Path], Any]
_TEXT = {"cell_type": "markdown", "metadata": {}, "source": "x"}
_EMPTY = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
_OLD = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": []}
STUDENTS = ["a b", "über", "o'b", 'q"q', "[red]x", "*", "?", "[a-z]", "-x", "{0}", "%s", "a,b"]


def good(classroom: Classroom) -> dict[str, Any]:
    return classroom.notebook(NAME, softmax=RIGHT)


def data(text: bytes) -> Put:
    return lambda _, folder: (folder / f"{NAME}.ipynb").write_bytes(text)


def whole(**values: Any) -> Put:
    """The right answer, with other values at the top of the notebook."""
    return lambda classroom, folder: (folder / f"{NAME}.ipynb").write_text(json.dumps({**good(classroom), **values}))


def cell(**values: Any) -> Put:
    """The right answer, and a cell more."""
    return cells(lambda listed: [*listed, {**_TEXT, **values}])


def cells(change: Callable[[list[Any]], Any]) -> Put:
    def put(classroom: Classroom, folder: Path) -> None:
        notebook = good(classroom)
        (folder / f"{NAME}.ipynb").write_text(json.dumps({**notebook, "cells": change(notebook["cells"])}))

    return put


def each_cell(**metadata: Any) -> Put:
    return cells(lambda listed: [{**cell, "metadata": {**cell["metadata"], **metadata}} for cell in listed])


def named(*names: str) -> Put:
    return lambda classroom, folder: [(folder / name).write_text(json.dumps(good(classroom))) for name in names]


def beside(**files: str) -> Put:
    """The right answer, and files beside it."""

    def put(classroom: Classroom, folder: Path) -> None:
        classroom.answer(folder.parent.name, RIGHT, **files)

    return put


def nested(depth: int, where: str) -> Put:
    def put(classroom: Classroom, folder: Path) -> None:
        text = json.dumps({**good(classroom), "deep": where})
        deep = "[" * depth + "]" * depth
        (folder / f"{NAME}.ipynb").write_text(text.replace(json.dumps(where), deep))

    return put


def no_utf8(classroom: Classroom, folder: Path) -> None:
    with open(os.fsencode(folder) + b"/\xff.ipynb", "w") as file:
        json.dump(good(classroom), file)


def in_place_of_the_folder(_: Classroom, folder: Path) -> None:
    folder.rmdir()
    folder.write_text("x")


def two_versions(classroom: Classroom, folder: Path) -> None:
    for name, answer in (("My [work] \x1b[31m.ipynb", RIGHT), ("other.ipynb", WRONG)):
        (folder / name).write_text(json.dumps(classroom.notebook(NAME, softmax=answer)))


def link(classroom: Classroom, folder: Path) -> None:
    (folder / f"{NAME}.ipynb").symlink_to(classroom.folder("a b") / f"{NAME}.ipynb")


ODD: dict[str, tuple[Put, str]] = {
    "corrupt": (data(b'{"cells": ['), "unreadable"),
    "empty": (data(b""), "unreadable"),
    "text": (data(b"hello"), "unreadable"),
    "array": (data(b"[1, 2]"), "unreadable"),
    "latin1": (data(b'{"cells": "\xfc"}'), "unreadable"),
    "without-cells": (data(json.dumps(_EMPTY).encode()), "unreadable"),
    "format-3": (data(json.dumps(_OLD).encode()), "altered"),
    "format-3-odd": (data(json.dumps({**_OLD, "worksheets": [3]}).encode()), "unreadable"),
    "format-99": (whole(nbformat=99), "graded"),
    "format-text": (whole(nbformat="4"), "graded"),
    "metadata-list": (whole(metadata=[]), "graded"),
    "metadata-nan": (whole(metadata={"x": float("nan"), "y": [float("-inf")]}), "graded"),
    "kernel": (whole(metadata={"kernelspec": "x", "language_info": 3}), "graded"),
    "cell-text": (cells(lambda listed: ["x", *listed]), "graded"),
    "cell-null": (cells(lambda listed: [None, *listed]), "graded"),
    "cell-empty": (cells(lambda listed: [{}, *listed]), "graded"),
    "cell-type-number": (cell(cell_type=3), "graded"),
    "cell-type-unknown": (cell(cell_type="video"), "graded"),
    "source-number": (cell(source=5), "graded"),
    "source-list": (cell(source=[1, None]), "graded"),
    "cell-metadata": (cells(lambda listed: [{**cell, "metadata": "x"} for cell in listed]), "graded"),
    "grading-data": (each_cell(nbgrader=[1]), "graded"),
    "tags": (each_cell(tags=3), "graded"),
    "outputs": (cells(lambda listed: [{**cell, "outputs": "x"} for cell in listed]), "graded"),
    "half-a-character": (cell(source="\ud800 x"), "graded"),
    "null-character": (cell(source="\0", metadata={"nbgrader": {"grade_id": "a\0\ud800"}}), "graded"),
    "attachment": (cell(attachments={"a.png": {"image/png": 3}}, source="![](attachment:a.png)"), "graded"),
    "deep": (nested(300, "x-x"), "graded"),
    "too-deep": (nested(800, "x-x"), "graded"),
    "far-too-deep": (nested(100_000, "x-x"), "unreadable"),
    "renamed": (named("My [work] \x1b[31m.ipynb"), "graded"),
    "renamed-no-utf8": (no_utf8, "graded"),
    "renamed-twice": (named("a.ipynb", "b.ipynb"), "graded"),
    "two-versions": (two_versions, "needs_look"),
    "nothing": (lambda *_: None, "missing"),
    "link": (link, "unreadable"),
    "dead-link": (lambda _, folder: (folder / f"{NAME}.ipynb").symlink_to("/nowhere"), "unreadable"),
    "large": (data(b" " * (26 << 20)), "unreadable"),
    "fifo": (lambda _, folder: os.mkfifo(folder / f"{NAME}.ipynb"), "unreadable"),
    "file": (in_place_of_the_folder, "unreadable"),
    "directory": (
        lambda _, folder: [(folder / f"{NAME}.ipynb").mkdir(), (folder / f"{NAME}.ipynb" / "x").write_text("")],
        "unreadable",
    ),
    "page": (beside(**{f"{NAME}.html": "x"}), "graded"),
    "folder-for-a-file": (beside(**{"selfcheck.py/\x1b[31mx": "x"}), "graded"),
    "when-nonsense": (beside(**{"timestamp.txt": "soon"}), "needs_look"),
    "when-never": (beside(**{"timestamp.txt": "99999-99-99"}), "needs_look"),
    "when-number": (beside(**{"timestamp.txt": "1" * 5000}), "needs_look"),
    "when-year-1": (beside(**{"timestamp.txt": "0001-01-01 00:00:00 +2300"}), "needs_look"),
    "when-zone": (beside(**{"timestamp.txt": "2027-04-20 10:00:00 XYZ"}), "needs_look"),
    "many": (beside(**{f"{number}.txt": "x" for number in range(2000)}), "graded"),
    "s" * 200: (named(f"{NAME}.ipynb"), "unreadable"),
    os.fsdecode(b"m\xfcller"): (named(f"{NAME}.ipynb"), "unreadable"),
    "two\nlines": (named(f"{NAME}.ipynb"), "unreadable"),
    "\x1b[31mred": (named(f"{NAME}.ipynb"), "unreadable"),
}
# What cells may do, where cells are run.
CELLS = {
    "half": "print('\\ud800')",
    "null": "print('\\0')",
    "folders": f"import os\nfor name in ('{RUN}.ipynb', 'data'): os.mkdir(name); open(name + '/x', 'w').write('x')",
    "names": "open(b'\\xff', 'w').write('x'); open('\\x1b[31m', 'w').write('x'); open(chr(233) * 120, 'w').write('x')",
    "raises": "raise ValueError('\\ud800\\0\\x1b[31m')",
}
Outcome = tuple[Classroom, dict[str, str], str]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]) -> Iterator[Outcome]:
    """The class after one run with each command: the statuses, and what was printed."""
    folder = tmp_path_factory.mktemp("odd")
    classroom = Classroom(folder, new_database(folder), NAME, RUN)
    for student in STUDENTS:
        classroom.answer(student, RIGHT)
    for student, (put, _) in ODD.items():
        classroom.folder(student).mkdir(parents=True)
        put(classroom, classroom.folder(student))
    (folder / "solutions" / RUN / "data").mkdir()
    (folder / "solutions" / RUN / "data" / "given.csv").write_text("1")
    for student, source in CELLS.items():
        notebook = classroom.notebook(RUN)
        notebook["cells"].append(
            {**_TEXT, "cell_type": "code", "source": source, "outputs": [], "execution_count": None}
        )
        classroom.submit(student, notebook, RUN)
    classroom.submit("file-for-a-folder", classroom.notebook(RUN), RUN, data="x")
    classroom.submit("folder-for-a-file", classroom.notebook(RUN), RUN, **{"plots.py/x": "x"})
    # Texts beside an untouched notebook could be answers, and would wait for a person.
    classroom.submit("many", classroom.notebook(RUN), RUN, **{f"{number}.csv": "x" for number in range(2000)})
    statuses = {}
    with open(folder / "printed", "w+") as printed, pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_summary, "MAX_ROWS", 1000)
        console = Console(file=printed, width=300)
        for assignment in (NAME, RUN):
            summary = batch.grade(load_course(folder), assignment, batch.Options(feedback=True), console)
            batch.show_summary(console, summary)
            statuses |= {f"{assignment} {item.student}": item.status.value for item in summary.needs_review}
            statuses |= dict.fromkeys(summary.warnings, "warning")
            statuses[assignment] = str(sum(summary.statuses.values()))
            statuses |= {
                f"{assignment} {student}": record.status for student, record in _records(classroom, assignment).items()
            }
        printed.seek(0)
        yield classroom, statuses, printed.read()


def _records(classroom: Classroom, assignment: str) -> dict[str, Any]:
    with database.connect(classroom.db_url) as connection:
        return verdict_table.load_grading_records(connection, assignment)


@pytest.mark.parametrize("student", ODD)
def test_an_odd_submission_has_its_status(graded: Outcome, student: str) -> None:
    assert graded[1][f"{NAME} {student}"] == ODD[student][1]


def test_students_with_odd_names_are_graded(graded: Outcome) -> None:
    _, statuses, _ = graded
    assert {statuses[f"{NAME} {student}"] for student in STUDENTS} == {"graded"}
    assert statuses[NAME] == str(len(ODD) + len(STUDENTS))


def test_a_notebook_is_graded_whatever_its_cells_do(graded: Outcome) -> None:
    _, statuses, _ = graded
    graded_names = {name for name in statuses if name.startswith(f"{RUN} ") and statuses[name] == "graded"}
    assert len(graded_names) == int(statuses[RUN]) == len(CELLS) + 3
    assert any("too large or too many" in text for text in statuses if statuses[text] == "warning")


def test_a_timestamp_that_names_no_time_is_reported(graded: Outcome) -> None:
    named = {student for student in ODD if f"submitted/{student}/{NAME}/timestamp.txt" in "".join(graded[2].split())}
    assert named == {student for student in ODD if student.startswith("when-")}


def test_nothing_that_a_student_wrote_controls_the_terminal(graded: Outcome) -> None:
    assert "My [work]" in graded[2]
    assert "\x1b" not in graded[2]


def test_nbgrader_makes_feedback_of_odd_submissions(graded: Outcome) -> None:
    classroom = graded[0]
    if not classroom.db_url.startswith("sqlite"):
        return  # half a minute in which the kind of database makes no difference
    before = {assignment: rows(classroom.db_url, assignment) for assignment in (NAME, RUN)}
    plain = {*STUDENTS, *(student for student in ODD if len(student) <= 128 and student.isprintable())}
    for kind in ("autograded", "feedback"):
        assert {path.parent.name for path in (classroom.root / kind).glob(f"*/{NAME}")} == plain
    for student in sorted(plain):  # they all hold the release, and take a while
        if student in ODD and ODD[student][1] == "unreadable" and student != "corrupt":
            shutil.rmtree(classroom.root / "autograded" / student)
    page = classroom.root / "autograded" / "page" / NAME / f"{NAME}.html"
    page.unlink()  # nbgrader copies it, nobody may write into it, and only root can make it the page of feedback
    for assignment in (NAME, RUN):
        classroom.with_nbgrader(assignment, lambda commands: commands.feedback())
        assert rows(classroom.db_url, assignment) == before[assignment]
