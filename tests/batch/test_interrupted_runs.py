"""Runs that are killed, stopped or cannot isolate: what was graded is kept, the rest is graded later."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.classroom import LOOP, ROOT, Classroom
from tests.helpers.gradebook_rows import is_sound, rows
from tests.helpers.processes import descendants, have_ended
from tests.helpers.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_process_left")]
NAME = "3-softmax"


def start(classroom: Classroom, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Start the real command in its own process group."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", NAME, *words],
        cwd=classroom.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until_graded(classroom: Classroom, count: int, running: subprocess.Popen[str]) -> None:
    """Wait until ``count`` result folders exist, or the command ends."""
    wait_until(
        lambda: running.poll() is not None or len(list((classroom.root / "autograded").glob(f"*/{NAME}"))) >= count
    )


@pytest.mark.parametrize("group", [False, True], ids=["the command", "its process group"])
def test_a_killed_run_that_is_repeated_leaves_what_an_undisturbed_run_does(
    ungraded_class: Classroom, uninterrupted: Any, group: bool
) -> None:
    for count in (0, 1, 25):
        running = start(ungraded_class, "--feedback")
        wait_until_graded(ungraded_class, count, running)
        processes = descendants(running.pid)
        (os.killpg if group else os.kill)(running.pid, signal.SIGKILL)
        running.communicate()
        assert have_ended(processes)
        assert is_sound(ungraded_class.db_url)
        for path in (ungraded_class.root / "autograded").glob(f"*/{NAME}/*.ipynb"):
            assert path.read_text().endswith("}\n")
    ungraded_class.grade(feedback=True)
    assert ungraded_class.results() == uninterrupted


def test_ctrl_c_keeps_what_was_graded_and_ends_every_process(ungraded_class: Classroom, uninterrupted: Any) -> None:
    course_file = ungraded_class.root / "course.yml"
    settings = course_file.read_text()
    ungraded_class.set("seconds: 1 ", "seconds: 600 ")  # so that the last submissions never end
    for student in ("x-slow", "y-slow"):
        ungraded_class.answer(student, LOOP)
    running = start(ungraded_class)
    wait_until_graded(ungraded_class, 5, running)
    processes = descendants(running.pid)
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert err == "autograder: stopped; what was finished is kept.\n"
    assert have_ended(processes)
    assert is_sound(ungraded_class.db_url)
    students = [key[0] for key in rows(ungraded_class.db_url, NAME) if len(key) == 1 and key[0].startswith("s")]
    assert len(students) > 1
    for student in ("x-slow", "y-slow"):
        shutil.rmtree(ungraded_class.root / "submitted" / student)
    course_file.write_text(settings)
    ungraded_class.grade(feedback=True)
    assert rows(ungraded_class.db_url, NAME) == uninterrupted[0]


@pytest.fixture
def path_without_bwrap(tmp_path: Path) -> str:
    """Return a PATH without bwrap."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for directory in map(Path, os.environ["PATH"].split(os.pathsep)):
        for program in directory.iterdir() if directory.is_dir() else ():
            if program.name != "bwrap" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return str(folder)


def test_missing_isolation_ends_the_run_before_anything_is_written(
    ungraded_class: Classroom, path_without_bwrap: str
) -> None:
    ungraded_class.set("isolation: process", "isolation: full")
    before = (ungraded_class.root / "gradebook.db").read_bytes()
    running = start(ungraded_class, PATH=path_without_bwrap)
    out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out) == (2, "")
    assert err.startswith("autograder: isolation level 'full' is required, but only ")
    assert "Traceback" not in err
    assert (ungraded_class.root / "gradebook.db").read_bytes() == before
    assert not (ungraded_class.root / "autograded").exists()


def test_a_folder_that_may_no_longer_be_read_keeps_its_verdict_and_waits(
    graded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "ben" not in str(path) and access(path, mode))
    before = rows(graded_class.db_url, NAME)["ben", NAME, "grade", "check-softmax"]
    summary, _ = graded_class.grade(force=True)
    (waiting,) = summary.needs_review
    assert (waiting.student, waiting.status.value) == ("ben", "graded")
    assert "unreadable" in waiting.reason
    assert summary.graded == 3
    assert rows(graded_class.db_url, NAME)["ben", NAME, "grade", "check-softmax"][0] == before[0]
