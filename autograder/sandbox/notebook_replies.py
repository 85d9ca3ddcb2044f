"""Check the outputs and files that come back from a notebook's process. It may be hostile, so each part is rebuilt."""

from __future__ import annotations

import base64
import binascii
import json
from pathlib import PurePosixPath
from typing import Any

from autograder.sandbox.inside import wire

MAX_OUTPUTS = 1000
MAX_COUNT = 1_000_000
MAX_NAME, MAX_NAME_PART = 500, 255  # characters of a path; bytes of each of its parts
_PNG_START = b"\x89PNG\r\n\x1a\n"
_TEXT_FIELDS = {"stream": ("name", "text"), "error": ("ename", "evalue")}


def decode_outputs(payload: bytes) -> tuple[dict[str, Any], ...]:
    """Return a cell's outputs, which hold text and PNG only; raise `wire.ProtocolError` if they have another form."""
    outputs = wire.parse_object(b'{"outputs": ' + payload + b"}").get("outputs")
    if not isinstance(outputs, list) or len(outputs) > MAX_OUTPUTS:
        raise wire.ProtocolError("outputs that are not a list of outputs")
    # JSON can hold half of a surrogate pair, which cannot be written to a file.
    writable = json.loads(json.dumps(outputs, ensure_ascii=False).encode("utf-8", "replace"))
    return tuple(map(_decode_output, writable))


def decode_count(count: Any) -> int | None:
    """Return a cell's execution count; None if it cannot be one."""
    return count if type(count) is int and 0 < count < MAX_COUNT else None


def decode_files(entries: Any, payload: bytes, max_files: int) -> dict[str, bytes]:
    """Return files by name from pairs of name and size; raise `wire.ProtocolError` if a name leads elsewhere."""
    if not isinstance(entries, list) or len(entries) > max_files:
        raise wire.ProtocolError("files that are not a list of names and sizes")
    files, start = {}, 0
    for entry in entries:
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str) and type(entry[1]) is int):
            raise wire.ProtocolError("a file without name and size")
        name, size = entry
        if size < 0 or start + size > len(payload) or not _is_plain_name(name):
            raise wire.ProtocolError("a file with a name or size that it may not have")
        files[name] = payload[start : start + size]
        start += size
    return files


def _decode_output(raw: Any) -> dict[str, Any]:
    kind = raw.get("output_type") if isinstance(raw, dict) else None
    if kind in ("display_data", "execute_result") and isinstance(raw.get("data"), dict):
        return _decode_data(kind, raw)
    if kind in _TEXT_FIELDS and all(isinstance(raw.get(key), str) for key in _TEXT_FIELDS[kind]):
        output = {"output_type": kind, **{key: raw[key] for key in _TEXT_FIELDS[kind]}}
        if kind == "stream" and raw["name"] in ("stdout", "stderr"):
            return output
        lines = raw.get("traceback")
        if kind == "error" and isinstance(lines, list) and all(isinstance(line, str) for line in lines):
            return {**output, "traceback": lines}
    raise wire.ProtocolError("an output of unknown type")


def _decode_data(kind: str, raw: dict[str, Any]) -> dict[str, Any]:
    data = {mime: text for mime, text in raw["data"].items() if mime in ("text/plain", "image/png")}
    picture = data.get("image/png")
    if not all(isinstance(text, str) for text in data.values()) or (picture and not _is_png(picture)):
        raise wire.ProtocolError("data that is neither text nor a picture")
    output: dict[str, Any] = {"output_type": kind, "metadata": {}, "data": data}
    if kind == "execute_result":
        count = raw.get("execution_count")
        output["execution_count"] = count if type(count) is int else None
    return output


def _is_png(text: str) -> bool:
    try:
        return base64.b64decode("".join(text.split()), validate=True).startswith(_PNG_START)
    except (binascii.Error, ValueError):
        return False


def _is_plain_name(name: str) -> bool:
    """Whether a name is a printable relative path that stays below its folder."""
    path = PurePosixPath(name)
    if not name.isprintable() or len(name) >= MAX_NAME or path.is_absolute() or not path.parts:
        return False
    return all(part not in ("", "..") and len(part.encode("utf-8", "replace")) <= MAX_NAME_PART for part in path.parts)
