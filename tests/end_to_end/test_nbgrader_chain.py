"""The whole of nbgrader, one command after another, as instructor and student type them, each in a new process."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.authoring.new_course import create_course
from autograder.course import seeds
from autograder.course.settings import load_course
from autograder.gradebook import verdict_table
from autograder.verdict import Status
from tests.helpers.classroom import ANSWERS
from tests.helpers.forked_nbgrader import run_nbgrader
from tests.helpers.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
WRONG = "def softmax(scores, axis=-1):\n    e = np.exp(scores)\n    return e / e.sum(axis=axis, keepdims=True)"


class Class:
    """A course directory, a student's folder with only the small configuration, and the commands of both."""

    def __init__(self, folder: Path) -> None:
        self.course, self.student = folder / "course", folder / "student"
        create_course(self.course)
        shutil.copytree(self.course / "student", self.student)
        self.env = {
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "PYTHONPATH": str(Path(__file__).parents[2]),  # this package, whatever else is installed
        }
        self.db_url = f"sqlite:///{self.course / 'gradebook.db'}"
        self.me = subprocess.check_output(["id", "-un"], text=True).strip()

    def nbgrader(self, *words: str, cwd: Path | None = None, status: int = 0) -> str:
        exit_status, output = run_nbgrader(words, cwd or self.course, self.env)
        assert exit_status == status, f"{' '.join(words)} exited {exit_status}\n{output}"
        assert "Traceback" not in output
        return output

    def submit(self, student: str, assignment: str, **answers: str) -> Path:
        """Put a submission where `collect` would put it."""
        target = self.course / "submitted" / student / assignment / f"{assignment}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        fill(self.course / "assignments" / assignment / f"{assignment}.ipynb", target, answers)
        return target

    def exported(self) -> list[dict[str, str]]:
        """The rows that ``nbgrader export`` wrote."""
        with (self.course / "grades.csv").open() as file:
            return list(csv.DictReader(file))

    def verdict(self, student: str, assignment: str) -> verdict_table.StoredVerdict:
        return next(row for row in verdict_table.load_verdicts(self.db_url, assignment) if row.student == student)


def fill(source: Path, target: Path, answers: dict[str, str]) -> None:
    notebook = json.loads(source.read_text())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = answers.get(name, cell["source"])
    target.write_text(json.dumps(notebook))


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return Class(tmp_path_factory.mktemp("school"))


def test_an_assignment_is_released_submitted_graded_and_its_feedback_fetched(school: Class) -> None:
    for assignment in ("3-softmax", "6-reflection"):
        school.nbgrader("generate_assignment", assignment, "--force")
        school.nbgrader("release_assignment", assignment)
    assert "3-softmax" in school.nbgrader("list", cwd=school.student)
    for assignment, answers in (("3-softmax", {"softmax": WRONG}), ("6-reflection", {"senses": "Court: tennis, law."})):
        school.nbgrader("fetch_assignment", assignment, cwd=school.student)
        mine = school.student / assignment / f"{assignment}.ipynb"
        fill(mine, mine, answers)
        school.nbgrader("submit", assignment, cwd=school.student)
        (sent,) = (school.course / "exchange").glob(f"*/inbound/*+{assignment}+*")
        (sent / "key.txt").symlink_to(school.course / "course.yml")
        assert "key.txt was not collected: it is a link" in school.nbgrader("collect", assignment)
        assert not (school.course / "submitted" / school.me / assignment / "key.txt").exists()
        school.nbgrader("autograde", assignment)
    assert school.verdict(school.me, "3-softmax").misconceptions == ("softmax-without-shift",)
    with Gradebook(school.db_url) as gradebook:
        assert gradebook.find_submission("3-softmax", school.me).score == 4
        assert gradebook.find_submission("6-reflection", school.me).needs_manual_grade
        for grade in gradebook.find_submission("6-reflection", school.me).notebooks[0].grades:
            grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    for assignment in ("3-softmax", "6-reflection"):
        school.nbgrader("generate_feedback", assignment)
        school.nbgrader("release_feedback", assignment)
        school.nbgrader("fetch_feedback", assignment, cwd=school.student)
    pages = list(school.student.rglob("3-softmax.html"))
    text = pages[0].read_text()
    assert "<strong>4</strong>" in text
    assert "What is exp(1000) on your machine" in text
    assert "HIDDEN TESTS" not in text
    assert str(school.verdict(school.me, "3-softmax").seed) not in text


