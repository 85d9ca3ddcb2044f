"""An exercise definition refuses mistakes early, and a course can change its points and leave out clauses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.contract import CLAUSES, Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Misconception, Part, call

HINT = Hint("It holds.", "Does yours?", "Try it.")


def double(x: Any) -> Any:
    return 2 * x


def case(name: str, clause: str = "core", needs: tuple[str, ...] = ()) -> Case:
    return Case(name, clause, lambda rng: call(rng.random((2, 3))), needs)


def criterion(name: str, *cases: Case, examples: tuple[Example, ...] = ()) -> Criterion:
    return Criterion(name, 2, cases, examples)


def exercise(*criteria: Criterion, misconceptions: tuple[Misconception, ...] = (), **options: Any) -> Exercise:
    return Exercise("double", double, (Part("result"),), criteria, misconceptions, **options)


def test_a_call_is_written_like_a_call() -> None:
    assert call(1, 2, axis=0) == Call((1, 2), {"axis": 0})


def test_the_maximum_is_the_sum_of_the_criteria_with_the_courses_points() -> None:
    original = exercise(criterion("values", case("a")), criterion("stacks", case("b")))
    assert original.max_score == 4
    assert original.with_points({"stacks": 0.5}).max_score == 2.5


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria": [criterion("values", case("a", "speed"))]},
        {"criteria": [criterion("values", case("a", needs=("speed",)))]},
        {"criteria": [criterion("values", case("a"), examples=(Example("speed", call(1)),))]},
        {"criteria": [], "misconceptions": (Misconception("slow", "speed", double, HINT),)},
    ],
    ids=["case", "needs", "example", "misconception"],
)
def test_an_unknown_clause_is_refused_with_the_known_ones(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"double names an unknown clause: speed\. Known are: core, batch"):
        exercise(*wrong.pop("criteria"), **wrong)


@pytest.mark.parametrize(
    ("kind", "criteria", "misconceptions"),
    [
        ("case", [criterion("values", case("a")), criterion("stacks", case("a"))], ()),
        ("criterion", [criterion("a", case("b")), criterion("a", case("c"))], ()),
        ("misconception", [], (Misconception("a", "core", double, HINT),) * 2),
    ],
)
def test_a_name_that_is_used_twice_is_refused(kind: str, criteria: Any, misconceptions: Any) -> None:
    with pytest.raises(ValueError, match=f"double uses a {kind} name twice: a. Rename one of them."):
        exercise(*criteria, misconceptions=misconceptions)


def test_leaving_out_a_clause_drops_all_that_needs_it() -> None:
    examples = (Example("core", call(1)), Example("mask", call(2)))
    original = exercise(
        criterion("values", case("a"), case("b", needs=("mask",)), case("c", "mask"), examples=examples),
        criterion("masks", case("d", "mask"), case("e", "fully-masked")),
        misconceptions=(Misconception("x", "core", double, HINT), Misconception("y", "mask-broadcast", double, HINT)),
    )
    left = original.without(("mask",))
    assert [[case.name for case in criterion.cases] for criterion in left.criteria] == [["a"]]
    assert [example.clause for example in left.criteria[0].examples] == ["core"]
    assert [misconception.slug for misconception in left.misconceptions] == ["x"]


def test_an_exercises_own_hint_replaces_that_of_the_clause() -> None:
    assert exercise(hints={"core": HINT}).hint("core") is HINT
    assert exercise().hint("core") is CLAUSES["core"].hint


def test_weights_are_compared_exactly_and_other_parts_by_their_size() -> None:
    expected = np.array([-1000.0, 1.0])
    assert Part("weights", weights=True).tolerance(expected) == 1e-9
    assert Part("output").tolerance(expected) == pytest.approx(1.001e-6)
    assert Part("output").tolerance(np.zeros((0,))) == 1e-9
