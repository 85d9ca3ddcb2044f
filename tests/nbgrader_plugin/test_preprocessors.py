"""nbgrader's autograde with our preprocessors, in this process: nothing that a student hands in decides a score."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from autograder.course.settings import load_course
from autograder.feedback.report_outputs import report_outputs
from autograder.gradebook import verdict_table
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin.late_penalties import write_dates
from autograder.nbgrader_plugin.nbgrader_commands import CommandError, NbgraderCommands, nbgrader_application
from autograder.verdict import CriterionResult, Reason, Report, Status, Verdict

ROOT = Path(__file__).parents[2]
RIGHT = (ROOT / "autograder" / "demo" / "answers" / "right_broadcast.py").read_text()
Cell = dict[str, Any]
in_a_file = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)  # the database makes no difference here


def report(points: float = 2, status: Status = Status.GRADED, text: str = "What is <b>exp(1000)</b>?") -> Report:
    reason = Reason("", "It gave <script>alert(1)</script>.", text, "Try a larger score.")
    criteria = (CriterionResult("rows", points, 2), CriterionResult("no overflow", 0, 1, reason))
    return Report("x.ipynb", "softmax", status, "1 of 2 criteria hold.", 3, "process", 2**51, Verdict((), criteria))


def test_a_report_ends_in_exactly_one_plain_number() -> None:
    shown, result = report_outputs(report())
    assert result["output_type"] == "execute_result"
    assert result["data"] == {"text/plain": "2.0"}
    assert shown["output_type"] == "display_data"
    assert "no overflow" in shown["data"]["text/plain"]


def test_every_text_in_feedback_is_escaped() -> None:
    page = report_outputs(report())[0]["data"]["text/html"]
    assert "<script>" not in page
    assert "What is &lt;b&gt;exp(1000)&lt;/b&gt;?" in page


@pytest.mark.parametrize("status", [Status.NOT_GRADED, Status.ALTERED, Status.UNREADABLE])
def test_without_a_verdict_there_is_an_error_and_no_number(status: Status) -> None:
    assert [one["output_type"] for one in report_outputs(report(status=status))] == ["display_data", "error"]


@pytest.mark.parametrize("points", [float("nan"), float("inf"), -1, 4])
def test_a_number_that_is_no_score_is_never_written(points: float) -> None:
    with pytest.raises(ValueError, match="is no score from 0 to 3"):
        report_outputs(report(points))


def test_a_verdict_is_kept_whole_and_a_regrade_replaces_it(db_url: str) -> None:
    assert verdict_table.load_verdicts(db_url, "3-softmax") == []
    engine = create_engine(db_url)
    with Session(engine) as session:
        verdict_table.create_tables(session.connection())
        record = GradingRecord("novak", "3-softmax", "", Status.GRADED, "", "process", 0.0)
        verdict_table.save_gradings(session, [(record, [report(0)])])
        verdict_table.save_gradings(session, [(record, [report(2)])])
        session.commit()
    engine.dispose()
    (row,) = verdict_table.load_verdicts(db_url, "3-softmax")
    assert (row.student, row.score, row.seed, row.criteria) == ("novak", 2, 2**51, report().criteria)
    assert verdict_table.load_verdicts(db_url, "1-scores") == []


class Course:
    """A course directory made of this repository's built folders, with nbgrader's commands."""

    def __init__(self, root: Path, app: NbGraderApp) -> None:
        self.root, self.app = root, app
        self.db_url: str = app.coursedir.db_url

    def notebook(self, assignment: str) -> dict[str, Any]:
        path = self.root / "assignments" / assignment / f"{assignment}.ipynb"
        found: dict[str, Any] = json.loads(path.read_text())
        for cell in found["cells"]:
            cell["source"] = "".join(cell["source"])
        return found

    def grade(self, student: str, assignment: str, text: str) -> dict[str, tuple[float | None, bool]]:
        """Submit a notebook's text and autograde it: score, and whether a person is asked, of each graded cell."""
        path = self.root / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        NbgraderCommands(self.app, assignment).autograde(student)
        with Gradebook(self.db_url) as gradebook:
            (notebook,) = gradebook.find_submission(assignment, student).notebooks
            return {one.name: (one.auto_score, one.needs_manual_grade) for one in notebook.grades}

    def verdict(self, student: str) -> verdict_table.StoredVerdict:
        return next(row for row in verdict_table.load_verdicts(self.db_url, "3-softmax") if row.student == student)

    def set(self, old: str, new: str) -> None:
        path = self.root / "course.yml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]) -> Iterator[Path]:
    """A course whose gradebook knows two assignments."""
    root = tmp_path_factory.mktemp("course")
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root / name)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {new_database(root)!r}\n")
    for folder in ("solutions", "assignments"):
        for assignment in ("3-softmax", "6-reflection"):
            shutil.copytree(ROOT / folder / assignment, root / folder / assignment)
    with pytest.MonkeyPatch.context() as patch:  # nbgrader calls alembic from PATH
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        with nbgrader_application(root) as app:
            for assignment in ("3-softmax", "6-reflection"):
                NbgraderCommands(app, assignment).generate()
        yield root


