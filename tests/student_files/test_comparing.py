"""When an answer is right, when two agree, and that values survive as data."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.inside import wire
from autograder.student_files.comparing import (
    Answer,
    Expected,
    OpaqueValue,
    answers_agree,
    describe_mismatch,
    difference,
    format_call,
    format_value,
    from_json,
    is_unchanged,
    to_json,
    to_plain_value,
    type_name,
)

RIGHT = np.array([[0.25, 0.75], [0.5, 0.5]])
EXPECTED = [Expected("weights", RIGHT, 1e-6)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (RIGHT + 1e-7, None),
        (RIGHT.tolist(), "should be a numpy array, a list came back"),
        (RIGHT[0], "should have shape (2, 2), (2,) came back"),
        (RIGHT.astype(complex), "complex128 came back"),
        (RIGHT.astype(int), "int64 came back"),
        (RIGHT * np.nan, "holds NaN"),
        (RIGHT + np.inf, "holds infinity"),
        (RIGHT + 0.1, "has other values (the largest difference is 0.1)"),
    ],
)
def test_a_difference_says_what_is_wrong_type_and_shape_first(value: Any, text: str | None) -> None:
    result = difference(EXPECTED, value)
    assert result == text or (result is not None and text is not None and text in result)


def test_masked_places_must_be_exactly_zero() -> None:
    zeros = np.array([[True, False], [False, False]])
    expected = [Expected("weights", np.array([[0.0, 1.0], [0.5, 0.5]]), 1e-6, zeros=zeros)]
    assert "exactly 0 where the mask is False" in str(difference(expected, np.array([[1e-9, 1.0], [0.5, 0.5]])))


def test_several_parts_have_to_be_a_tuple() -> None:
    expected = [Expected("output", RIGHT, 1e-6), Expected("weights", RIGHT, 1e-6)]
    assert difference(expected, (RIGHT, RIGHT)) is None
    assert difference(expected, RIGHT) == "a tuple (output, weights) is expected, an ndarray of float64 came back"
    assert difference(expected, (RIGHT,)) == "a tuple (output, weights) is expected, a tuple of 1 came back"


def test_a_mismatch_names_the_wrong_rows_or_sums() -> None:
    wrong_row = RIGHT + np.array([[0.0, 0.0], [0.1, -0.1]])
    assert ", in row 1." in describe_mismatch("f()", EXPECTED, Answer(wrong_row), pure=False)
    assert "along axis 1 they sum to 2, not to 1." not in describe_mismatch("f()", EXPECTED, Answer(RIGHT), pure=False)
    assert "along axis -1 they sum to 2, not to 1." in describe_mismatch("f()", EXPECTED, Answer(2 * RIGHT), pure=False)
    assert "they sum to" not in describe_mismatch("f()", EXPECTED, Answer(np.nan * RIGHT), pure=False)


def test_a_changed_argument_is_only_a_problem_where_purity_is_tested() -> None:
    answer = Answer(RIGHT, changed=True)
    assert describe_mismatch("f()", EXPECTED, answer, pure=True) == "f() changed the array that it was given."
    assert describe_mismatch("f()", EXPECTED, answer, pure=False) == ""


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        (Answer(RIGHT), Answer(RIGHT + 1e-7), True),
        (Answer(RIGHT), Answer(RIGHT + 1e-3), False),
        (Answer(RIGHT), Answer(RIGHT, changed=True), False),
        (Answer(RIGHT * np.nan), Answer(RIGHT * np.nan), True),
        (Answer(RIGHT), Answer(RIGHT * np.nan), False),
        (Answer(raised="ValueError"), Answer(raised="TypeError"), True),
        (Answer(raised="ValueError"), Answer(RIGHT), False),
        (Answer((RIGHT, RIGHT)), Answer((RIGHT, RIGHT)), True),
        (Answer((RIGHT, RIGHT)), Answer((RIGHT,)), False),
        (Answer(OpaqueValue("list")), Answer(wire.OpaqueValue("list")), True),
        (Answer(OpaqueValue("list")), Answer(OpaqueValue("matrix")), False),
        (Answer(float("nan")), Answer(float("nan")), True),
        (Answer(1), Answer(2), False),
        (Answer(np.array([1e300])), Answer(np.array([1e300]) * (1 + 2e-16)), True),
    ],
)
def test_answers_agree_in_kind_and_within_the_tolerance(first: Answer, second: Answer, agree: bool) -> None:
    assert answers_agree(first, second, [1e-6]) is agree


class Matrix(np.ndarray):
    pass


VALUES: list[Any] = [
    *(None, True, 3, 2.5, "text", [1], {}, Fraction(1, 2), (RIGHT, [1]), RIGHT, RIGHT.astype("complex128")),
    *(np.array([object()]), np.array(["text"]), RIGHT.view(Matrix), np.float64(2.5)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_the_self_check_and_the_grader_see_the_same_value(value: Any) -> None:
    """The two forms of values have separate homes, so this keeps them equal."""
    plain, received = to_plain_value(value), wire.round_trip(value)
    assert str(to_json(plain)) == str(to_json(received))


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "int64", "bool", "float32"])
@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_json_keeps_every_dtype_and_memory_layout(order: str, dtype: str, readonly: bool) -> None:
    plain = np.arange(12).reshape(3, 4).astype(dtype)
    array = {"C": plain, "F": np.asfortranarray(plain), "strided": np.repeat(plain, 2, axis=-1)[..., ::2]}[order]
    array.flags.writeable = not readonly
    restored = from_json(json.loads(json.dumps(to_json(array))))
    assert is_unchanged(array, restored)
    for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS", "WRITEABLE"):
        assert restored.flags[flag] == array.flags[flag]


def test_json_keeps_tuples_scalars_and_type_names() -> None:
    value = (None, 2, "text", OpaqueValue("list"))
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


def test_rounded_json_has_no_negative_zero() -> None:
    assert str(to_json(np.array([-1e-12, 0.123456]), decimals=3)["values"]) == "[0.0, 0.123]"


def test_an_argument_is_unchanged_only_bit_for_bit() -> None:
    assert is_unchanged(2, 2)
    assert is_unchanged(RIGHT, RIGHT.copy())
    assert not is_unchanged(np.array([0.0]), np.array([-0.0]))
    assert not is_unchanged(np.array([1.0]), np.array([1]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([0.5, 0.00669, 1e-12, 1000.0]), "[0.5, 0.0067, 1e-12, 1000]"),
        (np.zeros(41), "an array of shape (41,)"),
        ((1, None), "(1, None)"),
        ([1], "a list"),
        (OpaqueValue("ndarray of object"), "an ndarray of object"),
    ],
)
def test_values_are_shown_on_one_line(value: Any, text: str) -> None:
    assert format_value(value) == text


def test_a_call_is_shown_as_one_would_type_it() -> None:
    assert format_call("softmax", [np.array([1.0, 2.0])], {"axis": 0}) == "softmax([1, 2], axis=0)"


def test_type_names_have_an_article() -> None:
    assert [type_name(value) for value in (None, 3, RIGHT)] == ["nothing (None)", "an int", "an ndarray of float64"]
