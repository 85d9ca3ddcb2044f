"""Hidden inputs with their arrays in another memory layout, which every function of the course has to accept.

Each of these takes a function that draws a call, and returns one that draws the same call in that layout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercise import Call

Draw = Callable[[np.random.Generator], Call]
Array = np.ndarray[Any, Any]


def read_only(draw: Draw) -> Draw:
    """Make all arrays of the call read-only."""

    def freeze(array: Array) -> Array:
        array.flags.writeable = False
        return array

    return _with_arrays(draw, freeze)


def by_columns(draw: Draw) -> Draw:
    """Store all arrays of the call by columns (Fortran order)."""
    return _with_arrays(draw, np.asfortranarray)


def every_other(draw: Draw) -> Draw:
    """Make all arrays of the call slices: every other column of a larger array."""
    return _with_arrays(draw, lambda array: np.repeat(array, 2, axis=-1)[..., ::2])


def _with_arrays(draw: Draw, convert: Callable[[Array], Array]) -> Draw:
    def draw_converted(rng: np.random.Generator) -> Call:
        drawn = draw(rng)
        kwargs = {name: _convert(convert, value) for name, value in drawn.kwargs.items()}
        return Call(tuple(_convert(convert, value) for value in drawn.args), kwargs)

    return draw_converted


def _convert(convert: Callable[[Array], Array], value: Any) -> Any:
    return convert(value) if isinstance(value, np.ndarray) else value
