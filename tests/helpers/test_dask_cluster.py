"""Properties of Dask that we rely on: a lost worker's task is repeated, and a task that kills its workers fails."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, wait

import pytest
from distributed import Client, KilledWorker

from tests.helpers.dask_cluster import Cluster

pytestmark = pytest.mark.slow


@pytest.fixture
def client(cluster: Cluster) -> Iterator[Client]:
    with Client(cluster.address, timeout=10) as client:
        client.wait_for_workers(2, timeout=30)
        yield client


def place_after(seconds: float, kit: bytes = b"") -> tuple[int, int]:
    time.sleep(seconds)
    return os.getpid(), len(kit)


def test_whoever_is_ready_first_is_had_first(client: Client) -> None:
    executor: Executor = client.get_executor(pure=False)
    slow, quick = executor.submit(place_after, 3), executor.submit(place_after, 0)
    assert wait([slow, quick], return_when=FIRST_COMPLETED).done == {quick}


def test_a_task_that_ends_its_worker_is_given_up_and_the_others_are_done(client: Client) -> None:
    executor: Executor = client.get_executor(pure=False)
    deadly = executor.submit(os.abort)
    others = [executor.submit(place_after, 0.1) for _ in range(6)]
    with pytest.raises(KilledWorker):
        deadly.result(60)
    assert len([one.result(60) for one in others]) == 6


def test_what_is_kept_for_all_tasks_outlives_the_worker_that_held_it(cluster: Cluster, client: Client) -> None:
    kit = client.submit(bytes, 200_000)
    executor: Executor = client.get_executor(pure=False)
    assert [executor.submit(place_after, 0, kit).result(60)[1] for _ in range(4)] == [200_000] * 4
    running = [executor.submit(place_after, 0.5, kit) for _ in range(4)]
    time.sleep(0.2)
    cluster.kill(1)
    cluster.kill(2)
    cluster.worker()
    assert [one.result(60)[1] for one in running] == [200_000] * 4
