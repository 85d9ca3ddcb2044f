"""Which submissions a run grades, what it says, and what it refuses."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from rich.console import Console

from autograder import batch
from autograder.batch import assignment_bundle, progress
from autograder.batch.assignment_bundle import BatchError
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.progress import ProgressDisplay, Summary
from autograder.cli import main
from autograder.course import catalogue
from autograder.verdict import Status
from tests.helpers.classroom import RIGHT, ROOT, WRONG, Classroom
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow
NAME, TEXT = "3-softmax", "6-reflection"
THREE = ("ann", "ben", "cem")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Three students, graded once; the tests have copies of it."""
    folder = tmp_path_factory.mktemp("batch") / "first"
    room = Classroom(folder, f"sqlite:///{folder / 'gradebook.db'}", NAME, TEXT)
    for student, source in zip(THREE, (RIGHT, WRONG, RIGHT + "\n"), strict=True):
        room.answer(student, source, when="2027-04-20 10:00:00 UTC")
    room.submit("ann", room.notebook(TEXT), TEXT)
    for assignment in (NAME, TEXT):
        room.grade(assignment)
    return room


@pytest.fixture
def room(first: Classroom, tmp_path: Path) -> Classroom:
    return first.twin(tmp_path / "room")


def graded(room: Classroom, **options: Any) -> set[str]:
    """Who is graded by a run."""
    before = _moments(room)
    summary, _ = room.grade(**options)
    found = {student for student, moment in _moments(room).items() if before.get(student) != moment}
    assert summary.graded == len(found)
    return found


def _moments(room: Classroom) -> dict[str, Any]:
    from autograder.gradebook import database, verdict_table

    with database.connect(room.db_url) as connection:
        return {student: one.graded_at for student, one in verdict_table.load_grading_records(connection, NAME).items()}


def snapshot(room: Classroom) -> dict[str, bytes]:
    return {
        str(path.relative_to(room.root)): path.read_bytes()
        for path in sorted(room.root.rglob("*"))
        if path.is_file() and path.suffix not in (".pyc",)
    }


def mark(room: Classroom, student: str, **values: Any) -> None:
    with Gradebook(room.db_url) as gradebook:
        found = gradebook.find_submission_notebook(NAME, NAME, student)
        for grade in found.grades:
            if grade.name == "check-softmax":
                for name, value in values.items():
                    setattr(grade, name, value)
        gradebook.db.commit()


NOTHING: set[str] = set()
EVERYBODY = set(THREE)
CHANGES: dict[str, tuple[Callable[[Classroom], Any], set[str]]] = {
    "nothing": (lambda room: None, NOTHING),
    "bytes": (lambda room: room.answer("ben", RIGHT), {"ben"}),
    "bytes beside": (lambda room: (room.folder("ben") / "notes.txt").write_text("x"), {"ben"}),
    "the same bytes at another time": (lambda room: os.utime(room.folder("ben") / f"{NAME}.ipynb"), NOTHING),
    "a timestamp": (
        lambda room: (room.folder("ben") / "timestamp.txt").write_text("2027-05-02 10:00:00 UTC"),
        {"ben"},
    ),
    "an extension": (
        lambda room: room.set("extensions: {}", f"extensions:\n  {NAME}:\n    cem: 2027-05-05 23:59:00+02:00"),
        {"cem"},
    ),
    "a due date": (lambda room: room.set("3-softmax: 2027-04-30", "3-softmax: 2027-04-29"), EVERYBODY),
    "another's due date": (lambda room: room.set("6-reflection: 2027-05-28", "6-reflection: 2027-05-27"), NOTHING),
    "late marks": (lambda room: room.set("per_day: 0.1", "per_day: 0.2"), EVERYBODY),
    "limits": (lambda room: room.set("memory_mb: 2048", "memory_mb: 1024"), EVERYBODY),
    "points": (lambda room: room.set("points: {}", "points: {softmax: {no overflow: 2, any axis: 0}}"), EVERYBODY),
    "another's points": (lambda room: room.set("points: {}", "points: {scale_scores: {}}"), NOTHING),
    "a clause": (lambda room: room.set("leave_out: []", "leave_out: [mask]"), EVERYBODY),
    "the title": (lambda room: room.set('title: "Attention', 'title: "Inattention'), NOTHING),
    "another's rubrics": (lambda room: room.set("{senses: 3,", "{senses: 4,"), NOTHING),
    "a graded notebook": (
        lambda room: (room.root / "autograded" / "ann" / NAME / f"{NAME}.ipynb").unlink(),
        {"ann"},
    ),
    "a graded folder": (lambda room: shutil.rmtree(room.root / "autograded" / "ann"), {"ann"}),
    "a student of the gradebook": (lambda room: _remove(room, "ben"), {"ben"}),
    "a new student": (lambda room: room.answer("dia", RIGHT), {"dia"}),
}


