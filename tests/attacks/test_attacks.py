"""Every attack below this folder fails against the sandbox.

After each, and before the first, an honest submission gets full marks through the same fork server, and nothing is left
behind.
"""

from __future__ import annotations

import collections
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.course import catalogue
from autograder.grading.grader import grade_file
from autograder.judging.reference_answers import draw_input
from autograder.sandbox import Level, Limits, Sandbox
from autograder.verdict import Report, Status
from tests.attacks.stage import GROUPS, HONEST, ROOT, Attack, Stage, load_attacks
from tests.helpers.one_level import one_level
from tests.helpers.waiting import PATIENCE

pytestmark = pytest.mark.slow
ATTACKS = load_attacks()
SOFTMAX = catalogue.load_exercise("softmax")
SEED = 7
# Attacks that stall are cut off soon. All others end by themselves, however busy the machine is.
STALL_LIMITS = Limits(seconds=0.5, total_seconds=1.5, memory_mb=512)
LIMITS = Limits(seconds=PATIENCE, total_seconds=PATIENCE, memory_mb=512)
MAX_MEMORY_GROWTH_KB = 200 << 10


@pytest.fixture(scope="module", params=[Level.FULL, Level.RESTRICTED])
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with one_level(request.param) as sandbox:
        assert_honest_submission_gets_full_marks(tmp_path_factory.mktemp("honest"))
        yield sandbox


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_gains_nothing_and_leaves_nothing(
    sandbox: Sandbox, attack: Attack, stage: Stage, tmp_path: Path
) -> None:
    path = attack.write_submission(stage, tmp_path)
    fork_server, before, memory = sandbox._fork_server, stage.look(), peak_memory_kb()
    limits = STALL_LIMITS if attack.way == "stall" else LIMITS
    report = grade_file(path, SOFTMAX, seed=SEED, limits=limits, releases=ROOT / "assignments")
    assert report.status is not Status.NOT_GRADED or attack.way == "stall"
    assert (report.score or 0) < SOFTMAX.max_score
    assert not leaks_anything(report, stage)
    assert peak_memory_kb() - memory < MAX_MEMORY_GROWTH_KB
    assert_honest_submission_gets_full_marks(tmp_path)
    assert sandbox._fork_server is fork_server, "the fork server had to be started again"
    assert stage.changes_since(before) == []


def test_each_group_has_attacks_and_there_are_at_least_sixty() -> None:
    count = collections.Counter(attack.path.parent.name for attack in ATTACKS)
    assert set(count) == set(GROUPS)
    assert sum(count.values()) >= 60
    assert {attack.way for attack in ATTACKS} == {"full marks", "leak", "trace", "stall"}
    assert {attack.naive for attack in ATTACKS} == {"beaten", "unharmed", "not run"}


def assert_honest_submission_gets_full_marks(folder: Path) -> None:
    path = folder / "honest.py"
    path.write_text(HONEST)
    report = grade_file(path, SOFTMAX, seed=SEED, limits=Limits(seconds=PATIENCE, total_seconds=PATIENCE))
    assert report.score == SOFTMAX.max_score


def leaks_anything(report: Report, stage: Stage) -> bool:
    """Return whether people would see a secret, a hidden input, a control character or a flood of text."""
    reasons = [str(criterion.reason) for criterion in report.criteria]
    hints = [outcome.hint for outcome in report.verdict.outcomes]
    text = "\n".join([report.message, *report.notes, *reasons, *dict.fromkeys(hints), *report.verdict.misconceptions])
    shows_input = any(value in text for value in hidden_values() if len(value) > 9)
    return shows_input or stage.token in text or len(text) > 20_000 or not text.replace("\n", "").isprintable()


def hidden_values() -> set[str]:
    """Return each number of the hidden inputs as it would be printed."""
    return {
        repr(float(value))
        for criterion in SOFTMAX.criteria
        for case in criterion.cases
        for value in np.ravel(draw_input(case, SEED).args[0])
    }


def peak_memory_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
