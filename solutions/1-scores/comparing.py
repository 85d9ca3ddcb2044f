"""When an answer is right, when two answers are alike, and how both are shown. Shared by self-check and judge.

`plain`, `from_data` and `same` serve the self-check alone: the judge compares what came back from another process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# A hint for these exceptions, whatever the example asked for.
NAMES = ("NameError", "UnboundLocalError", "AttributeError", "ImportError", "ModuleNotFoundError")
LOST = {
    "holds": "Every name that the code uses is known when the function runs.",
    "question": "Which name does the message give? Is it misspelt, or defined in a cell that you have not run?",
    "advice": "Mend that name, run the cell again, and check once more.",
}


@dataclass(frozen=True)
class Expected:
    """One array that has to come back: its values, the largest allowed difference, and where it must be exactly 0."""

    name: str
    array: np.ndarray[Any, Any]
    tolerance: float
    may_be_integer: bool = False
    zeros: np.ndarray[Any, Any] | None = None


@dataclass(frozen=True)
class Other:
    """A value of which only the type's name matters: a list, a matrix, an array of objects, …"""

    type_name: str


@dataclass(frozen=True)
class Answer:
    """What one call gave: a value, or the name of the exception it raised, and whether it changed its arguments."""

    value: Any = None
    raised: str = ""
    changed: bool = False


def difference(wanted: Sequence[Expected], value: Any) -> str | None:
    """How a value differs from what is wanted, in a sentence; None where it is right. Type and shape come first."""
    if len(wanted) == 1:
        return _array_difference(wanted[0], value, "the result")
    if not isinstance(value, tuple) or len(value) != len(wanted):
        names = ", ".join(part.name for part in wanted)
        what = f"a tuple of {len(value)}" if isinstance(value, tuple) else type_name(value)
        return f"a tuple ({names}) is expected, {what} came back"
    texts = (_array_difference(part, one, part.name) for part, one in zip(wanted, value, strict=True))
    return next((text for text in texts if text), None)


def answers_agree(one: Answer, other: Answer, tolerances: Sequence[float]) -> bool:
    """Whether two answers agree, in kind too: raising where the other raises, NaN where the other has NaN."""
    if bool(one.raised) != bool(other.raised) or one.changed != other.changed:
        return False
    if one.raised:
        return True
    with np.errstate(all="ignore"):
        return _alike_values(one.value, other.value, tolerances)


def describe_mismatch(call: str, wanted: Sequence[Expected], answer: Answer, *, pure: bool) -> str:
    """What is wrong with the answer to a call, shown in a sentence; empty where nothing is.

    ``pure`` says whether the call tests that arguments are left as they were. Not for answers that raised.
    """
    if what := difference(wanted, answer.value):
        right = format_value(wanted[0].array if len(wanted) == 1 else tuple(part.array for part in wanted))
        given = format_value(answer.value)
        yours = f"Yours gave {given}:" if given != right else "Yours looks the same, but"
        return f"{call} should give {right}. {yours} {what}{_where(wanted, answer.value)}."
    return f"{call} changed the array that it was given." if pure and answer.changed else ""


def to_plain_data(value: Any) -> Any:
    """What the judge gets to see of a value: plain arrays and scalars, tuples of them, else the type's name."""
    if isinstance(value, tuple):
        return tuple(map(to_plain_data, tuple.__iter__(value)))
    if type(value) is np.ndarray:
        return value if value.dtype.kind in "biufc" else Other(f"ndarray of {value.dtype.name}")
    return value if value is None or type(value) in (bool, int, float, str) else Other(type(value).__name__)


def from_data(data: Any) -> Any:
    """A fresh value from selfcheck.json; an array has the memory layout and read-only flag that it is stored with."""
    if not isinstance(data, dict):
        return data
    if "tuple" in data:
        return tuple(map(from_data, data["tuple"]))
    if "type" in data:
        return Other(data["type"])
    array = np.array(data["values"], dtype=data["dtype"], order="F" if data["order"] == "F" else "C")
    if data["order"] == "strided":
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    array.flags.writeable = not data["readonly"]
    return array


def same(before: Any, after: Any) -> bool:
    """Whether an argument is after the call what it was before, bit for bit."""
    if not isinstance(before, np.ndarray):
        return bool(before == after)
    return (before.dtype, before.shape, before.tobytes()) == (after.dtype, after.shape, after.tobytes())


