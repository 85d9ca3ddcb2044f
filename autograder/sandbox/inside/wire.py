"""What travels between judge and child: a length, a JSON header, raw array bytes. Never pickle.

Both sides import this file; it needs only the standard library and numpy. Everything that arrives is checked (length,
dtype, shape, and that they agree) before any arithmetic, because the other side may be hostile.
"""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

LENGTHS = struct.Struct("!II")  # header bytes, payload bytes
MAX_HEADER = 2 << 20
MAX_PAYLOAD = 16 << 20
MAX_AXES = 32
_KINDS = "biufc"  # bool, int, uint, float, complex: the dtypes whose bytes may travel
_CODE = re.compile(rf"[<|][{_KINDS}](1|2|4|8|16|32)")  # numpy itself would read far more into a string: "3f4", "f8,f8"
_TYPE_NAME = 60


class ProtocolError(Exception):
    """The other side sent something that is not a well-formed frame."""


@dataclass(frozen=True)
class OpaqueValue:
    """A value of which only the type's name travels: a list, a string, an ndarray of objects, a subclass, …"""

    type_name: str


def pack(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """One message, ready to be written."""
    head = json.dumps(header).encode()
    return LENGTHS.pack(len(head), len(payload)) + head + payload


def lengths(prefix: bytes) -> tuple[int, int]:
    """The header's and the payload's length of a message that begins with ``prefix``; `BadFrame` when too large."""
    head, payload = LENGTHS.unpack(prefix)
    if head > MAX_HEADER or payload > MAX_PAYLOAD:
        raise ProtocolError("a message larger than any right answer")
    return head, payload


def unpack(head: bytes) -> dict[str, Any]:
    """The header of a message; `BadFrame` when it is not a JSON object."""
    try:
        header = json.loads(head)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a header that is not JSON") from error
    if not isinstance(header, dict):
        raise ProtocolError("a header that is not an object")
    return header


def encode(value: Any) -> tuple[dict[str, Any], bytes]:
    """Describe a value. Arrays and tuples of arrays carry their bytes, plain scalars their value, others a name."""
    kind = type(value)
    if kind is np.ndarray:
        if value.dtype.kind not in _KINDS or value.nbytes > MAX_PAYLOAD:
            return {"kind": "alien", "type": f"ndarray of {value.dtype.name}"[:_TYPE_NAME]}, b""
        plain = value.astype(value.dtype.newbyteorder("<"), order="C", copy=False)
        form = {"kind": "array", "dtype": plain.dtype.str, "shape": list(value.shape), **_layout(value)}
        return form, plain.tobytes()
    if value is None or kind in (bool, int, float, str):
        return {"kind": "plain", "value": value}, b""
    if isinstance(value, tuple):
        parts = [encode(part) for part in tuple.__iter__(value)][:MAX_AXES]
        return {"kind": "tuple", "parts": [form for form, _ in parts]}, b"".join(blob for _, blob in parts)
    return {"kind": "alien", "type": str(kind.__name__)[:_TYPE_NAME]}, b""


def decode(form: Any, payload: bytes) -> Any:
    """Rebuild a value from its description; `BadFrame` when description and bytes do not fit each other."""
    value, used = _decode(form, payload, 0, depth=0)
    if used != len(payload):
        raise ProtocolError("bytes left over")
    return value


def round_trip(value: Any) -> Any:
    """What the other side gets: ``decode`` of ``encode``, without the bytes where an array's copy says the same."""
    kind = type(value)
    if kind is np.ndarray and value.dtype.kind in _KINDS and value.dtype.isnative and value.nbytes <= MAX_PAYLOAD:
        layout = _layout(value)
        return _laid_out(value, layout["order"], layout["readonly"])
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
        case "alien" if isinstance(form.get("type"), str):
            name = "".join(c for c in form["type"] if c.isprintable() and c not in "<>&`")
            return OpaqueValue(name[:_TYPE_NAME] or "object"), start
    raise ProtocolError("a value of no known kind")


def _decode_array(form: dict[str, Any], payload: bytes, start: int) -> tuple[np.ndarray[Any, Any], int]:
    shape, code = form.get("shape"), form.get("dtype")
    if (
        not isinstance(shape, list)
        or len(shape) > MAX_AXES
        or any(type(n) is not int or not 0 <= n <= MAX_PAYLOAD for n in shape)
    ):
        raise ProtocolError("a shape that is none")
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
        plain = np.frombuffer(payload[start:end], dtype=dtype).reshape(shape)
        return _laid_out(plain, form.get("order"), readonly=form.get("readonly") is True), end
    except (ValueError, MemoryError) as error:  # sides that are too long beside one that is 0
        raise ProtocolError("a shape that is none") from error


def _laid_out(plain: np.ndarray[Any, Any], order: Any, readonly: bool) -> np.ndarray[Any, Any]:
    """A fresh array with the same values in the memory layout that the sender's array had."""
    if order == "strided" and plain.ndim:
        array = np.repeat(plain, 2, axis=-1)[..., ::2]
    else:
        array = plain.copy(order="F" if order == "F" else "C")
    array.flags.writeable = not readonly
    return array
