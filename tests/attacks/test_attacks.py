"""Every attack of attacks/ loses against the sandbox, and those that say so win against a naive grader.

After each, an honest submission gets full marks through the same fork server, and the machine is as it was.
"""

from __future__ import annotations

import collections
import ctypes
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course import catalogue
from autograder.grading.grader import grade_file
from autograder.judging.reference_answers import draw_input
from autograder.sandbox import Level, Limits, Sandbox
from autograder.verdict import Report, Status
from tests.attacks.stage import GROUPS, ROOT, Attack, Stage, attacks, run_naive
from tests.helpers.one_level import one_level

pytestmark = pytest.mark.slow
ATTACKS = attacks()
SOFTMAX = catalogue.load_exercise("softmax")
LIMITS = Limits(seconds=0.5, total_seconds=1.5, memory_mb=512)
SLACK = 3.0  # a judgement, an explanation of it, and what this machine needs besides
SEED = 7
HONEST = """
import numpy as np
def softmax(scores, axis=-1):
    open('notes', 'w').write('mine')
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
_CHILD_SUBREAPER = 36  # linux/prctl.h: who is orphaned below us becomes our child, and is seen


@pytest.fixture(scope="module", params=[Level.FULL, Level.RESTRICTED])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with one_level(request.param) as one:
        yield one


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)
    one = Stage()
    yield one
    one.close()


def most_memory() -> int:
    """Kilobytes that the judge has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def honest(tmp_path: Path) -> Report:
    path = tmp_path / "honest.py"
    path.write_text(HONEST)
    return grade_file(path, SOFTMAX, seed=SEED, limits=Limits(seconds=5))


def handed_in(attack: Attack, stage: Stage, folder: Path) -> Path:
    """The file that the attacker hands in."""
    if attack.path.parent.name != "notebook":
        path = folder / "softmax.py"
        path.write_text(stage.with_stage(attack.source))
        return path
    release = json.loads((ROOT / "assignments/3-softmax/3-softmax.ipynb").read_text())
    namespace: dict[str, Any] = {}
    exec(compile(attack.source, str(attack.path), "exec"), namespace)  # ours: it only writes the submission
    path = namespace["submit"](release, folder, stage.description())
    assert isinstance(path, Path)
    return path


def leaked(report: Report, stage: Stage) -> bool:
    """Whether a secret, a hidden input, an escape character or a flood is in what people get to see."""
    reasons = [str(criterion.reason) for criterion in report.criteria]
    hints = [outcome.hint for outcome in report.verdict.outcomes]
    text = "\n".join([report.message, *report.notes, *reasons, *dict.fromkeys(hints), *report.verdict.misconceptions])
    hidden = {
        repr(float(value))
        for criterion in SOFTMAX.criteria
        for case in criterion.cases
        for value in np.ravel(draw_input(case, SEED).args[0])
    }
    shown = any(value in text for value in hidden if len(value) > 9)
    return shown or stage.token in text or len(text) > 20_000 or not text.replace("\n", "").isprintable()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gets_nothing_and_leaves_nothing(
    sandbox: Sandbox, attack: Attack, stage: Stage, tmp_path: Path
) -> None:
    assert honest(tmp_path).score == SOFTMAX.max_score
    path = handed_in(attack, stage, tmp_path)
    fork_server, before, start, memory = sandbox._fork_server, stage.observe(), time.monotonic(), most_memory()
    report = grade_file(path, SOFTMAX, seed=SEED, limits=LIMITS, releases=ROOT / "assignments")
    seconds = time.monotonic() - start
    assert report.status not in (Status.NOT_GRADED, Status.NEEDS_LOOK) or attack.way == "stall"
    assert (report.score or 0) < SOFTMAX.max_score
    assert not leaked(report, stage)
    assert most_memory() - memory < 200 << 10
    assert seconds < 2 * LIMITS.total_seconds + SLACK
    assert honest(tmp_path).score == SOFTMAX.max_score
    assert sandbox._fork_server is fork_server, "the fork server was restarted"
    assert stage.traces_since(before) == []


NEWER = {"forged/tracing"} if sys.version_info >= (3, 13) else set()  # since then a frame's variables can be written
CLAIMS = [attack for attack in ATTACKS if attack.naive != "not run"]


@pytest.mark.parametrize("attack", CLAIMS, ids=lambda attack: attack.name)
def test_a_naive_grader_fares_as_the_attack_says(attack: Attack, tmp_path: Path) -> None:
    stage = Stage()
    try:
        ways = run_naive(stage, handed_in(attack, stage, tmp_path))
    finally:
        stage.remove_loot()
        stage.close()
    assert (attack.way in ways) == (attack.naive == "beaten" or attack.name in NEWER), ways


def test_a_naive_grader_gives_an_honest_answer_full_marks_and_a_wrong_one_none(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "softmax.py"
    path.write_text(HONEST)
    assert run_naive(stage, path) == {"full marks", "trace"}, "it wrote into the folder that it was started in"
    path.write_text("def softmax(scores, axis=-1): return scores")
    assert run_naive(stage, path) == set()


def test_there_are_attacks_of_every_group_and_enough_of_them() -> None:
    count = collections.Counter(attack.path.parent.name for attack in ATTACKS)
    assert set(count) == set(GROUPS)
    assert sum(count.values()) >= 60
    assert {attack.way for attack in ATTACKS} == {"full marks", "leak", "trace", "stall"}
    assert {attack.naive for attack in ATTACKS} == {"beaten", "unharmed", "not run"}
