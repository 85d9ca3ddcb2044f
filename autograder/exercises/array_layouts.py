"""The same hidden call with its arrays stored in another way. Every function has to accept these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercise import Call

Draw = Callable[[np.random.Generator], Call]
Array = np.ndarray[Any, Any]


def read_only(draw: Draw) -> Draw:
    """All arrays of the call are read-only."""

    def frozen(array: Array) -> Array:
        array.flags.writeable = False
        return array

    return _stored(draw, frozen)


def by_columns(draw: Draw) -> Draw:
    """All arrays of the call are stored by columns (Fortran's order)."""
    return _stored(draw, np.asfortranarray)


def every_other(draw: Draw) -> Draw:
    """All arrays of the call are every other column of a larger array."""
    return _stored(draw, lambda array: np.repeat(array, 2, axis=-1)[..., ::2])


def _stored(draw: Draw, store: Callable[[Array], Array]) -> Draw:
    def again(rng: np.random.Generator) -> Call:
        drawn = draw(rng)
        values = {name: _if_array(store, value) for name, value in drawn.kwargs.items()}
        return Call(tuple(_if_array(store, value) for value in drawn.args), values)

    return again


def _if_array(store: Callable[[Array], Array], value: Any) -> Any:
    return store(value) if isinstance(value, np.ndarray) else value
