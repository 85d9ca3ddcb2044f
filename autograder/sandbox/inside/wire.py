"""The format of messages between the host and a student's process: two sizes, a JSON header, a payload of raw bytes.

Both sides import this file, so it needs only the standard library and numpy. Never pickle: everything that arrives is
checked (size, dtype, shape, and that they agree) before any arithmetic, because the other side may be hostile.
"""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

SIZES = struct.Struct("!II")  # bytes of the header, bytes of the payload
MAX_HEADER = 2 << 20
MAX_PAYLOAD = 16 << 20
MAX_AXES = 32  # also of the parts of a tuple
MAX_TYPE_NAME = 60
MAX_ERRORS = 20  # that are reported of loading
MAX_MESSAGE = 300  # characters of an exception's message
_KINDS = "biufc"  # bool, int, uint, float, complex: the dtypes whose bytes may travel
# Stricter than numpy, which also accepts "3f4" and "f8,f8".
_CODE = re.compile(rf"[<|][{_KINDS}](1|2|4|8|16|32)")


class ProtocolError(Exception):
    """Raised if the other side sent something that is not a well-formed message."""


@dataclass(frozen=True)
class OpaqueValue:
    """Stands for a value of which only the type's name travels: a list, an array of objects, a subclass, …"""

    type_name: str


def pack(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """Return a message, ready to be written."""
    encoded = json.dumps(header).encode()
    return SIZES.pack(len(encoded), len(payload)) + encoded + payload


def parse_sizes(prefix: bytes) -> tuple[int, int]:
    """Return the sizes of header and payload from a message's first bytes; raise `ProtocolError` if too large."""
    header_size, payload_size = SIZES.unpack(prefix)
    if header_size > MAX_HEADER or payload_size > MAX_PAYLOAD:
        raise ProtocolError("a message larger than any right answer")
    return header_size, payload_size


def parse_object(text: bytes) -> dict[str, Any]:
    """Parse a header; raise `ProtocolError` if it is not a JSON object."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a header that is not JSON") from error
    if not isinstance(parsed, dict):
        raise ProtocolError("a header that is not an object")
    return parsed


def encode(value: Any) -> tuple[dict[str, Any], bytes]:
    """Return a description of a value and its bytes.

    Arrays and tuples of arrays travel as bytes, None, bool, int, float and str in the description; of everything else
    only the type's name travels.
    """
    kind = type(value)
    if kind is np.ndarray:
        if value.dtype.kind not in _KINDS or value.nbytes > MAX_PAYLOAD:
            return {"kind": "opaque", "type": f"ndarray of {value.dtype.name}"[:MAX_TYPE_NAME]}, b""
        contiguous = value.astype(value.dtype.newbyteorder("<"), order="C", copy=False)
        form = {"kind": "array", "dtype": contiguous.dtype.str, "shape": list(value.shape), **_layout(value)}
        return form, contiguous.tobytes()
    if value is None or kind in (bool, int, float, str):
        return {"kind": "plain", "value": value}, b""
    if isinstance(value, tuple):
        parts = [encode(part) for part in tuple.__iter__(value)][:MAX_AXES]
        return {"kind": "tuple", "parts": [form for form, _ in parts]}, b"".join(blob for _, blob in parts)
    return {"kind": "opaque", "type": str(kind.__name__)[:MAX_TYPE_NAME]}, b""


def decode(form: Any, payload: bytes) -> Any:
    """Rebuild a value; raise `ProtocolError` if its description and its bytes do not fit each other."""
    value, used = _decode(form, payload, 0, depth=0)
    if used != len(payload):
        raise ProtocolError("bytes left over")
    return value


def round_trip(value: Any) -> Any:
    """Return what the other side would get, `decode` of `encode`; an array is copied without a detour through bytes."""
    kind = type(value)
    if kind is np.ndarray and value.dtype.kind in _KINDS and value.dtype.isnative and value.nbytes <= MAX_PAYLOAD:
        layout = _layout(value)
        return _copy_with_layout(value, layout["order"], layout["readonly"])
    if kind is tuple and len(value) <= MAX_AXES:
        return tuple(map(round_trip, value))
    return decode(*encode(value))


def _layout(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    order = "C" if array.flags.c_contiguous else "F" if array.flags.f_contiguous else "strided"
    return {"order": order, "readonly": not array.flags.writeable}


def _decode(form: Any, payload: bytes, start: int, depth: int) -> tuple[Any, int]:
    if not isinstance(form, dict) or depth > 2:
        raise ProtocolError("a value without a description")
    match form.get("kind"):
        case "array":
            return _decode_array(form, payload, start)
        case "plain" if form.get("value") is None or type(form["value"]) in (bool, int, float, str):
            return form.get("value"), start
        case "tuple" if isinstance(form.get("parts"), list):
            parts = []
            for part in form["parts"][:MAX_AXES]:
                value, start = _decode(part, payload, start, depth + 1)
                parts.append(value)
            return tuple(parts), start
        case "opaque" if isinstance(form.get("type"), str):
            name = "".join(char for char in form["type"] if char.isprintable() and char not in "<>&`")
            return OpaqueValue(name[:MAX_TYPE_NAME] or "object"), start
    raise ProtocolError("a value of no known kind")


def _decode_array(form: dict[str, Any], payload: bytes, start: int) -> tuple[np.ndarray[Any, Any], int]:
    shape, code = form.get("shape"), form.get("dtype")
    if (
        not isinstance(shape, list)
        or len(shape) > MAX_AXES
        or any(type(side) is not int or not 0 <= side <= MAX_PAYLOAD for side in shape)
    ):
        raise ProtocolError("a shape that is not one")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise ProtocolError("a dtype that may not travel")
    try:
        dtype = np.dtype(code)
    except TypeError as error:
        raise ProtocolError("a dtype that may not travel") from error
    end = start + math.prod(shape) * dtype.itemsize
    if end > len(payload):
        raise ProtocolError("fewer bytes than the shape needs")
    try:
        values = np.frombuffer(payload[start:end], dtype=dtype).reshape(shape)
        return _copy_with_layout(values, form.get("order"), readonly=form.get("readonly") is True), end
    except (ValueError, MemoryError) as error:
        # One side is 0, so no bytes are needed, but another is too long.
        raise ProtocolError("a shape that is not one") from error


def _copy_with_layout(values: np.ndarray[Any, Any], order: Any, readonly: bool) -> np.ndarray[Any, Any]:
    """Return a new array with the same values, in the memory layout that the sender's array had."""
    if order == "strided" and values.ndim:
        array = np.repeat(values, 2, axis=-1)[..., ::2]
    else:
        array = values.copy(order="F" if order == "F" else "C")
    array.flags.writeable = not readonly
    return array
