"""`autograder grade --scheduler`: the same results as on one machine, and a sentence where the cluster is not fit."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import build as builder
from autograder.authoring.new_course import add_exercise
from autograder.batch import dask_pool as ours
from autograder.batch.assignment_bundle import BatchError
from autograder.course.settings import load_course
from tests.helpers.classroom import Classroom, small_class
from tests.helpers.dask_cluster import Cluster, running
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow
NAME = "3-softmax"
CLASS = 24


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    room = small_class(tmp_path_factory.mktemp("cluster") / "first", CLASS)
    room.submit("corrupt", "{")
    return room


@pytest.fixture(scope="module")
def locally(first: Classroom) -> tuple[dict[Any, Any], dict[str, Any]]:
    room = first.twin(first.root.parent / "locally")
    room.grade(feedback=True)
    return room.results()


@pytest.fixture
def room(first: Classroom, tmp_path: Path) -> Classroom:
    return first.twin(tmp_path / "room")


def test_a_cluster_grades_as_one_machine_does_and_so_it_does_when_it_loses_a_worker(
    cluster: Cluster, room: Classroom, locally: Any
) -> None:
    def lose() -> None:
        while not list((room.root / "autograded").glob("*/*")):
            time.sleep(0.02)
        cluster.kill(1)

    loser = threading.Thread(target=lose)
    loser.start()
    summary, printed = room.grade(scheduler=cluster.address, feedback=True)
    loser.join()
    cluster.worker()
    assert "isolation" in printed
    assert summary.graded == CLASS + 1
    assert room.results() == locally
    summary, _ = room.grade(scheduler=cluster.address, force=True, feedback=True)
    assert room.results() == locally


def test_an_exercise_of_the_courses_own_is_known_to_workers(cluster: Cluster, room: Classroom) -> None:
    assignment, _ = add_exercise(load_course(room.root), "layer_norm")
    builder.build(load_course(room.root))
    room.with_nbgrader(assignment, lambda commands: commands.generate())
    solution = room.root / "solutions" / assignment / f"{assignment}.ipynb"
    for student in ("ann", "ben"):
        room.submit(student, solution.read_text(), assignment)
    summary, _ = room.grade(assignment, scheduler=cluster.address)
    there = rows(room.db_url, assignment)
    assert dict(summary.statuses) == {"graded": 2}
    assert there["ann", "verdict", "layer_norm"][2:4] == (there["ann", "verdict", "layer_norm"][3],) * 2
    room.grade(assignment, force=True)
    assert rows(room.db_url, assignment) == there


def test_workers_with_less_isolation_than_demanded_are_told_of_and_nothing_is_written(
    room: Classroom, tmp_path: Path
) -> None:
    room.set("isolation: process", "isolation: full")
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if program.name != "bwrap" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    with running(1, PATH=str(folder)) as cluster:
        before = (room.root / "gradebook.db").read_bytes()
        with pytest.raises(BatchError, match=r"worker tcp://.*: isolation level 'full' is required, but only "):
            room.grade(scheduler=cluster.address)
        assert (room.root / "gradebook.db").read_bytes() == before
        assert not (room.root / "autograded").exists()


def test_a_scheduler_that_is_lost_ends_the_run_with_a_sentence_and_what_was_done_is_kept(
    room: Classroom, locally: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.batch.result_writer.BATCH", 4)
    with running(1) as cluster:

        def lose() -> None:
            while not list((room.root / "autograded").glob("*/*")):
                time.sleep(0.02)
            cluster.kill(0)

        loser = threading.Thread(target=lose)
        loser.start()
        with pytest.raises(BatchError, match=f"the Dask scheduler at {cluster.address} is gone"):
            room.grade(scheduler=cluster.address, feedback=True)
        loser.join()
    summary, _ = room.grade(feedback=True)
    assert summary.unchanged > 0
    assert room.results() == locally


def _nobody() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://x", "tcp://127.0.0.1:x", ""])
def test_where_no_scheduler_answers_a_sentence_says_so(
    room: Classroom, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "_CONNECT", 1)
    with pytest.raises(BatchError, match=r"no Dask scheduler answers at .*dask scheduler"):
        room.grade(scheduler=address or _nobody())


def test_where_there_are_no_workers_a_sentence_says_so(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "_WORKERS", 1)
    with running(0) as cluster, pytest.raises(BatchError, match=r"has no workers\. Start some with: dask worker tcp"):
        room.grade(scheduler=cluster.address)
    assert not (room.root / "autograded").exists()
