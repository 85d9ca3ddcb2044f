"""Properties of Dask that we rely on: a lost worker's task is repeated, and a task that kills its workers fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from pathlib import Path

import pytest
from distributed import Client, KilledWorker

from tests.helpers.dask_cluster import Cluster
from tests.helpers.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def client(cluster: Cluster) -> Iterator[Client]:
    with Client(cluster.address, timeout=PATIENCE) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
        yield client


def process_and_size(kit: bytes = b"") -> tuple[int, int]:
    return os.getpid(), len(kit)


def wait_for_file(path: Path, kit: bytes = b"") -> tuple[int, int]:
    path.with_suffix(f".{os.getpid()}").touch()
    wait_until(path.exists)
    return process_and_size(kit)


def test_the_task_that_ends_first_is_returned_first(client: Client, tmp_path: Path) -> None:
    executor: Executor = client.get_executor(pure=False)
    slow, quick = executor.submit(wait_for_file, tmp_path / "go"), executor.submit(process_and_size)
    assert wait([slow, quick], return_when=FIRST_COMPLETED).done == {quick}
    (tmp_path / "go").touch()
    slow.result(PATIENCE)


def test_a_task_that_ends_its_worker_is_given_up_and_the_others_are_done(client: Client) -> None:
    executor: Executor = client.get_executor(pure=False)
    deadly = executor.submit(os.abort)
    others = [executor.submit(process_and_size) for _ in range(6)]
    with pytest.raises(KilledWorker):
        deadly.result(PATIENCE)
    assert len([one.result(PATIENCE) for one in others]) == 6


def test_what_is_kept_for_all_tasks_outlives_the_worker_that_held_it(
    cluster: Cluster, client: Client, tmp_path: Path
) -> None:
    kit = client.submit(bytes, 200_000)
    executor: Executor = client.get_executor(pure=False)
    assert [executor.submit(process_and_size, kit).result(PATIENCE)[1] for _ in range(4)] == [200_000] * 4
    running = [executor.submit(wait_for_file, tmp_path / "go", kit) for _ in range(4)]
    # Dask may leave all four with the worker that holds the argument: do not wait for a start of both.
    wait_until(lambda: any(tmp_path.iterdir()), "the start of a task")
    cluster.kill(1)
    cluster.kill(2)
    (tmp_path / "go").touch()
    cluster.worker()
    assert [one.result(PATIENCE)[1] for one in running] == [200_000] * 4
