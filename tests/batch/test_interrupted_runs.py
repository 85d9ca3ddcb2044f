"""What may go wrong while a class is graded: what was done is kept, the rest is done later, nobody is left over."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.batch.assignment_bundle import BatchError
from autograder.batch.folders import Folders
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import SubmissionGrader
from tests.helpers.classroom import LOOP, ROOT, Classroom, small_class
from tests.helpers.gradebook_rows import rows
from tests.helpers.processes import descendants

pytestmark = pytest.mark.slow
NAME = "3-softmax"
CLASS = 40


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class that nobody has graded yet; the tests have copies of it."""
    return small_class(tmp_path_factory.mktemp("failures") / "first", CLASS)


@pytest.fixture
def room(first: Classroom, tmp_path: Path) -> Classroom:
    return first.twin(tmp_path / "room")


@pytest.fixture(scope="module")
def undisturbed(first: Classroom) -> tuple[dict[Any, Any], dict[str, Any]]:
    """What one run over the class leaves."""
    room = first.twin(first.root.parent / "undisturbed")
    room.grade(feedback=True)
    return room.results()


def few(room: Classroom, count: int = 4) -> None:
    """Leave only a few of the class."""
    for folder in sorted((room.root / "submitted").iterdir())[count:]:
        shutil.rmtree(folder)


def start(room: Classroom, *words: str, **environment: str) -> subprocess.Popen[str]:
    """The real command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", NAME, *words],
        cwd=room.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(pids: set[int], seconds: float = 10.0) -> bool:
    """Whether these processes are gone within some seconds."""
    deadline = time.monotonic() + seconds
    while any(_lives(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until_graded(room: Classroom, count: int, running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while len(list((room.root / "autograded").glob(f"*/{NAME}"))) < count:
        assert time.monotonic() < deadline
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)


def sound(room: Classroom) -> bool:
    with contextlib.closing(sqlite3.connect(room.root / "gradebook.db")) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


@pytest.mark.parametrize("group", [False, True], ids=["itself", "and its group"])
def test_a_killed_run_that_is_repeated_leaves_what_an_undisturbed_one_does(
    room: Classroom, undisturbed: Any, group: bool
) -> None:
    chance = random.Random(group)
    for _ in range(3):
        running = start(room, "--feedback")
        time.sleep(chance.uniform(1.0, 6.0))
        started = descendants(running.pid)
        (os.killpg if group else os.kill)(running.pid, signal.SIGKILL)
        running.communicate()
        assert ended(started)
        assert sound(room)
        for path in (room.root / "autograded").glob(f"*/{NAME}/*.ipynb"):
            assert path.read_text().endswith("}\n")
    room.grade(feedback=True)
    assert room.results() == undisturbed


def test_ctrl_c_keeps_what_was_done_and_leaves_nobody(room: Classroom, undisturbed: Any) -> None:
    room.answer("a-slow", LOOP)
    room.answer("b-slow", LOOP)
    running = start(room)
    until_graded(room, 5, running)
    started = descendants(running.pid)
    began = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert err == "autograder: stopped; what was finished is kept.\n"
    assert time.monotonic() - began < 4
    assert ended(started)
    assert sound(room)
    kept = rows(room.db_url, NAME)
    assert sum(len(key) == 1 for key in kept) > 1
    for student in ("a-slow", "b-slow"):
        shutil.rmtree(room.root / "submitted" / student)
    room.grade(feedback=True)
    found = {key: value for key, value in rows(room.db_url, NAME).items() if not key[0].endswith("-slow")}
    assert found == undisturbed[0]


def test_a_second_run_says_who_holds_the_lock_and_since_when(room: Classroom) -> None:
    running = start(room)
    until_graded(room, 1, running)
    os.kill(running.pid, signal.SIGSTOP)
    second = start(room)
    out, err = second.communicate(timeout=60)
    os.kill(running.pid, signal.SIGCONT)
    assert (second.returncode, out) == (2, "")
    assert f"autograder grade {NAME} is running already: process {running.pid} of " in err
    assert f", since {time.strftime('%Y-')}" in err
    assert running.communicate(timeout=60)[1] == ""
    assert running.returncode == 0
    out, err = start(room).communicate(timeout=60)
    assert f"0 graded now, {CLASS} unchanged" in out, err


def marks_or(act: Callable[[StudentSubmission], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have workers do something before they mark a submission."""
    mark = SubmissionGrader.grade

    def disturbed(desk: SubmissionGrader, submitted: StudentSubmission) -> Any:
        act(submitted)
        return mark(desk, submitted)

    disturbed.__module__, disturbed.__qualname__ = mark.__module__, mark.__qualname__  # it goes to workers by its name
    monkeypatch.setattr(SubmissionGrader, "grade", disturbed)


