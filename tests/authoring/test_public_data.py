"""selfcheck.json: exact arguments, right answers, the answers of known mistakes, and nothing that is hidden."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from autograder.authoring.public_data import public_data
from autograder.course.catalogue import load_exercises
from autograder.exercise import Exercise
from autograder.judging.reference_answers import expected_parts, run_trusted, to_answer
from autograder.sandbox.inside import wire
from autograder.student_files.comparing import Answer, OpaqueValue, answers_agree, difference, from_json, is_unchanged

EXERCISES = load_exercises()
NAMES = sorted(EXERCISES)


@cache
def exercise_data(name: str) -> dict[str, Any]:
    """Return the data as a student's Python reads it."""
    data = json.loads(json.dumps(public_data([EXERCISES[name]], "x.ipynb"), indent=1))
    assert data["notebook"] == "x.ipynb"
    exercise: dict[str, Any] = data["exercises"][0]
    return exercise


def flags(array: np.ndarray[Any, Any]) -> tuple[bool, bool, bool]:
    return array.flags.c_contiguous, array.flags.f_contiguous, array.flags.writeable


@pytest.mark.parametrize("name", NAMES)
def test_the_same_exercise_always_gives_the_same_data(name: str) -> None:
    assert json.dumps(public_data([EXERCISES[name]], "x")) == json.dumps(public_data([EXERCISES[name]], "x"))


@pytest.mark.parametrize("name", NAMES)
def test_arguments_are_restored_bit_for_bit_in_the_same_layout(name: str) -> None:
    exercise = EXERCISES[name]
    for criterion, data in zip(exercise.criteria, exercise_data(name)["criteria"], strict=True):
        assert (data["name"], data["points"]) == (criterion.name, criterion.points)
        for example, example_data in zip(criterion.examples, data["examples"], strict=True):
            assert example_data["clause"] == example.clause
            assert list(example_data["kwargs"]) == list(example.call.kwargs)
            before = [*example.call.args, *example.call.kwargs.values()]
            after = [from_json(value) for value in (*example_data["args"], *example_data["kwargs"].values())]
            for given, rebuilt in zip(before, after, strict=True):
                assert is_unchanged(given, rebuilt)
                if isinstance(given, np.ndarray):
                    assert flags(given) == flags(rebuilt)


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_and_tolerances_are_those_of_the_judge(name: str) -> None:
    exercise = EXERCISES[name]
    for criterion, data in zip(exercise.criteria, exercise_data(name)["criteria"], strict=True):
        for example, example_data in zip(criterion.examples, data["examples"], strict=True):
            expected = expected_parts(exercise, example.call)
            arrays = [from_json(part["array"]) for part in example_data["expected"]]
            assert difference(expected, arrays[0] if len(arrays) == 1 else tuple(arrays)) is None
            for part, stored, array in zip(expected, example_data["expected"], arrays, strict=True):
                assert np.abs(array - part.array).max() <= part.tolerance / 100
                assert (stored["name"], stored["tolerance"]) == (part.name, part.tolerance)
                assert stored["may_be_integer"] == part.may_be_integer
                zeros = from_json(stored["zeros"])
                assert (zeros is None) == (part.zeros is None)
                assert zeros is None or (zeros == part.zeros).all()


@pytest.mark.parametrize("name", NAMES)
def test_each_mistake_has_its_hint_and_its_answers(name: str) -> None:
    exercise = EXERCISES[name]
    examples = [example for criterion in exercise.criteria for example in criterion.examples]
    for mistake, data in zip(exercise.misconceptions, exercise_data(name)["misconceptions"], strict=True):
        assert data["name"] == mistake.slug
        assert data["hint"] == {
            "holds": mistake.hint.holds,
            "question": mistake.hint.question,
            "advice": mistake.hint.advice,
        }
        for example, stored in zip(examples, data["answers"], strict=True):
            answer = to_answer(run_trusted(mistake.program, example.call), example.call)
            if stored is None:
                expected = expected_parts(exercise, example.call)
                right = tuple(part.array for part in expected)
                assert answers_agree(
                    answer, Answer(right if len(right) > 1 else right[0]), [part.tolerance for part in expected]
                )
            elif answer.raised:
                assert stored == {"raised": answer.raised}
            else:
                value = from_json(stored["value"])
                assert stored["changed"] == answer.changed
                if isinstance(answer.value, wire.OpaqueValue):
                    assert value == OpaqueValue(answer.value.type_name)
                elif isinstance(value, np.ndarray):
                    np.testing.assert_allclose(value, answer.value, rtol=0, atol=1e-11)
                    assert value.dtype == answer.value.dtype


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_shows_in_at_least_one_example(name: str) -> None:
    mistakes = exercise_data(name)["misconceptions"]
    unseen = [mistake["name"] for mistake in mistakes if not any(mistake["answers"])]
    assert unseen == []


@pytest.mark.parametrize("name", NAMES)
def test_a_difference_in_the_last_bits_does_not_change_the_data(name: str) -> None:
    text = json.dumps(public_data([EXERCISES[name]], "x"))
    exact = EXERCISES[name].reference

    def another_processor(*args: Any, **kwargs: Any) -> Any:
        result = exact(*args, **kwargs)
        return tuple(np.nextafter(r, 9e9) for r in result) if isinstance(result, tuple) else np.nextafter(result, 9e9)

    other = Exercise(**{**vars(EXERCISES[name]), "reference": another_processor})
    without = [json.loads(t)["exercises"][0]["criteria"] for t in (text, json.dumps(public_data([other], "x")))]
    for first, second in zip(*without, strict=True):
        assert _expected_arrays(first) == _expected_arrays(second)


def _expected_arrays(criterion: dict[str, Any]) -> list[Any]:
    return [part["array"] for example in criterion["examples"] for part in example["expected"]]


def test_the_data_contains_nothing_hidden() -> None:
    for name, exercise in EXERCISES.items():
        text = json.dumps(public_data([exercise], "x"))
        cases = [case for criterion in exercise.criteria for case in criterion.cases]
        assert not [case.name for case in cases if json.dumps(case.name) in text], name
        assert not [word for word in ("lambda", "def ", "import ", "np.exp(scores") if word in text], name


def test_nan_survives_in_the_data() -> None:
    softmax = exercise_data("softmax")
    mistakes = {mistake["name"]: mistake for mistake in softmax["misconceptions"]}
    overflow = mistakes["softmax-without-shift"]
    assert any(np.isnan(from_json(answer["value"])).any() for answer in overflow["answers"] if answer)
