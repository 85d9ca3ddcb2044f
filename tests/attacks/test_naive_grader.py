"""The controls of the attacks: each has the result on a naive grader that its first lines state.

An attack that no grader falls for would test nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.stage import HONEST, Attack, Stage, load_attacks, run_naive

pytestmark = [pytest.mark.slow, pytest.mark.nightly]
CLAIMS = [attack for attack in load_attacks() if attack.naive != "not run"]
# From Python 3.13 on, the variables of a frame can be written.
BEATEN_HERE = {"forged/tracing"} if sys.version_info >= (3, 13) else set()


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.remove_loot()
    stage.close()


@pytest.mark.parametrize("attack", CLAIMS, ids=lambda attack: attack.name)
def test_naive_grader_fares_as_the_attack_says(attack: Attack, stage: Stage, tmp_path: Path) -> None:
    ways = run_naive(stage, attack.write_submission(stage, tmp_path), may_stall=attack.way == "stall")
    assert (attack.way in ways) == (attack.naive == "beaten" or attack.name in BEATEN_HERE), ways


def test_naive_grader_tells_an_honest_answer_from_a_wrong_one(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "softmax.py"
    path.write_text(HONEST)
    assert run_naive(stage, path) == {"full marks", "trace"}, "it wrote into the folder that it was started in"
    path.write_text("def softmax(scores, axis=-1): return scores")
    assert run_naive(stage, path) == set()