def _remove(room: Classroom, student: str) -> None:
    words = [sys.executable, "-m", "nbgrader", "db", "student", "remove", student, "--force"]
    subprocess.run(words, cwd=room.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)


@pytest.mark.parametrize("change", CHANGES)
def test_exactly_those_are_graded_again_whom_a_change_concerns(room: Classroom, change: str) -> None:
    act, concerned = CHANGES[change]
    act(room)
    assert graded(room) == concerned
    assert graded(room) == NOTHING


def test_another_grading_version_and_another_exercise_concern_everybody(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment_bundle, "GRADING_VERSION", assignment_bundle.GRADING_VERSION + 1)
    assert graded(room) == EVERYBODY
    assert graded(room) == NOTHING
    found = catalogue.exercise_fingerprint
    monkeypatch.setattr(catalogue, "exercise_fingerprint", lambda name, root: found(name, root) + "x")
    assert graded(room) == EVERYBODY


def test_force_failed_and_students_choose(room: Classroom) -> None:
    assert graded(room, force=True) == EVERYBODY
    room.submit("ben", "no notebook")
    room.answer("dia", RIGHT)
    assert graded(room, failed=True) == NOTHING  # none had failed
    assert graded(room, students=("ben", "ann")) == {"ben"}
    assert graded(room, students=("ann", "cem", "ann"), force=True) == {"ann", "cem"}
    assert graded(room, failed=True) == {"ben"}
    assert graded(room) == {"dia"}
    assert graded(room, failed=True, students=("ann",)) == NOTHING


def test_what_differs_is_told_and_nothing_written_in_a_dry_run(room: Classroom) -> None:
    mark(room, "cem", auto_score=0.5)
    room.answer("ben", RIGHT)
    room.answer("dia", RIGHT)
    (room.root / ".autograder-secret").unlink()
    before, known = snapshot(room), rows(room.db_url, NAME)
    summary, printed = room.grade(dry_run=True, force=True, feedback=True)
    assert snapshot(room) == before
    assert rows(room.db_url, NAME) == known
    assert {one.student for one in summary.changes} == {"ben", "cem"}
    assert next(one for one in summary.changes if one.student == "cem").before == 0.5
    assert "What would change" in printed
    assert "Nothing was written." in printed
    assert "4 would be graded" in printed


def test_a_dry_run_of_nothing_new_says_so(room: Classroom) -> None:
    summary, printed = room.grade(dry_run=True)
    assert (summary.graded, summary.unchanged, summary.changes) == (0, 3, [])
    assert "0 would be graded, 3 unchanged" in printed