@pytest.fixture
def course(made: Path) -> Iterator[Course]:
    settings = (made / "course.yml").read_text()
    with nbgrader_application(made) as app:
        yield Course(made, app)
    (made / "course.yml").write_text(settings)


def named(notebook: dict[str, Any], name: str) -> Cell:
    return next(one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == name)


def code(source: str) -> Cell:
    return {"cell_type": "code", "id": "mine", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def answered(course: Course, answer: str = RIGHT) -> dict[str, Any]:
    notebook = course.notebook("3-softmax")
    named(notebook, "softmax")["source"] = answer
    return notebook


def in_a_cell_of_the_own(notebook: dict[str, Any]) -> str:
    cells = notebook["cells"]
    cells[cells.index(named(notebook, "softmax"))] = code(RIGHT)
    return json.dumps(notebook)


def in_a_cell_before_the_others(notebook: dict[str, Any]) -> str:
    notebook["cells"].remove(named(notebook, "gap-row"))
    notebook["cells"].remove(named(notebook, "softmax"))
    notebook["cells"].insert(2, code(RIGHT))
    return json.dumps(notebook)


def with_metadata_of_another_kind(notebook: dict[str, Any]) -> str:
    named(notebook, "check-softmax")["metadata"]["autograder"] = 3
    notebook["cells"][0]["metadata"]["nbgrader"] = "x"
    return json.dumps(notebook)


def with_another_exercise(notebook: dict[str, Any]) -> str:
    named(notebook, "check-softmax")["metadata"]["autograder"] = {"exercise": "scale_scores"}
    return json.dumps(notebook)


def of_an_old_format(notebook: dict[str, Any]) -> str:
    return str(nbformat.v3.writes_json(nbformat.v4.downgrade(nbformat.from_dict(notebook))))


@in_a_file
@pytest.mark.slow
@pytest.mark.parametrize(
    "hand_in",
    [
        in_a_cell_of_the_own,
        in_a_cell_before_the_others,
        with_metadata_of_another_kind,
        with_another_exercise,
        of_an_old_format,
    ],
)
def test_a_right_answer_gets_full_marks_however_its_notebook_looks(
    course: Course, hand_in: Callable[[dict[str, Any]], str]
) -> None:
    assert course.grade(hand_in.__name__, "3-softmax", hand_in(answered(course))) == {"check-softmax": (5, False)}


@pytest.mark.slow
def test_a_mark_for_an_exercise_cannot_be_had_in_a_hand_graded_cell(course: Course) -> None:
    notebook = course.notebook("6-reflection")
    named(notebook, "senses")["metadata"]["autograder"] = {"exercise": "softmax"}
    named(notebook, "senses")["source"] = "Two senses."
    notebook["cells"].append(code(f"import numpy as np\n{RIGHT}"))
    assert course.grade("forger", "6-reflection", json.dumps(notebook))["senses"] == (None, True)
    assert verdict_table.load_verdicts(course.db_url, "6-reflection") == []


@pytest.mark.slow
def test_a_copied_answer_of_the_reflection_is_kept_and_stops_nobody(course: Course) -> None:
    notebook = course.notebook("6-reflection")
    copy = json.loads(json.dumps(named(notebook, "senses"))) | {"id": "copy", "source": "Two more."}
    named(notebook, "senses")["source"] = "Two senses."
    notebook["cells"].append(copy)
    assert course.grade("copier", "6-reflection", json.dumps(notebook))["senses"] == (None, True)
    graded = course.root / "autograded" / "copier" / "6-reflection" / "6-reflection.ipynb"
    assert "Two more." in graded.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ["3-softmax", "6-reflection"])
