"""Decide whether an answer is right and whether two answers agree, and show both. Shared by self-check and grader.

The last part is the JSON form of values in selfcheck.json: `to_json` and `from_json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

PLAIN_DTYPE_KINDS = "biufc"  # bool, int, unsigned int, float, complex
MAX_SHOWN_ELEMENTS = 40
# Exceptions of unknown names get this hint, whatever the example asked for.
NAME_ERRORS = ("NameError", "UnboundLocalError", "AttributeError", "ImportError", "ModuleNotFoundError")
NAME_HINT = {
    "holds": "Every name that the code uses is known when the function runs.",
    "question": "Which name does the message give? Is it misspelt, or defined in a cell that you have not run?",
    "advice": "Fix that name, run the cell again, and check once more.",
}

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Expected:
    """An array that has to be returned: its values, the largest allowed difference, and where it must be exactly 0."""

    name: str
    array: Array
    tolerance: float
    may_be_integer: bool = False
    zeros: Array | None = None


@dataclass(frozen=True)
class OpaqueValue:
    """A value of which only the type's name matters: a list, a matrix, an array of objects."""

    type_name: str


@dataclass(frozen=True)
class Answer:
    """The result of one call: the returned value or the name of the exception, and whether an argument was changed."""

    value: Any = None
    raised: str = ""
    changed: bool = False


def expected_answer(expected: Sequence[Expected]) -> Answer:
    """Return the right answer: one array, or a tuple of several."""
    arrays = tuple(part.array for part in expected)
    return Answer(arrays if len(arrays) > 1 else arrays[0])


def difference(expected: Sequence[Expected], value: Any) -> str | None:
    """Say how a returned value differs from the expected one; None if it is right. Type and shape come first."""
    if len(expected) == 1:
        return _array_difference(expected[0], value, "the result")
    if not isinstance(value, tuple) or len(value) != len(expected):
        names = ", ".join(part.name for part in expected)
        returned = f"a tuple of {len(value)}" if isinstance(value, tuple) else type_name(value)
        return f"a tuple ({names}) is expected, {returned} came back"
    differences = (_array_difference(part, array, part.name) for part, array in zip(expected, value, strict=True))
    return next(filter(None, differences), None)


def answers_agree(first: Answer, second: Answer, tolerances: Sequence[float]) -> bool:
    """Whether two answers agree: both raise or neither does, and NaN agrees with NaN.

    There is one tolerance for each part of a tuple.
    """
    if bool(first.raised) != bool(second.raised) or first.changed != second.changed:
        return False
    if first.raised:
        return True
    with np.errstate(all="ignore"):
        return _values_agree(first.value, second.value, tolerances)


def describe_mismatch(call: str, expected: Sequence[Expected], answer: Answer, *, pure: bool) -> str:
    """Say in a sentence what is wrong with the answer to a call; empty if it is right.

    ``call`` is the call as text. ``pure`` says whether the example tests that arguments are not changed. Not for
    answers that raised.
    """
    problem = difference(expected, answer.value)
    if problem:
        right = format_value(expected_answer(expected).value)
        returned = format_value(answer.value)
        yours = "Yours looks the same, but" if returned == right else f"Yours gave {returned}:"
        return f"{call} should give {right}. {yours} {problem}{_wrong_places(expected, answer.value)}."
    return f"{call} changed the array that it was given." if pure and answer.changed else ""


def is_unchanged(before: Any, after: Any) -> bool:
    """Whether an argument has the same type, shape and bits after the call as before."""
    if not isinstance(before, np.ndarray):
        return bool(before == after)
    return (before.dtype, before.shape, before.tobytes()) == (after.dtype, after.shape, after.tobytes())


def format_value(value: Any) -> str:
    """Return a value as text on one line."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(format_value, value)) + ")"
    if not isinstance(value, np.ndarray):
        return repr(value) if value is None or isinstance(value, bool | int | float | str) else type_name(value)
    if value.size > MAX_SHOWN_ELEMENTS:
        return f"an array of shape {value.shape}"
    formatter: Any = {"float_kind": _format_number}
    text = np.array2string(value, separator=", ", max_line_width=10_000, formatter=formatter)
    return " ".join(text.split()).replace("[ ", "[")


def format_call(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Return a call as one would type it, on one line."""
    keywords = [f"{name}={format_value(value)}" for name, value in kwargs.items()]
    return f"{function}({', '.join([*map(format_value, args), *keywords])})"


def type_name(value: Any) -> str:
    """Return the name of a value's type with an article: "a list", "nothing (None)", "an ndarray of object"."""
    if value is None:
        return "nothing (None)"
    name = str(getattr(value, "type_name", None) or type(value).__name__)
    if type(value) is np.ndarray:
        name = f"ndarray of {value.dtype.name}"
    return f"{'an' if name[0].lower() in 'aeiou' or name.startswith('ndarray') else 'a'} {name}"


def _format_number(value: float) -> str:
    """Return a number with four decimals, if they are enough: 0.5, 0.0067, 1000, 1e-12."""
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{value:.3g}"


def _array_difference(expected: Expected, value: Any, name: str) -> str | None:
    if type(value) is not np.ndarray:
        return f"{name} should be a numpy array, {type_name(value)} came back"
    if value.shape != expected.array.shape:
        return f"{name} should have shape {expected.array.shape}, {value.shape} came back"
    if value.dtype.kind not in ("fiu" if expected.may_be_integer else "f"):
        return f"{name} should hold real numbers (float64), {value.dtype.name} came back"
    if not np.isfinite(value).all():
        return f"{name} holds {'NaN' if np.isnan(value).any() else 'infinity'}"
    distance = np.abs(value - expected.array)
    if not (distance <= expected.tolerance).all():
        return f"{name} has other values (the largest difference is {distance.max():.2g})"
    if expected.zeros is not None and (value[expected.zeros] != 0).any():
        return f"{name} should be exactly 0 where the mask is False"
    return None


