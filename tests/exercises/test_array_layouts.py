"""Hidden inputs in another memory layout have the same values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.exercise import Call, call
from autograder.exercises.array_layouts import by_columns, every_other, read_only


def draw(rng: np.random.Generator) -> Call:
    return call(rng.random((2, 3)), 4, mask=rng.random((2, 3)) > 0.5)


@pytest.mark.parametrize("layout", [read_only, by_columns, every_other])
def test_a_layout_changes_no_value_and_no_other_argument(layout: Any) -> None:
    plain, changed = draw(np.random.default_rng(1)), layout(draw)(np.random.default_rng(1))
    assert np.array_equal(plain.args[0], changed.args[0])
    assert np.array_equal(plain.kwargs["mask"], changed.kwargs["mask"])
    assert changed.args[1] == 4


def test_each_layout_is_what_its_name_says() -> None:
    def flags(layout: Any) -> Any:
        drawn = layout(draw)(np.random.default_rng(1))
        return [array.flags for array in (drawn.args[0], drawn.kwargs["mask"])]

    assert not any(flag.writeable for flag in flags(read_only))
    assert all(flag.f_contiguous and not flag.c_contiguous for flag in flags(by_columns))
    assert not any(flag.f_contiguous or flag.c_contiguous for flag in flags(every_other))
