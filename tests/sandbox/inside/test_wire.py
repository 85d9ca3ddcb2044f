"""Values arrive at the other side as they were sent, and malformed messages are refused."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.inside import wire


def send_and_receive(value: object) -> object:
    """Send a value through bytes and return what the other side gets."""
    return wire.decode(*wire.encode(value))


@given(
    hnp.arrays(
        st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16"]), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0)
    )
)
def test_an_array_arrives_with_its_bytes_shape_and_dtype(array: np.ndarray) -> None:
    arrived = send_and_receive(array)
    assert type(arrived) is np.ndarray
    assert (arrived.dtype, arrived.shape, arrived.tobytes()) == (array.dtype, array.shape, array.tobytes())


@pytest.mark.parametrize(
    "array",
    [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(12.0).reshape(3, 4)[:, ::2], np.arange(3.0)],
    ids=["by columns", "every other", "contiguous"],
)
@pytest.mark.parametrize("readonly", [True, False])
def test_memory_order_and_read_only_flag_arrive(array: np.ndarray, readonly: bool) -> None:
    array.flags.writeable = not readonly
    arrived = send_and_receive(array)
    assert isinstance(arrived, np.ndarray)
    assert arrived.flags.writeable is not readonly
    assert (arrived.flags.c_contiguous, arrived.flags.f_contiguous) == (
        array.flags.c_contiguous,
        array.flags.f_contiguous,
    )
    assert (arrived == array).all()


class Subclass(np.ndarray):
    """An array that claims to equal everything."""

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return True


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ([1.0], "list"),
        (np.float64(0.5), "float64"),
        (np.array([1, "a"], dtype=object), "ndarray of object"),
        (np.zeros(2).view(Subclass), "Subclass"),
        (np.ma.masked_array([1.0]), "MaskedArray"),
        ({}, "dict"),
        ((n for n in range(2)), "generator"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_the_type_name_of_other_values_travels(value: object, name: str) -> None:
    assert send_and_receive(value) == wire.OpaqueValue(name)


def test_a_tuple_of_arrays_arrives_as_a_tuple() -> None:
    first, second = send_and_receive((np.ones((2, 1)), np.arange(3)))  # type: ignore[misc]
    assert first.shape == (2, 1)
    assert second.tolist() == [0, 1, 2]


ARRAY = {"kind": "array", "dtype": "<f8", "shape": [2], "order": "C", "readonly": False}


@pytest.mark.parametrize(
    "form",
    [
        None,
        [],
        {},
        {"kind": "array"},
        {**ARRAY, "shape": [1 << 60]},
        {**ARRAY, "shape": [-2]},
        {**ARRAY, "shape": [2.0]},
        {**ARRAY, "shape": [True, 2]},
        {**ARRAY, "shape": [1] * 33},
        {**ARRAY, "shape": [1]},
        {**ARRAY, "dtype": "O"},
        {**ARRAY, "dtype": "|O"},
        {**ARRAY, "dtype": "2f4"},
        {**ARRAY, "dtype": "(f,)"},
        {**ARRAY, "shape": [0, *[1 << 24] * 31]},
        {**ARRAY, "dtype": "<f7"},
        {**ARRAY, "dtype": "<M8"},
        {**ARRAY, "dtype": ["<f8"]},
        {"kind": "opaque", "type": 3},
        {"kind": "plain", "value": {}},
        {"kind": "tuple", "parts": [{"kind": "tuple", "parts": [{"kind": "tuple", "parts": [ARRAY]}]}]},
    ],
    ids=str,
)
def test_a_description_that_does_not_fit_its_bytes_is_refused(form: object) -> None:
    with pytest.raises(wire.ProtocolError):
        wire.decode(form, bytes(16))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["kind", "dtype", "shape", "parts", "type", "value"]), inner)
        ),
    ),
    st.binary(max_size=32),
)
def test_any_description_is_either_decoded_or_refused(form: object, payload: bytes) -> None:
    with contextlib.suppress(wire.ProtocolError):
        wire.decode(form, payload)


def test_a_huge_or_malformed_header_is_refused() -> None:
    with pytest.raises(wire.ProtocolError):
        wire.parse_sizes(b"\xff" * wire.SIZES.size)
    for head in (b"nonsense", b"[]", b"[" * 100_000):
        with pytest.raises(wire.ProtocolError):
            wire.parse_object(head)


def test_a_type_name_contains_no_markup_and_no_escapes() -> None:
    arrived = wire.decode({"kind": "opaque", "type": "<script>\x1b[2J" + "x" * 500}, b"")
    assert isinstance(arrived, wire.OpaqueValue)
    assert len(arrived.type_name) <= 60
    assert not set(arrived.type_name) & set("<>\x1b")


@given(
    hnp.arrays(st.sampled_from(["f8", ">f8", "f4", "i8", "?", "O", "U3"]), hnp.array_shapes(min_dims=0, max_dims=3)),
    st.sampled_from(["C", "F", "strided"]),
    st.booleans(),
)
def test_a_round_trip_in_one_process_gives_what_the_other_side_gets(
    array: np.ndarray, order: str, readonly: bool
) -> None:
    if order == "strided" and array.ndim:
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    elif order == "F":
        array = np.asfortranarray(array)
    array.flags.writeable = not readonly
    for value in (array, (array, 1), [array], (array,) * 40):
        assert repr(wire.encode(wire.round_trip(value))) == repr(wire.encode(send_and_receive(value)))