def _wrong_places(expected: Sequence[Expected], value: Any) -> str:
    """Say which sums or which rows are wrong, if only some are."""
    arrays = value if isinstance(value, tuple) else (value,)
    pairs = zip(expected, arrays, strict=False)
    for part, array in pairs:
        if _array_difference(part, array, ""):
            is_comparable = np.shape(array) == part.array.shape and array.dtype.kind in "fiu"
            return _wrong_sums(part, array) or _wrong_rows(part, array) if is_comparable else ""
    return ""


def _wrong_sums(expected: Expected, weights: Array) -> str:
    axes = [axis for axis in range(-weights.ndim, 0) if (np.abs(expected.array.sum(axis) - 1) < 1e-6).all()]
    if expected.name != "weights" or len(axes) != 1:
        return ""
    sums = weights.sum(axes[0])
    worst_sum = sums.flat[np.argmax(np.abs(sums - 1))]
    if np.isnan(worst_sum) or abs(worst_sum - 1) <= 1e-6:
        return ""
    axis = -1 if axes[0] == -1 else axes[0] + weights.ndim
    return f"; along axis {axis} they sum to {worst_sum:.3g}, not to 1"


def _wrong_rows(expected: Expected, array: Array) -> str:
    if array.ndim != 2:
        return ""
    is_wrong = (np.abs(array - expected.array) > expected.tolerance).any(axis=-1)
    rows = [str(row) for row in np.flatnonzero(is_wrong)]
    if is_wrong.all() or not rows:
        return ""
    return f", in row {rows[0]}" if len(rows) == 1 else f", in rows {', '.join(rows[:-1])} and {rows[-1]}"


def _values_agree(first: Any, second: Any, tolerances: Sequence[float]) -> bool:
    if isinstance(first, tuple) and isinstance(second, tuple):
        if len(first) != len(second):
            return False
        part_tolerances = [*tolerances, *[tolerances[-1]] * len(first)]
        parts = zip(first, second, part_tolerances, strict=False)
        return all(_values_agree(one, other, [tolerance]) for one, other, tolerance in parts)
    if type(first) is np.ndarray and type(second) is np.ndarray:
        return _arrays_agree(first, second, tolerances[0])
    return type_name(first) == type_name(second) and _scalars_agree(first, second)


def _arrays_agree(first: Array, second: Array, tolerance: float) -> bool:
    if first.shape != second.shape or first.dtype.kind != second.dtype.kind:
        return False
    if first.dtype.kind not in "fc":
        return bool((first == second).all())
    is_close = np.abs(first - second) <= max(tolerance, _rounding_error(first, second))
    if is_close.all():
        return True
    if np.isfinite(first).all():
        return False
    both_nan = np.isnan(first) & np.isnan(second)
    return bool(((first == second) | both_nan | is_close).all())


def _rounding_error(first: Array, second: Array) -> float:
    """Return how much two runs of one computation can differ, because processors add in different orders."""
    eps = min(np.finfo(first.dtype).eps, np.finfo(second.dtype).eps)
    return 16 * float(eps) * float(np.abs(first[np.isfinite(first)]).max(initial=0))


def _scalars_agree(first: Any, second: Any) -> bool:
    if isinstance(first, bool | int | float | str):
        return bool(first == second) or (first != first and second != second)
    return True


# Values as data. `autograder.sandbox.inside.wire` has the binary form for values from a process that may be hostile.


def to_plain_value(value: Any) -> Any:
    """Return plain arrays, plain scalars and tuples of them as they are, and other values as an `OpaqueValue`."""
    if isinstance(value, tuple):
        return tuple(map(to_plain_value, tuple.__iter__(value)))
    if type(value) is np.ndarray:
        is_plain = value.dtype.kind in PLAIN_DTYPE_KINDS
        return value if is_plain else OpaqueValue(f"ndarray of {value.dtype.name}")
    is_plain = value is None or type(value) in (bool, int, float, str)
    return value if is_plain else OpaqueValue(type(value).__name__)


def to_json(value: Any, decimals: int | None = None) -> Any:
    """Return a plain value as JSON data, in which an array keeps its dtype, memory layout and read-only flag.

    ``decimals`` rounds arrays of floats; None keeps every bit.
    """
    if isinstance(value, tuple):
        return {"tuple": [to_json(part, decimals) for part in value]}
    if not isinstance(value, np.ndarray):
        opaque_name = getattr(value, "type_name", "")
        return {"type": opaque_name} if opaque_name else value
    numbers = value
    if decimals is not None and value.dtype.kind == "f":
        # Adding 0.0 turns -0.0 into 0.0.
        numbers = np.array(value, np.float64).round(decimals) + 0.0
    return {
        "dtype": value.dtype.name,
        "order": "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "strided",
        "readonly": not value.flags.writeable,
        "values": numbers.tolist(),
    }


def from_json(data: Any) -> Any:
    """Return a new value from what `to_json` returned."""
    if not isinstance(data, dict):
        return data
    if "tuple" in data:
        return tuple(map(from_json, data["tuple"]))
    if "type" in data:
        return OpaqueValue(data["type"])
    array = np.array(data["values"], dtype=data["dtype"], order="F" if data["order"] == "F" else "C")
    if data["order"] == "strided":
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    array.flags.writeable = not data["readonly"]
    return array