def test_marks_that_are_given_while_a_class_is_graded_survive(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    save = GradebookWriter.save

    def late(book: GradebookWriter, entries: Any) -> Any:
        mark(room, "ann", manual_score=1.25, extra_credit=0.5)
        with Gradebook(room.db_url) as gradebook:
            for comment in gradebook.find_submission_notebook(NAME, NAME, "ann").comments:
                comment.manual_comment = "Well done."
            gradebook.db.commit()
        return save(book, entries)

    monkeypatch.setattr(GradebookWriter, "save", late)
    room.grade(force=True, feedback=True)
    found = rows(room.db_url, NAME)
    assert found["ann", NAME, "grade", "check-softmax"][1:4] == (1.25, 0.5, True)
    assert {value[1] for key, value in found.items() if key[0] == "ann" and "comment" in key} == {"Well done."}
    assert "Well done." in (room.root / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()


def command(room: Path, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", *words],
        cwd=room,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_exit_status_says_whether_anybody_has_to_look(room: Classroom) -> None:
    room.submit("late", room.notebook(NAME, softmax=RIGHT), when="2027-06-30 10:00:00 UTC")
    room.folder("missing").mkdir(parents=True)
    status, out, err = command(room.root, NAME)
    assert (status, err) == (0, "")
    assert "next: nbgrader generate_feedback 3-softmax" in out
    room.submit("corrupt", "{")
    status, out, err = command(room.root, NAME, "--feedback")
    assert (status, err) == (1, "")
    assert "corrupt" in out
    assert "1 graded now, 5 unchanged" in out
    assert command(room.root, NAME)[0] == 1


def _config(line: str) -> Callable[[Classroom], Any]:
    def write(room: Classroom) -> None:
        with (room.root / "nbgrader_config.py").open("a") as config:
            config.write(line + "\n")

    return write


WRONG_USAGE: dict[str, tuple[Callable[[Classroom], Any], tuple[str, ...], str]] = {
    "assignment": (lambda _: None, ("3-sofmax",), "there is no assignment 3-sofmax. Did you mean 3-softmax?"),
    "student": (lambda _: None, (NAME, "--student", "ann", "benn"), "benn handed in nothing. Did you mean ben?"),
    "workers": (lambda _: None, (NAME, "--workers", "0"), "write a whole number from 1 on"),
    "gradebook": (lambda room: (room.root / "gradebook.db").unlink(), (NAME,), f"generate_assignment {NAME}"),
    "no gradebook": (lambda room: (room.root / "gradebook.db").write_text("x"), (NAME,), "gradebook"),
    "unknown": (
        lambda room: room.submit("ann", "", "1-scores"),
        ("1-scores",),
        "nbgrader generate_assignment 1-scores --force",
    ),
    "release": (
        lambda room: (room.root / "assignments" / NAME / f"{NAME}.ipynb").unlink(),
        (NAME,),
        "submissions are graded by it. Run: nbgrader generate_assignment",
    ),
    "nothing": (lambda room: shutil.rmtree(room.root / "submitted"), (NAME,), "nothing was handed in"),
    "list": (
        _config("c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']"),
        (NAME,),
        "another list than the course's own. Use nbgrader autograde 3-softmax",
    ),
    "hook": (_config("c.Autograde.post_convert_hook = print"), (NAME,), "has a hook. Use nbgrader autograde"),
    "config": (_config("c.Autograde.("), (NAME,), "Run: nbgrader generate_assignment"),
    "course": (lambda room: room.set("time_zone: Europe/Berlin", "time_zone: Berlin"), (NAME,), "course.yml"),
    "own notebook": (
        lambda room: (room.root / "assignments" / NAME / f"{NAME}.ipynb").write_text(
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
        ),
        (NAME,),
        "was not built by this course",
    ),
    "release no notebook": (
        lambda room: (room.root / "assignments" / NAME / f"{NAME}.ipynb").write_text("{"),
        (NAME,),
        "generate_assignment",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_USAGE)
def test_wrong_usage_is_a_sentence_and_exit_2(
    room: Classroom, wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    act, words, says = WRONG_USAGE[wrong]
    act(room)
    before = rows(room.db_url, TEXT) if wrong not in ("gradebook", "no gradebook") else None
    monkeypatch.chdir(room.root)
    try:
        status = main(["grade", *words])
    except SystemExit as left:  # argparse's
        status = int(str(left.code))
    out, err = capsys.readouterr()
    assert (status, out) == (2, ""), err
    assert says in " ".join(err.split())
    assert "Traceback" not in err
    if before is not None:
        assert rows(room.db_url, TEXT) == before


def terminal() -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=True, width=120, color_system="truecolor", legacy_windows=False), file


HOSTILE = "[red]x[/red] \x1b[2J\x1b]0;title\x07 {0} %s"


def test_on_a_terminal_the_rate_the_counts_and_who_is_slow_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_OFTEN", 0.0)
    console, file = terminal()
    summary = Summary(NAME)
    with ProgressDisplay(console, summary, 30) as shown:
        for number in range(12):
            summary.add(f"s{number}", Status.GRADED, "")
            shown.step()
            shown.show(HOSTILE, 7.0)
    text = file.getvalue()
    assert "12/30" in text
    assert "a second" in text
    assert "graded 12" in text
    assert "slow: [red]x[/red]  {0} %s, 7 s" in text
    assert "\x1b[2J" not in text
    assert "title" not in text


def test_without_a_terminal_there_are_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SELDOM", 0.0)
    file = io.StringIO()
    summary = Summary(NAME)
    with ProgressDisplay(Console(file=file, width=60), summary, 30) as shown:
        for _ in range(12):
            shown.step()
        summary.add("x", Status.ALTERED, "")
        shown.show(HOSTILE, 7.0)
    assert "\x1b" not in file.getvalue()
    assert "12 of 30, about 0 s left" in file.getvalue()
    assert "altered 1" in file.getvalue()
    assert "[red]x[/red]" in file.getvalue()


def test_the_summary_names_who_needs_a_look_and_obeys_nobody() -> None:
    console, file = terminal()
    summary = Summary(NAME)
    for status in (Status.UNREADABLE, Status.GRADED):
        summary.add(HOSTILE, status, HOSTILE)
    summary.said[HOSTILE] += 1
    summary.changes.append(progress.ScoreChange(HOSTILE, 1.0, None))
    batch.show_summary(console, summary)
    text = file.getvalue()
    assert text.count("[red]x[/red]") == 4
    assert "\x1b[2J" not in text
    assert "title" not in text
    assert "A person has to look at" in text


def test_a_dry_run_lists_all_changes_and_a_run_the_first_ones() -> None:
    for dry, rows_ in ((True, 50), (False, 20)):
        file = io.StringIO()
        summary = Summary(
            NAME, dry=dry, changes=[progress.ScoreChange(f"s{number:02}", 1.0, 2.0) for number in range(50)]
        )
        batch.show_summary(Console(file=file, width=100), summary)
        assert file.getvalue().count("│ s") == rows_
        assert ("and 30 more" in file.getvalue()) is not dry


def test_two_assignments_may_be_graded_at_once(room: Classroom) -> None:
    found: list[tuple[int, str, str]] = []
    both = [
        threading.Thread(target=lambda name=name: found.append(command(room.root, name, "--force", "--feedback")))
        for name in (NAME, TEXT)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [(status, err) for status, _, err in found] == [(0, ""), (0, "")]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]) -> Classroom:
    """A class in a database of each kind."""
    folder = tmp_path_factory.mktemp("shared")
    room = Classroom(folder, new_database(folder), NAME, TEXT)
    for student in THREE:
        room.answer(student, RIGHT, when="2027-05-02 10:00:00 UTC")
        room.submit(student, room.notebook(TEXT, senses=student), TEXT)
    return room


def test_every_kind_of_database_serves_two_graders_keeps_marks_and_knows_what_is_done(shared: Classroom) -> None:
    test_two_assignments_may_be_graded_at_once(shared)
    before = {name: rows(shared.db_url, name) for name in (NAME, TEXT)}
    assert all(len([key for key in found if len(key) == 1]) == 4 for found in before.values())
    mark(shared, "ben", manual_score=1.25, extra_credit=0.5, needs_manual_grade=False)
    assert graded(shared) == NOTHING
    shared.answer("cem", WRONG, when="2027-05-02 10:00:00 UTC")
    assert graded(shared) == {"cem"}
    assert graded(shared, force=True) == EVERYBODY
    after = rows(shared.db_url, NAME)
    assert after["ben", NAME, "grade", "check-softmax"][1:4] == (1.25, 0.5, True)
    assert {key: value for key, value in after.items() if key[0] == "ann"} == {
        key: value for key, value in before[NAME].items() if key[0] == "ann"
    }
    assert rows(shared.db_url, TEXT) == before[TEXT]


def test_a_database_that_fails_is_told_without_anybodys_marks(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def fails(*_: Any) -> None:
        raise OperationalError("INSERT", {"student": "ann"}, Exception("the disk is full"))

    monkeypatch.setattr(GradebookWriter, "save", fails)
    with pytest.raises(BatchError, match="the disk is full") as told:
        room.grade(force=True)
    assert "INSERT" not in str(told.value)
    assert "student" not in str(told.value)