def test_the_other_commands_work_too(school: Class) -> None:
    (school.course / "students.csv").write_text("id,first_name,last_name,email\nnovak,Bela,Novak,b@example.org\n")
    school.nbgrader("db", "student", "import", "students.csv")
    assert "novak" in school.nbgrader("db", "student", "list")
    archive = school.course / "downloaded" / "3-softmax" / "archive"
    archive.mkdir(parents=True)
    made = school.submit("novak", "3-softmax", softmax=WRONG)
    with zipfile.ZipFile(archive / "download.zip", "w") as zipped:
        zipped.write(made, "novak_12345_67890_3-softmax.ipynb")
    with zipfile.ZipFile(archive / "evil.zip", "w") as zipped:
        zipped.write(made, "../../../gradebook.db")
    shutil.rmtree(made.parents[1])
    pattern = r".*/(?P<student_id>\w+?)_\d+_\d+_(?P<file_id>.*)\.ipynb$"
    said = school.nbgrader("zip_collect", "3-softmax", f"--FileNameCollectorPlugin.named_regexp={pattern}")
    assert "evil.zip was not unpacked: ../../../gradebook.db in it leads out of its folder." in said
    school.nbgrader("autograde", "3-softmax", "--student", "novak")
    assert school.verdict("novak", "3-softmax").score == 4
    school.nbgrader("update", "assignments")
    with Gradebook(school.db_url) as gradebook:
        gradebook.update_or_create_student("novak", first_name="=HYPERLINK(A1)", last_name="Novak")
    school.nbgrader("export")
    assert {row["first_name"] for row in school.exported() if row["student_id"] == "novak"} == {"'=HYPERLINK(A1)"}
    rows = school.exported()
    assert {(row["student_id"], row["score"]) for row in rows if row["assignment"] == "3-softmax"} >= {("novak", "4.0")}


def test_every_kind_of_submission_gets_a_status_and_the_right_score(school: Class) -> None:
    right = (ANSWERS / "right_broadcast.py").read_text()
    loop = "def softmax(scores, axis=-1):\n    while True: pass"
    settings = school.course / "course.yml"
    settings.write_text(settings.read_text().replace("seconds: 5 ", "seconds: 1 "))
    school.submit("right", "3-softmax", softmax=right)
    school.submit("blank", "3-softmax")
    school.submit("loop", "3-softmax", softmax=loop)
    school.submit("gone", "3-softmax", softmax="import os; os._exit(0)")
    odd = json.loads(school.submit("copied", "3-softmax", softmax=right).read_text())
    odd["cells"] += odd["cells"]
    school.submit("copied", "3-softmax").write_text(json.dumps(odd))
    other = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    school.submit("other", "3-softmax").write_text(other)
    school.nbgrader("autograde", "3-softmax")
    found = {row.student: (row.status, row.score) for row in verdict_table.load_verdicts(school.db_url, "3-softmax")}
    assert {name: found[name] for name in ("right", "blank", "loop", "gone", "copied", "other")} == {
        "right": ("graded", 5),
        "blank": ("unfinished", 0),
        "loop": ("timed_out", 0),
        "gone": ("needs_look", None),
        "copied": ("graded", 5),
        "other": ("altered", None),
    }
    with Gradebook(school.db_url) as gradebook:
        grade = gradebook.find_submission("3-softmax", "other").notebooks[0].grades[0]
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)


def test_without_execution_a_score_is_never_made_up(school: Class) -> None:
    school.submit("paused", "3-softmax", softmax=WRONG)
    school.nbgrader("autograde", "3-softmax", "--student", "paused", "--no-execute")
    with Gradebook(school.db_url) as gradebook:
        grade = gradebook.find_submission("3-softmax", "paused").notebooks[0].grades[0]
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)


def test_nbgraders_own_preprocessors_never_hand_out_marks_for_our_cells(school: Class) -> None:
    school.submit("stock", "3-softmax", softmax=WRONG)
    stock = "--Autograde.autograde_preprocessors=nbgrader.preprocessors."
    school.nbgrader("autograde", "3-softmax", "--student", "stock", f"{stock}Execute", f"{stock}SaveAutoGrades")
    with Gradebook(school.db_url) as gradebook:
        assert gradebook.find_submission("3-softmax", "stock").score == 0