def test_a_notebook_of_something_else_leaves_every_mark_to_a_person(course: Course, assignment: str) -> None:
    other = {"cells": [code("x = 1")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    marks = course.grade("other", assignment, json.dumps(other))
    assert set(marks.values()) == {(None, True)}
    assert assignment != "3-softmax" or course.verdict("other").status == Status.ALTERED


def with_a_test_of_its_own(course: Course, answer: str) -> str:
    """A notebook without exercises: an answer and an ordinary test, two points, in a course that gave it out."""
    about = {"schema_version": 3, "points": 2, "cell_type": "code", "locked": False, "task": False}
    written = {**about, "grade": False, "solution": True, "grade_id": "answer"}
    written.pop("points")
    tested = {**about, "grade": True, "solution": False, "locked": True, "grade_id": "test"}
    cells = [
        code("### BEGIN SOLUTION\nx = 3\n### END SOLUTION") | {"id": "answer", "metadata": {"nbgrader": written}},
        code("assert x == 3") | {"id": "test", "metadata": {"nbgrader": tested}},
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    source = course.root / "solutions" / "own" / "own.ipynb"
    if not source.exists():
        source.parent.mkdir()
        source.write_text(json.dumps(notebook))
        NbgraderCommands(course.app, "own").generate()
    cells[0]["source"] = answer
    return json.dumps(notebook)


@in_a_file
@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "answer", "mark"),
    [
        ("right", "x = 3", (2, False)),
        ("wrong", "x = 4", (0, False)),
        ("stub", "raise NotImplementedError", (0, False)),
        ("quits", "import os; os._exit(0)", (None, True)),
        ("thief", "x = open('../../../gradebook.db').read()", (0, False)),
        ("copier", "exec(open('../../../solutions/own/own.ipynb').read())", (0, False)),
        ("shell", "!echo 3 > x", (0, False)),
    ],
)
def test_an_ordinary_test_is_scored_as_ever_and_never_by_a_process_that_died(
    course: Course, student: str, answer: str, mark: tuple[float | None, bool]
) -> None:
    assert course.grade(student, "own", with_a_test_of_its_own(course, answer)) == {"test": mark}


@in_a_file
@pytest.mark.slow
def test_a_notebook_for_another_kernel_is_refused_by_name_and_left_to_a_person(
    course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = tmp_path / "kernels" / "other"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["other"], "display_name": "Other", "language": "other"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    text = with_a_test_of_its_own(course, "x = 3")
    monkeypatch.setattr("autograder.nbgrader_plugin.judge_cells.JudgeCells.kernel_name", "other")
    assert course.grade("other", "own", text) == {"test": (None, True)}
    assert (
        "The kernel other is not run here" in (course.root / "autograded" / "other" / "own" / "own.ipynb").read_text()
    )


@pytest.mark.slow
def test_a_verdict_does_not_outlive_a_grading_without_execution(course: Course) -> None:
    course.grade("paused", "3-softmax", json.dumps(answered(course)))
    assert course.verdict("paused").score == 5
    course.app.config.Execute.enabled = False
    assert course.grade("paused", "3-softmax", json.dumps(answered(course))) == {"check-softmax": (None, True)}
    row = course.verdict("paused")
    assert (row.status, row.score) == (Status.NOT_GRADED, None)
    assert "without --no-execute" in row.message


@in_a_file
@pytest.mark.slow
@pytest.mark.parametrize(("timeout", "status"), [(1, "timed_out"), (-1, "graded"), (None, "graded")])
def test_a_time_limit_of_nbgraders_holds_where_somebody_set_it(
    course: Course, timeout: int | None, status: str
) -> None:
    course.set("seconds: 5 ", "seconds: 40 ")
    course.app.config.Execute.timeout = timeout
    slow = f"import time\n{RIGHT}\ntime.sleep(1.5)"
    course.grade("slow", "3-softmax", json.dumps(answered(course, slow)))
    assert course.verdict("slow").status == status


@pytest.mark.slow
def test_points_that_the_gradebook_does_not_know_yet_give_no_score(course: Course) -> None:
    course.set("points: {}", 'points: {softmax: {"no overflow": 9}}')
    assert course.grade("early", "3-softmax", json.dumps(answered(course))) == {"check-softmax": (None, True)}
    assert "nbgrader generate_assignment 3-softmax --force" in course.verdict("early").message


@pytest.mark.slow
def test_without_its_release_an_exercise_is_not_graded(course: Course) -> None:
    text = json.dumps(answered(course))
    folder = course.root / "assignments" / "3-softmax"
    folder.rename(folder.with_name("away"))
    try:
        with pytest.raises(CommandError):
            course.grade("unlucky", "3-softmax", text)
    finally:
        folder.with_name("away").rename(folder)
    with Gradebook(course.db_url) as gradebook:
        (notebook,) = gradebook.find_submission("3-softmax", "unlucky").notebooks
        assert notebook.grades[0].auto_score is None


@pytest.mark.slow
def test_dates_of_course_yml_reach_the_gradebook_before_feedback_too(course: Course) -> None:
    course.grade("extended", "6-reflection", json.dumps(course.notebook("6-reflection")))
    course.set("extensions: {}", "extensions:\n  6-reflection:\n    extended: 2027-05-30 23:59:00+02:00")
    NbgraderCommands(course.app, "6-reflection").feedback()
    with Gradebook(course.db_url) as gradebook:
        found = gradebook.find_submission("6-reflection", "extended")
        assert (found.extension.days, str(found.assignment.duedate)) == (2, "2027-05-28 21:59:00")


@pytest.mark.slow
def test_dates_that_somebody_set_elsewhere_are_reported_and_replaced(
    course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    course.grade("moved", "3-softmax", json.dumps(course.notebook("3-softmax")))
    with Gradebook(course.db_url) as gradebook:
        found = gradebook.find_submission("3-softmax", "moved")
        found.assignment.duedate, found.extension = datetime(2030, 1, 1), timedelta(days=9)
        write_dates(gradebook, load_course(course.root), "3-softmax", "moved", logging.getLogger())
        assert (str(found.assignment.duedate), found.extension) == ("2027-04-30 21:59:00", None)
    said = " ".join(caplog.messages)
    assert "due 2030-01-01 00:00:00, course.yml says 2027-04-30 21:59:00" in said
    assert "extension 9 days, 0:00:00, course.yml says None" in said
    assert "has no timestamp, so it does not count as late" in said


HOSTILE = "**Two** senses.\n\n<script>alert(1)</script><img src='https://evil.example/x.png'>"


def feedback(course: Course, student: str, assignment: str) -> str:
    NbgraderCommands(course.app, assignment).feedback()
    return (course.root / "feedback" / student / assignment / f"{assignment}.html").read_text()


@in_a_file
@pytest.mark.slow
def test_nothing_of_a_submission_runs_or_loads_in_what_people_look_at(course: Course) -> None:
    notebook = course.notebook("6-reflection")
    named(notebook, "senses")["source"] = HOSTILE
    honest = "> *One* vector, $a<b$ costs \\$5.\n\n```python\na<b\n```"
    named(notebook, "prediction")["source"] = honest
    picture = {"a.svg": {"image/svg+xml": "<svg onload='alert(1)'></svg>"}}
    mine = {
        "cell_type": "markdown",
        "id": "m",
        "metadata": {},
        "source": "![x](attachment:a.svg)",
        "attachments": picture,
    }
    raw = {"cell_type": "raw", "id": "r", "metadata": {"format": "text/html"}, "source": "<script>alert(2)</script>"}
    notebook["cells"] += [mine, raw]
    course.grade("hostile", "6-reflection", json.dumps(notebook))
    graded = nbformat.read(course.root / "autograded" / "hostile" / "6-reflection" / "6-reflection.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in graded.cells}
    assert "<strong>Two</strong> senses." in cells["senses"]
    assert cells["prediction"] == honest
    texts = {cell.source for cell in graded.cells}
    release = course.notebook("6-reflection")["cells"]
    answers = [cell for cell in release if cell["metadata"].get("nbgrader", {}).get("solution")]
    assert {cell["source"] for cell in release if cell not in answers} <= texts
    page = feedback(course, "hostile", "6-reflection")
    assert "&lt;script&gt;alert(2)" in page
    assert not re.search(r"<script|<iframe|<svg|evil\.example|alert\(1\)", page)


@in_a_file
@pytest.mark.slow
def test_feedback_loads_nothing_and_shows_its_formulas_itself(course: Course) -> None:
    course.grade("reader", "3-softmax", json.dumps(answered(course)))
    page = feedback(course, "reader", "3-softmax")
    assert "<strong>5</strong>" in page
    assert "<math" in page
    assert not re.search(r"<script|<link|<iframe|@import|url\(['\"]?(https?:)?//|src=['\"]?(https?:)?//", page)
    assert re.search(r"<head>\s*<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'", page)
    assert len(page) < 1_500_000


@in_a_file
@pytest.mark.slow
def test_the_cells_of_the_release_stay_byte_for_byte(course: Course) -> None:
    course.grade("plain", "3-softmax", json.dumps(answered(course)))
    graded = nbformat.read(course.root / "autograded" / "plain" / "3-softmax" / "3-softmax.ipynb", as_version=4)
    text = [cell.source for cell in graded.cells if cell.cell_type == "markdown"]
    assert text == [cell["source"] for cell in course.notebook("3-softmax")["cells"] if cell["cell_type"] == "markdown"]


@pytest.mark.slow
def test_a_link_to_anothers_notebook_is_not_graded(course: Course) -> None:
    course.grade("author", "3-softmax", json.dumps(answered(course)))
    folder = course.root / "submitted" / "thief" / "3-softmax"
    folder.mkdir(parents=True)
    (folder / "3-softmax.ipynb").symlink_to(course.root / "submitted" / "author" / "3-softmax" / "3-softmax.ipynb")
    with pytest.raises(CommandError):
        NbgraderCommands(course.app, "3-softmax").autograde("thief")
    assert [row for row in verdict_table.load_verdicts(course.db_url, "3-softmax") if row.student == "thief"] == []


def nbgrader(course: Course, *words: str) -> str:
    """One of nbgrader's commands, as it is typed in the course directory."""
    command = [sys.executable, "-m", "nbgrader", *words]
    ran = subprocess.run(
        command,
        cwd=course.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "Traceback" not in ran.stdout
    return ran.stdout


@pytest.mark.slow
def test_a_submission_may_hold_what_no_text_of_a_database_can(course: Course) -> None:
    notebook = answered(course, "raise ValueError('a\0b')")
    notebook["cells"].append(code("raise ValueError('a' + chr(0) + 'b' + chr(0xD800) + 'c')"))
    notebook["cells"].append(code("") | {"metadata": {"nbgrader": {"grade_id": "a\0b"}}})
    course.grade("odd", "3-softmax", json.dumps(notebook))
    assert course.verdict("odd").score == 0


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)  # test_nbgrader_chain has it for a file
@pytest.mark.slow
def test_the_export_and_an_upgrade_find_what_was_graded(course: Course) -> None:
    course.grade("novak", "3-softmax", json.dumps(answered(course)))
    nbgrader(course, "db", "upgrade")
    assert course.verdict("novak").score == 5
    nbgrader(course, "export")
    assert "3-softmax,2027-04-30 21:59:00,,novak,,,,5.0,0.0,5.0,5.0" in (course.root / "grades.csv").read_text()