def test_a_submission_that_ends_its_worker_is_not_graded_and_the_others_are_once(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()

    def act(submitted: StudentSubmission) -> None:
        if os.getpid() == here:
            return  # the run itself writes down who was not graded
        with (room.root / f"seen-{submitted.student}").open("a") as file:
            file.write("x")
        if submitted.student in ("s03", "s20"):
            os.kill(os.getpid(), signal.SIGKILL)

    marks_or(act, monkeypatch)
    summary, _ = room.grade()
    assert {student: status for student, status, _ in summary.looks} == {"s03": "not_graded", "s20": "not_graded"}
    assert all("its process ended" in why for _, _, why in summary.looks)
    seen = {path.name[5:]: len(path.read_text()) for path in room.root.glob("seen-*")}
    assert seen == {student: 2 if student in ("s03", "s20") else 1 for student in seen}
    assert len(seen) == CLASS
    assert summary.graded == sum(summary.statuses.values()) == CLASS
    assert len(list((room.root / "autograded").glob(f"*/{NAME}"))) == CLASS
    monkeypatch.undo()
    summary, _ = room.grade()
    assert (summary.graded, summary.unchanged, summary.clean) == (2, CLASS - 2, True)


def test_a_worker_that_somebody_kills_costs_a_repeat_only(room: Classroom, undisturbed: Any) -> None:
    running = start(room, "--feedback")
    until_graded(room, 2, running)
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, (out, err)
    assert f"{CLASS} graded" in out
    assert room.results() == undisturbed


def test_a_worker_that_ends_between_two_looks_is_replaced(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it has nothing to do, nobody but the next submission notices."""
    save, killed = GradebookWriter.save, []

    def slow(book: GradebookWriter, entries: Any) -> Any:
        if not killed:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)
            time.sleep(1)
        return save(book, entries)

    monkeypatch.setattr("autograder.batch.result_writer.BATCH", 3)
    monkeypatch.setattr(GradebookWriter, "save", slow)
    summary, _ = room.grade()
    assert (summary.graded, summary.clean) == (CLASS, True)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_where_a_folder_cannot_be_written_one_sentence_says_so_and_what_was_done_is_kept(
    room: Classroom, monkeypatch: pytest.MonkeyPatch, number: int, undisturbed: Any
) -> None:
    write = Folders.write_graded

    def full(folders: Folders, submitted: StudentSubmission, marked: Any) -> None:
        if submitted.student == "s30":
            raise OSError(number, os.strerror(number), str(folders.autograded("s30")))
        write(folders, submitted, marked)

    monkeypatch.setattr("autograder.batch.result_writer.BATCH", 10)
    monkeypatch.setattr(Folders, "write_graded", full)
    with pytest.raises(BatchError, match=f"s30.* cannot be used: {os.strerror(number)}. Look at"):
        room.grade()
    assert sound(room)
    monkeypatch.undo()
    summary, _ = room.grade(feedback=True)
    assert 10 <= summary.unchanged < CLASS
    assert room.results() == undisturbed


@pytest.fixture
def without_bwrap(tmp_path: Path) -> str:
    """A PATH with all that is on it but for bwrap."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if program.name != "bwrap" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return str(folder)


def test_isolation_that_is_not_to_be_had_ends_the_run_before_anything_is_written(
    room: Classroom, without_bwrap: str
) -> None:
    room.set("isolation: process", "isolation: full")
    before = (room.root / "gradebook.db").read_bytes()
    running = start(room, PATH=without_bwrap)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (2, "")
    assert err.startswith("autograder: isolation level 'full' is required, but only ")
    assert "Traceback" not in err
    assert (room.root / "gradebook.db").read_bytes() == before
    assert not (room.root / "autograded").exists()


def test_what_a_failing_sandbox_left_is_graded_again_by_the_next_run(
    room: Classroom, monkeypatch: pytest.MonkeyPatch, undisturbed: Any
) -> None:
    from autograder.sandbox import Sandbox, SandboxError

    child = Sandbox.start_process
    chosen = {"s05", "s06", "s33"}
    now: list[str] = []

    def fails(self: Sandbox, *arguments: Any, **more: Any) -> Any:
        if now[-1] in chosen:
            raise SandboxError("no more processes")
        return child(self, *arguments, **more)

    marks_or(lambda submitted: now.append(submitted.student), monkeypatch)
    monkeypatch.setattr(Sandbox, "start_process", fails)
    summary, printed = room.grade()
    assert {student for student, status, _ in summary.looks if status == "not_graded"} == chosen
    assert not summary.clean
    assert "no more processes" in printed
    monkeypatch.undo()
    summary, _ = room.grade()
    assert (summary.graded, summary.clean) == (3, True)
    room.grade(feedback=True)
    assert room.results() == undisturbed


def test_a_folder_that_may_not_be_read_is_unreadable_and_the_others_are_graded(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(room)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "s01" not in str(path) and access(path, mode))
    summary, _ = room.grade()
    assert [(student, status.value) for student, status, _ in summary.looks] == [("s01", "unreadable")]
    assert summary.graded == 4


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    before = descendants()
    yield
    assert ended(descendants() - before)