def format_value(value: Any) -> str:
    """A value on one line, for people."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(format_value, value)) + ")"
    if not isinstance(value, np.ndarray):
        return repr(value) if value is None or isinstance(value, bool | int | float | str) else type_name(value)
    if value.size > 40:
        return f"an array of shape {value.shape}"
    text = np.array2string(value, separator=", ", max_line_width=10_000, formatter={"float_kind": _number})  # type: ignore[arg-type]
    return " ".join(text.split()).replace("[ ", "[")


def _number(value: float) -> str:
    """Four digits after the point where that says enough: 0.5, 0.0067, 1000, 1e-12."""
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{value:.3g}"


def format_call(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """A call as one would type it, on one line."""
    keywords = [f"{name}={format_value(value)}" for name, value in kwargs.items()]
    return f"{function}({', '.join([*map(format_value, args), *keywords])})"


def type_name(value: Any) -> str:
    """What a thing is, with an article: "a list", "nothing (None)", "an ndarray of object"."""
    if value is None:
        return "nothing (None)"
    name = str(getattr(value, "type_name", None) or type(value).__name__)
    if type(value) is np.ndarray:
        name = f"ndarray of {value.dtype.name}"
    return f"{'an' if name[0].lower() in 'aeiou' or name.startswith('ndarray') else 'a'} {name}"


def _array_difference(wanted: Expected, value: Any, what: str) -> str | None:
    if type(value) is not np.ndarray:
        return f"{what} should be a numpy array, {type_name(value)} came back"
    if value.shape != wanted.array.shape:
        return f"{what} should have shape {wanted.array.shape}, {value.shape} came back"
    if value.dtype.kind not in ("fiu" if wanted.may_be_integer else "f"):
        return f"{what} should hold real numbers (float64), {value.dtype.name} came back"
    if not np.isfinite(value).all():
        return f"{what} holds {'NaN' if np.isnan(value).any() else 'infinity'}"
    distance = np.abs(value - wanted.array)
    if not (distance <= wanted.tolerance).all():
        return f"{what} has other values (the largest difference is {distance.max():.2g})"
    if wanted.zeros is not None and (value[wanted.zeros] != 0).any():
        return f"{what} should be exactly 0 where the mask is False"
    return None


def _where(wanted: Sequence[Expected], value: Any) -> str:
    """Which sums or which rows are off, where that says more than that something is."""
    values = value if isinstance(value, tuple) else (value,)
    pairs = [(part, one) for part, one in zip(wanted, values, strict=False) if _array_difference(part, one, "")]
    if not pairs or np.shape(pairs[0][1]) != pairs[0][0].array.shape or pairs[0][1].dtype.kind not in "fiu":
        return ""
    part, one = pairs[0]
    axes = [axis for axis in range(-one.ndim, 0) if (np.abs(part.array.sum(axis) - 1) < 1e-6).all()]
    if part.name == "weights" and len(axes) == 1:
        sums = one.sum(axes[0])
        worst = sums.flat[np.argmax(np.abs(sums - 1))]
        if abs(worst - 1) > 1e-6:
            axis = -1 if axes[0] == -1 else axes[0] + one.ndim
            return f"; along axis {axis} they sum to {worst:.3g}, not to 1"
    rows = (np.abs(one - part.array) > part.tolerance).any(axis=-1) if one.ndim == 2 else np.ones(0, bool)
    numbers = [str(row) for row in np.flatnonzero(rows)]
    if rows.all() or not numbers:
        return ""
    return f", in row {numbers[0]}" if len(numbers) == 1 else f", in rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def _alike_values(one: Any, other: Any, tolerances: Sequence[float]) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        if len(one) != len(other):
            return False
        limits = [*tolerances, *[tolerances[-1]] * len(one)]
        return all(_alike_values(a, b, [limit]) for a, b, limit in zip(one, other, limits, strict=False))
    if type(one) is not np.ndarray or type(other) is not np.ndarray:
        return type_name(one) == type_name(other) and _same_scalar(one, other)
    if one.shape != other.shape or one.dtype.kind != other.dtype.kind:
        return False
    if one.dtype.kind not in "fc":
        return bool((one == other).all())
    limit = max(tolerances[0], _rounding(one, other))
    if (np.abs(one - other) <= limit).all():
        return True
    if np.isfinite(one).all():
        return False
    both_nan = (one != one) & (other != other)
    return bool(((one == other) | both_nan | (np.abs(one - other) <= limit)).all())


def _rounding(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """How far one computation can be from itself: processor and memory decide in which order sums are added."""
    eps = min(np.finfo(one.dtype).eps, np.finfo(other.dtype).eps)
    return 16 * float(eps) * float(np.abs(one[np.isfinite(one)]).max(initial=0))


def _same_scalar(one: Any, other: Any) -> bool:
    if isinstance(one, bool | int | float | str):
        return bool(one == other) or (one != one and other != other)
    return True
