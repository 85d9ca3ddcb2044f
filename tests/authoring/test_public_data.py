"""selfcheck.json: exact arguments, right answers, the answers of known mistakes, and nothing that is hidden."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from autograder.authoring.public_data import public_data
from autograder.course.catalogue import load_exercises
from autograder.exercise import Example, Exercise, call
from autograder.judging.reference_answers import expected_parts, run_trusted, to_answer
from autograder.sandbox.inside import wire
from autograder.student_files.comparing import Answer, OpaqueValue, answers_agree, difference, from_json

EXERCISES = load_exercises()
NAMES = sorted(EXERCISES)


@cache
def written(name: str) -> dict[str, Any]:
    """The data as a student's Python reads it."""
    data = json.loads(json.dumps(public_data([EXERCISES[name]], "x.ipynb"), indent=1))
    assert data["notebook"] == "x.ipynb"
    found: dict[str, Any] = data["exercises"][0]
    return found


def flags(array: np.ndarray[Any, Any]) -> tuple[bool, bool, bool]:
    return array.flags.c_contiguous, array.flags.f_contiguous, array.flags.writeable


@pytest.mark.parametrize("name", NAMES)
def test_the_same_exercise_gives_the_same_data(name: str) -> None:
    assert json.dumps(public_data([EXERCISES[name]], "x")) == json.dumps(public_data([EXERCISES[name]], "x"))


@pytest.mark.parametrize("name", NAMES)
def test_arguments_come_back_bit_for_bit_in_the_same_layout(name: str) -> None:
    exercise = EXERCISES[name]
    for criterion, data in zip(exercise.criteria, written(name)["criteria"], strict=True):
        assert (data["name"], data["points"]) == (criterion.name, criterion.points)
        for example, one in zip(criterion.examples, data["examples"], strict=True):
            assert one["clause"] == example.clause
            assert list(one["kwargs"]) == list(example.call.kwargs)
            before = [*example.call.args, *example.call.kwargs.values()]
            after = [from_json(value) for value in (*one["args"], *one["kwargs"].values())]
            for given, rebuilt in zip(before, after, strict=True):
                if isinstance(given, np.ndarray):
                    assert (given.dtype, given.shape, given.tobytes()) == (
                        rebuilt.dtype,
                        rebuilt.shape,
                        rebuilt.tobytes(),
                    )
                    assert flags(given) == flags(rebuilt)
                else:
                    assert given == rebuilt


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "int64", "bool", "float32"])
@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_every_layout_survives(order: str, dtype: str, readonly: bool) -> None:
    plain = np.arange(12).reshape(3, 4).astype(dtype)
    array = {"C": plain, "F": np.asfortranarray(plain), "strided": np.repeat(plain, 2, axis=-1)[..., ::2]}[order]
    array.flags.writeable = not readonly
    softmax = EXERCISES["softmax"]
    criterion = replace(softmax.criteria[0], examples=(Example("core", call(array)),))
    data = public_data([replace(softmax, criteria=(criterion,))], "x")["exercises"][0]
    rebuilt = from_json(json.loads(json.dumps(data["criteria"][0]["examples"][0]["args"][0])))
    assert (rebuilt.dtype, rebuilt.tolist()) == (array.dtype, array.tolist())
    assert flags(rebuilt) == flags(array)


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_and_tolerances_are_the_judges(name: str) -> None:
    exercise = EXERCISES[name]
    for criterion, data in zip(exercise.criteria, written(name)["criteria"], strict=True):
        for example, one in zip(criterion.examples, data["examples"], strict=True):
            wanted = expected_parts(exercise, example.call)
            arrays = [from_json(part["array"]) for part in one["expected"]]
            assert difference(wanted, arrays[0] if len(arrays) == 1 else tuple(arrays)) is None
            for part, stored, array in zip(wanted, one["expected"], arrays, strict=True):
                assert np.abs(array - part.array).max() <= part.tolerance / 100
                assert (stored["name"], stored["tolerance"]) == (part.name, part.tolerance)
                assert stored["may_be_integer"] == part.may_be_integer
                zeros = from_json(stored["zeros"])
                assert (zeros is None) == (part.zeros is None)
                assert zeros is None or (zeros == part.zeros).all()


@pytest.mark.parametrize("name", NAMES)
def test_each_mistake_brings_its_hint_and_its_answers(name: str) -> None:
    exercise = EXERCISES[name]
    examples = [example for criterion in exercise.criteria for example in criterion.examples]
    for mistake, data in zip(exercise.misconceptions, written(name)["misconceptions"], strict=True):
        assert data["name"] == mistake.slug
        assert data["hint"] == {
            "holds": mistake.hint.holds,
            "question": mistake.hint.question,
            "advice": mistake.hint.advice,
        }
        for example, stored in zip(examples, data["answers"], strict=True):
            answer = to_answer(run_trusted(mistake.program, example.call), example.call)
            if stored is None:
                wanted = expected_parts(exercise, example.call)
                right = tuple(part.array for part in wanted)
                assert answers_agree(
                    answer, Answer(right if len(right) > 1 else right[0]), [part.tolerance for part in wanted]
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
def test_every_public_mistake_is_seen_in_at_least_one_example(name: str) -> None:
    unseen = [one["name"] for one in written(name)["misconceptions"] if not any(one["answers"])]
    assert unseen == []


@pytest.mark.parametrize("name", NAMES)
def test_results_stay_the_same_where_only_the_last_bits_differ(name: str) -> None:
    text = json.dumps(public_data([EXERCISES[name]], "x"))
    exact = EXERCISES[name].reference

    def another_processor(*args: Any, **kwargs: Any) -> Any:
        result = exact(*args, **kwargs)
        return tuple(np.nextafter(r, 9e9) for r in result) if isinstance(result, tuple) else np.nextafter(result, 9e9)

    other = Exercise(**{**vars(EXERCISES[name]), "reference": another_processor})
    without = [json.loads(t)["exercises"][0]["criteria"] for t in (text, json.dumps(public_data([other], "x")))]
    for one, two in zip(*without, strict=True):
        for a, b in zip(one["examples"], two["examples"], strict=True):
            assert [part["array"] for part in a["expected"]] == [part["array"] for part in b["expected"]]


def test_nothing_hidden_is_in_it() -> None:
    for name, exercise in EXERCISES.items():
        text = json.dumps(public_data([exercise], "x"))
        cases = [case for criterion in exercise.criteria for case in criterion.cases]
        assert not [case.name for case in cases if json.dumps(case.name) in text], name
        assert not [word for word in ("lambda", "def ", "import ", "np.exp(scores") if word in text], name


def test_values_that_json_does_not_know_come_back() -> None:
    softmax = written("softmax")
    overflow = next(one for one in softmax["misconceptions"] if one["name"] == "softmax-without-shift")
    assert any(np.isnan(from_json(answer["value"])).any() for answer in overflow["answers"] if answer)
