"""Every golden submission ends as its folder says, through both commands, and costs no other student anything."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from functools import cache

import pytest

from autograder import cli
from tests.golden.graded import GradedClass
from tests.golden.kinds import ASSIGNMENTS, Kind, kinds
from tests.helpers.no_silent_zero import assert_no_silent_zero, who_waits

pytestmark = pytest.mark.slow
KINDS = [kind for assignment in ASSIGNMENTS for kind in kinds(assignment)]
JUDGED = [kind for kind in KINDS if kind.expected.judge != "none"]
Graded = Callable[[str], GradedClass]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.assignment}/{kind.name}")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The class of an assignment, graded once by each command."""
    return cache(lambda assignment: GradedClass(tmp_path_factory.mktemp("golden"), assignment))


@pytest.fixture(scope="module")
def judged(graded: Graded) -> dict[str, tuple[str, float | None]]:
    """Status and score that ``autograder judge`` gives to each file, by the kind's name; one command for all."""
    classroom = graded("3-softmax")
    paths = {
        str(classroom.batch.folder(classroom.student(kind)) / f"{kind.assignment}.ipynb"): kind.name for kind in JUDGED
    }
    printed = io.StringIO()
    with contextlib.chdir(classroom.batch.root), contextlib.redirect_stdout(printed):
        cli.main(["judge", "--json", "--seed", "1", "--exercise", "softmax", *paths])
    reports = [json.loads(line) for line in printed.getvalue().splitlines()]
    return {paths[report["path"]]: (report["status"], report["score"]) for report in reports}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_number_stands_for_work_that_nobody_read(graded: Graded, assignment: str) -> None:
    classroom = graded(assignment)
    assert_no_silent_zero(classroom.batch.db_url, assignment, classroom.summary)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_everybody_who_waits_is_listed_and_nobody_else(graded: Graded, assignment: str) -> None:
    classroom = graded(assignment)
    waiting = {classroom.student(kind) for kind in classroom.kinds if kind.expected.asked}
    if assignment == "6-reflection":  # honest answers wait for their marks, too
        waiting |= set(map(classroom.neighbour, classroom.kinds))
    assert set(who_waits(classroom.summary)) == waiting


def test_at_least_120_kinds_of_submissions_are_tried() -> None:
    assert len(KINDS) >= 120


@each_kind
def test_a_submission_ends_as_expected(graded: Graded, kind: Kind) -> None:
    classroom, expected = graded(kind.assignment), kind.expected
    result = classroom.result(classroom.student(kind))
    assert result is not None
    assert (result.status, result.score, result.asked) == (expected.status, expected.score, expected.asked)
    assert expected.message in result.message
    assert expected.note in " ".join(result.notes)
    assert result.cells.items() >= expected.cells.items()
    if expected.timestamp != "":
        assert result.timestamp == expected.timestamp


@each_kind
def test_both_commands_leave_the_same_rows(graded: Graded, kind: Kind) -> None:
    classroom = graded(kind.assignment)
    batch, stock = classroom.rows_of(classroom.student(kind))
    assert stock == batch


@each_kind
def test_the_next_student_gets_what_is_earned(graded: Graded, kind: Kind) -> None:
    classroom = graded(kind.assignment)
    batch, stock = classroom.rows_of(classroom.neighbour(kind))
    assert stock in (batch, {})
    result = classroom.result(classroom.neighbour(kind))
    assert result is not None
    assert (result.status, result.score) == ("graded", 5 if kind.assignment == "3-softmax" else None)


@pytest.mark.parametrize("kind", JUDGED, ids=lambda kind: kind.name)
def test_judge_reads_the_file_as_grade_does(judged: dict[str, tuple[str, float | None]], kind: Kind) -> None:
    score = kind.expected.score if kind.expected.judge == "same" else kind.expected.judge
    assert judged[kind.name] == (kind.expected.status, score)
