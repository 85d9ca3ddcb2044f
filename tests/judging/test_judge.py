"""The judge is pure: whatever comes back, the verdict is definite, the score in range, and nothing escapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.course import catalogue
from autograder.exercise import Call, Exercise
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, run_trusted
from autograder.sandbox import CallStatus, Reply, StudentError
from autograder.sandbox.inside import wire
from autograder.verdict import Mark, Verdict

SOFTMAX = catalogue.load_exercise("softmax")
ATTENTION = catalogue.load_exercise("scaled_dot_product_attention")

arrays = hnp.arrays(
    st.sampled_from(["f8", "f4", "f2", "i8", "u1", "?", "c16"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)
values = st.one_of(
    arrays,
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(max_size=5),
    st.builds(wire.OpaqueValue, st.text(min_size=1, max_size=20)),
    st.lists(arrays, max_size=3).map(tuple),
)
replies = st.one_of(
    st.builds(Reply, st.just(CallStatus.RETURNED), values, st.lists(values, max_size=3).map(tuple)),
    st.builds(
        Reply, st.sampled_from(list(CallStatus)[1:]), error=st.builds(StudentError, st.text(max_size=9)) | st.none()
    ),
)


def check_sound(exercise: Exercise, verdict: Verdict) -> None:
    assert 0 <= verdict.score <= exercise.max_score
    assert verdict.score == sum(criterion.points for criterion in verdict.criteria)
    assert [c.name for c in verdict.criteria] == [c.name for c in exercise.criteria]
    for result in verdict.criteria:
        passed = {o.mark for o in verdict.outcomes if o.criterion == result.name} == {Mark.PASS}
        assert result.points == (result.max_points if passed else 0)
    for outcome in verdict.outcomes:
        assert bool(outcome.hint) == (outcome.mark is not Mark.PASS)


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.parametrize("exercise", [SOFTMAX, ATTENTION], ids=lambda exercise: exercise.function)
def test_whatever_comes_back_the_verdict_is_sound(exercise: Exercise, data: st.DataObject) -> None:
    check_sound(exercise, judge_function(ReferenceAnswers(exercise, 3), lambda _call: data.draw(replies)))


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_the_score_falls_with_every_further_case_that_fails(some: set[int], more: set[int]) -> None:
    def failing(numbers: set[int]) -> float:
        asked = iter(range(1000))
        wrong = Reply(CallStatus.RAISED, error=StudentError("ValueError"))
        return judge_function(
            ReferenceAnswers(SOFTMAX, 5),
            lambda c: wrong if next(asked) in numbers else run_trusted(SOFTMAX.reference, c),
        ).score

    assert failing(some | more) <= failing(some)


def test_the_order_of_cases_changes_nothing() -> None:
    def one_maximum(scores: Any, axis: int = -1) -> Any:
        powers = np.exp(scores - scores.max())
        return powers / powers.sum(axis=axis, keepdims=True)

    turned = replace(SOFTMAX, criteria=tuple(replace(c, cases=c.cases[::-1]) for c in SOFTMAX.criteria))
    first, second = (
        judge_function(ReferenceAnswers(exercise, 11), partial(run_trusted, one_maximum))
        for exercise in (SOFTMAX, turned)
    )
    assert set(first.outcomes) == set(second.outcomes)
    assert first.score == second.score


@pytest.mark.parametrize(
    "forged",
    [np.nan, np.inf, np.zeros((0,)), np.float64(0.2), wire.OpaqueValue("Clever"), None, np.ones((1, 1)), (), "1.0"],
    ids=str,
)
def test_no_wildcard_value_passes_any_case(forged: Any) -> None:
    def ask(call: Call) -> Reply:
        filled = np.full(np.shape(call.args[0]), forged) if isinstance(forged, float) else forged
        return Reply(CallStatus.RETURNED, filled, (*call.args, *call.kwargs.values()))

    verdict = judge_function(ReferenceAnswers(SOFTMAX, 2), ask)
    assert verdict.score == 0
    assert Mark.PASS not in {outcome.mark for outcome in verdict.outcomes}


def test_an_answer_that_differs_by_more_than_the_tolerance_fails() -> None:
    def off(by: float) -> float:
        def program(scores: Any, axis: int = -1) -> Any:
            return SOFTMAX.reference(scores, axis) + by

        return judge_function(ReferenceAnswers(SOFTMAX, 9), partial(run_trusted, program)).score

    assert (off(5e-10), off(2e-9)) == (SOFTMAX.max_score, 0)


def test_no_name_is_given_that_does_not_fit_every_answer() -> None:
    without_shift = SOFTMAX.misconceptions[0]

    def also_upside_down(scores: Any, axis: int = -1) -> Any:
        return without_shift.program(scores, axis)[::-1]

    named = [
        judge_function(ReferenceAnswers(SOFTMAX, 4), partial(run_trusted, program)).misconceptions
        for program in (without_shift.program, also_upside_down)
    ]
    assert named == [(without_shift.slug,), ()]


@pytest.mark.parametrize("name", sorted(catalogue.load_exercises()))
def test_mistakes_are_named_the_same_on_every_processor_and_memory_layout(name: str) -> None:
    """Processor and memory layout decide in which order sums are added, and so the last bit."""
    exercise = catalogue.load_exercise(name)
    references = ReferenceAnswers(exercise, 1)

    def nudged(one: Any) -> Any:
        if type(one) is not np.ndarray or one.dtype.kind != "f":
            return one
        with np.errstate(all="ignore"):
            return np.where((one == 0) | ~np.isfinite(one), one, np.nextafter(one, one.dtype.type(0)))

    def named(change: Callable[[Any], Any], program: Any) -> tuple[str, ...]:
        def changed(*args: Any, **kwargs: Any) -> Any:
            result = program(*args, **kwargs)
            return tuple(map(change, result)) if isinstance(result, tuple) else change(result)

        return judge_function(references, partial(run_trusted, changed)).misconceptions

    for one in exercise.misconceptions:
        assert named(nudged, one.program) == named(lambda result: result, one.program), one.slug
