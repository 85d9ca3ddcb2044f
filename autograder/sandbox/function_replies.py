"""Check what a student's process says about loading and calls. It may be hostile, so nothing is taken as it comes."""

from __future__ import annotations

import builtins
from collections.abc import Collection
from typing import Any

from autograder.sandbox.inside import wire
from autograder.sandbox.protocol import CallStatus, Reply, SourceResult, StudentError

MAX_INTEGER_BITS = 64
MAX_LINE = 1_000_000
_ERROR_NAMES = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}


def decode_source_result(header: dict[str, Any], name: str) -> SourceResult:
    """Return what running the source of that name left; raise `wire.ProtocolError` if the reply is to another."""
    if header.get("source_name") != name:
        raise wire.ProtocolError("a reply to another source")
    return SourceResult(
        name,
        defined=header.get("defined") is True,
        callable=header.get("callable") is True,
        binds_function=header.get("binds_function") is True,
        error=_decode_error(header["error"], (name,)) if "error" in header else None,
    )


def decode_missing(header: dict[str, Any], replaceable: Collection[str]) -> frozenset[str]:
    """Return the modules that got a stand-in, none but those that may get one."""
    names = header.get("missing")
    return frozenset(name for name in replaceable if name in names) if isinstance(names, list) else frozenset()


def decode_reply(header: dict[str, Any], payload: bytes, call: int, source_names: Collection[str]) -> Reply:
    """Return the reply to the call of that number; raise `wire.ProtocolError` if it is none."""
    if header.get("call") != call:
        raise wire.ProtocolError("a reply to another call")
    if header.get("status") == CallStatus.RAISED:
        return Reply(CallStatus.RAISED, error=_decode_error(header, source_names))
    result_size = header.get("result_size")
    if header.get("status") != CallStatus.RETURNED or type(result_size) is not int:
        raise wire.ProtocolError("neither a result nor an exception")
    if not 0 <= result_size <= len(payload):
        raise wire.ProtocolError("a result of more bytes than there are")
    arguments = wire.decode(header.get("arguments_after"), payload[result_size:])
    if not isinstance(arguments, tuple):
        raise wire.ProtocolError("arguments that are not a tuple")
    return Reply(CallStatus.RETURNED, _printable(wire.decode(header.get("result"), payload[:result_size])), arguments)


def _decode_error(fields: Any, source_names: Collection[str]) -> StudentError:
    """Return an exception without what a student could put into it: another type's name, another place, escapes."""
    if not isinstance(fields, dict):
        fields = {}
    type_name, message, source_name = (
        _printable_text(fields.get(key)) for key in ("type_name", "message", "source_name")
    )
    line = fields.get("line")
    return StudentError(
        type_name if type_name in _ERROR_NAMES else "Exception",
        message,
        source_name if source_name in source_names else "",
        line if type(line) is int and 0 < line < MAX_LINE else None,
    )


def _printable(value: Any) -> Any:
    """Return a result that can be printed. Texts and huge integers may be cut: no right answer is one."""
    if isinstance(value, tuple):
        return tuple(map(_printable, value))
    if isinstance(value, str):
        return _printable_text(value)
    if isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS:
        return wire.OpaqueValue("int")
    return value


def _printable_text(text: Any) -> str:
    """Return the start of a text, without characters that a terminal takes for commands; "" if it is not a text."""
    if not isinstance(text, str):
        return ""
    return "".join(character for character in text[:1000] if character.isprintable())[: wire.MAX_MESSAGE]
