"""`autograder grade --scheduler`: the same results as on one machine, and a sentence if the cluster cannot be used."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import build as builder
from autograder.authoring.new_course import add_exercise
from autograder.batch import dask_pool
from autograder.batch.assignment_bundle import BatchError
from autograder.course.settings import load_course
from tests.helpers.classroom import Classroom, small_class
from tests.helpers.dask_cluster import Cluster, running
from tests.helpers.gradebook_rows import rows
from tests.helpers.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.slow
NAME = "3-softmax"
CLASS_SIZE = 24


@pytest.fixture(autouse=True)
def patient_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the cluster time to answer, however busy the machine is."""
    for name in ("CONNECT_SECONDS", "WORKER_SECONDS"):
        monkeypatch.setattr(dask_pool, name, PATIENCE)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    classroom = small_class(tmp_path_factory.mktemp("cluster") / "first", CLASS_SIZE)
    classroom.submit("corrupt", "{")
    return classroom


@pytest.fixture(scope="module")
def locally(first: Classroom) -> tuple[dict[Any, Any], dict[str, Any]]:
    classroom = first.twin(first.root.parent / "locally")
    classroom.grade(feedback=True)
    return classroom.results()


@pytest.fixture
def classroom(first: Classroom, tmp_path: Path) -> Classroom:
    return first.twin(tmp_path / "classroom")


def test_a_cluster_grades_like_one_machine_even_if_it_loses_a_worker(
    cluster: Cluster, classroom: Classroom, locally: Any
) -> None:
    def lose() -> None:
        wait_until(lambda: list((classroom.root / "autograded").glob("*/*")))
        cluster.kill(1)

    loser = threading.Thread(target=lose)
    loser.start()
    summary, printed = classroom.grade(scheduler=cluster.address, feedback=True)
    loser.join()
    cluster.worker()
    assert "isolation" in printed
    assert summary.graded == CLASS_SIZE + 1
    assert classroom.results() == locally
    summary, _ = classroom.grade(scheduler=cluster.address, force=True, feedback=True)
    assert classroom.results() == locally


def test_workers_know_the_exercises_of_the_course(cluster: Cluster, classroom: Classroom) -> None:
    assignment, _ = add_exercise(load_course(classroom.root), "layer_norm")
    # The class has other limits than the course that its files were built from.
    builder.build(load_course(classroom.root), force=True)
    classroom.with_nbgrader(assignment, lambda commands: commands.generate())
    solution = classroom.root / "solutions" / assignment / f"{assignment}.ipynb"
    for student in ("ann", "ben"):
        classroom.submit(student, solution.read_text(), assignment)
    summary, _ = classroom.grade(assignment, scheduler=cluster.address)
    there = rows(classroom.db_url, assignment)
    assert dict(summary.statuses) == {"graded": 2}
    assert there["ann", "verdict", "layer_norm"][2:4] == (there["ann", "verdict", "layer_norm"][3],) * 2
    classroom.grade(assignment, force=True)
    assert rows(classroom.db_url, assignment) == there


def test_a_worker_with_too_little_isolation_ends_the_run_at_once(classroom: Classroom, tmp_path: Path) -> None:
    classroom.set("isolation: process", "isolation: full")
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if program.name != "bwrap" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    with running(1, PATH=str(folder)) as cluster:
        before = (classroom.root / "gradebook.db").read_bytes()
        with pytest.raises(BatchError, match=r"worker tcp://.*: isolation level 'full' is required, but only "):
            classroom.grade(scheduler=cluster.address)
        assert (classroom.root / "gradebook.db").read_bytes() == before
        assert not (classroom.root / "autograded").exists()


def test_a_lost_scheduler_ends_the_run_and_what_was_graded_is_kept(
    classroom: Classroom, locally: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.batch.result_writer.BATCH_SIZE", 4)
    with running(1) as cluster:

        def lose() -> None:
            wait_until(lambda: list((classroom.root / "autograded").glob("*/*")))
            cluster.kill(0)

        loser = threading.Thread(target=lose)
        loser.start()
        with pytest.raises(BatchError, match=f"the Dask scheduler at {cluster.address} is gone"):
            classroom.grade(scheduler=cluster.address, feedback=True)
        loser.join()
    summary, _ = classroom.grade(feedback=True)
    assert summary.unchanged > 0
    assert classroom.results() == locally


def _unused_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://x", "tcp://127.0.0.1:x", ""])
def test_a_scheduler_that_does_not_answer_is_reported(
    classroom: Classroom, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_pool, "CONNECT_SECONDS", 1)
    with pytest.raises(BatchError, match=r"no Dask scheduler answers at .*dask scheduler"):
        classroom.grade(scheduler=address or _unused_address())


def test_a_cluster_without_workers_is_reported(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_pool, "WORKER_SECONDS", 1)
    with running(0) as cluster, pytest.raises(BatchError, match=r"has no workers\. Start some with: dask worker tcp"):
        classroom.grade(scheduler=cluster.address)
    assert not (classroom.root / "autograded").exists()