def test_a_regrade_repeats_the_verdict_and_keeps_what_a_person_gave(school: Class) -> None:
    before = school.verdict("novak", "3-softmax")
    with Gradebook(school.db_url) as gradebook:
        grade = gradebook.find_submission("3-softmax", "novak").notebooks[0].grades[0]
        grade.manual_score, grade.extra_credit = 4.5, 0.25
        gradebook.db.commit()
    school.nbgrader("autograde", "3-softmax", "--student", "novak", "--force")
    after = school.verdict("novak", "3-softmax")
    assert (after.seed, after.criteria) == (before.seed, before.criteria)
    assert after.seed == seeds.seed_for(school.course, "3-softmax", "novak")
    with Gradebook(school.db_url) as gradebook:
        grade = gradebook.find_submission("3-softmax", "novak").notebooks[0].grades[0]
        assert (grade.manual_score, grade.extra_credit, grade.needs_manual_grade) == (4.5, 0.25, False)


def test_late_marks_follow_course_yml_and_manual_marks(school: Class) -> None:
    settings = school.course / "course.yml"
    due = load_course(school.course).due["6-reflection"]
    late = "extensions:\n  6-reflection:\n    later: 2027-06-28 23:59:00+02:00\n"
    settings.write_text(settings.read_text().replace("extensions: {}\n", late))
    for student in ("punctual", "tardy", "later"):
        path = school.submit(student, "6-reflection", senses="Two senses.")
        when = "2027-05-20 10:00:00 UTC" if student == "punctual" else "2027-05-30 10:00:00 UTC"
        (path.parent / "timestamp.txt").write_text(when)
    school.nbgrader("autograde", "6-reflection")
    with Gradebook(school.db_url) as gradebook:
        gradebook.find_assignment("6-reflection").duedate = None  # as somebody might in formgrader
        gradebook.db.commit()
    said = school.nbgrader("autograde", "6-reflection", "--student", "tardy", "--force")
    with Gradebook(school.db_url) as gradebook:
        assert gradebook.find_assignment("6-reflection").duedate.date() == due.date()
        for student in ("punctual", "tardy", "later"):
            for grade in gradebook.find_submission("6-reflection", student).notebooks[0].grades:
                grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    school.nbgrader("export")
    found = [row for row in school.exported() if row["assignment"] == "6-reflection"]
    lost = {row["student_id"]: float(row["late_submission_penalty"]) for row in found if not row["waits_for"]}
    assert (lost["punctual"], lost["later"]) == (0, 0)
    assert lost["tardy"] == pytest.approx(0.2 * 8)
    assert "is late and loses" not in said  # nothing is marked yet
    school.nbgrader("generate_feedback", "6-reflection", "--student", "tardy")


def test_validate_agrees_with_the_self_check(school: Class) -> None:
    for name, answer, passes in (("solved", None, True), ("wrong", WRONG, False), ("stub", "", False)):
        folder = school.student / name
        source = school.course / ("solutions" if passes else "assignments") / "3-softmax"
        shutil.copytree(source, folder)
        notebook = folder / "3-softmax.ipynb"
        if answer:
            fill(notebook, notebook, {"softmax": answer})
        said = school.nbgrader("validate", "3-softmax.ipynb", cwd=folder)
        assert ("Success!" in said) is passes, said
        check = subprocess.run(
            [sys.executable, "selfcheck.py"], cwd=folder, capture_output=True, text=True, check=False
        )
        assert (check.returncode == 0) is passes, check.stdout
        if answer:
            assert "What is exp(1000) on your machine" in said
            assert "What is exp(1000) on your machine" in " ".join(check.stdout.split())


def test_formgraders_pages_answer_and_show_partial_scores(school: Class) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["server", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=", "--ip=127.0.0.1"]
    log = (school.course.parent / "server.log").open("w")
    server = subprocess.Popen([str(BIN / "jupyter"), *words], cwd=school.course, env=school.env, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}/formgrader"

    def get(page: str) -> str:
        with urllib.request.urlopen(base + page, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def answers() -> bool:
        assert server.poll() is None, "the server ended"
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            return bool(get(""))
        return False

    try:
        wait_until(answers, "formgrader's start")
        for page in ("/manage_assignments", "/gradebook", "/gradebook/3-softmax", "/manage_students"):
            assert "formgrader" in get(page)
        submissions = json.loads(get("/api/submitted_notebooks/3-softmax/3-softmax"))
        mine = next(one for one in submissions if one["student"] == school.me)
        assert (mine["score"], mine["max_score"]) == (4, 5)
        shown = get(f"/submissions/{mine['id']}/")
        assert "softmax: 4 / 5 points" in shown
    finally:
        server.terminate()
        server.wait(PATIENCE)
        log.close()


def test_our_table_stands_beside_nbgraders_own_migrations(school: Class) -> None:
    school.nbgrader("db", "upgrade")
    assert school.verdict("right", "3-softmax").status == Status.GRADED
