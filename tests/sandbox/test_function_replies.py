"""What a student's process says about loading and calls is taken only in the form and size that it may have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.sandbox import CallStatus, StudentError, function_replies
from autograder.sandbox.inside import wire

SOURCES = ("code cell 1",)


def returned(value: Any, **changes: Any) -> tuple[dict[str, Any], bytes]:
    """The header and payload of a reply to call 1."""
    form, payload = wire.encode(value)
    arguments, argument_bytes = wire.encode((np.ones(2),))
    header = {"call": 1, "status": "returned", "result": form, "arguments_after": arguments}
    return {**header, "result_size": len(payload), **changes}, payload + argument_bytes


def raised(**fields: Any) -> StudentError | None:
    """Return the error that a reply with these fields is decoded to."""
    header = {"call": 1, "status": "raised", **fields}
    return function_replies.decode_reply(header, b"", 1, SOURCES).error


def test_a_reply_has_the_result_and_the_arguments() -> None:
    reply = function_replies.decode_reply(*returned(np.arange(3)), 1, SOURCES)
    assert reply.status is CallStatus.RETURNED
    assert reply.result.tolist() == [0, 1, 2]
    assert [argument.tolist() for argument in reply.arguments_after] == [[1.0, 1.0]]


@pytest.mark.parametrize(
    "changes",
    [
        {"call": 2},
        {"status": "graded"},
        {"status": []},
        {"result_size": None},
        {"result_size": True},
        {"result_size": -1},
        {"result_size": 1 << 40},
        {"result": None},
        {"arguments_after": {"kind": "plain", "value": 1}},
    ],
    ids=str,
)
def test_a_malformed_reply_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(wire.ProtocolError):
        function_replies.decode_reply(*returned(np.arange(3), **changes), 1, SOURCES)


def test_a_text_in_a_result_is_short_and_without_commands_to_a_terminal() -> None:
    reply = function_replies.decode_reply(*returned(("\x1b[2J\ud800 red", "x" * 1_000_000, 1 << 80, 7)), 1, SOURCES)
    assert reply.result == ("[2J red", "x" * 300, wire.OpaqueValue("int"), 7)


def test_an_error_names_a_built_in_type_and_a_place_in_the_sources() -> None:
    error = raised(type_name="KeyError", message="\x1b[2J'a'", source_name="code cell 1", line=3)
    assert error == StudentError("KeyError", "[2J'a'", "code cell 1", 3)
    forged = raised(type_name="0.25", message=["x"], source_name="/etc/passwd", line=1 << 70)
    assert forged == StudentError("Exception")


def test_what_a_source_left_is_taken_only_from_a_reply_to_that_source() -> None:
    header = {"source_name": "code cell 1", "defined": 1, "callable": True, "error": "x"}
    result = function_replies.decode_source_result(header, "code cell 1")
    assert (result.defined, result.callable, result.binds_function) == (False, True, False)
    assert result.error == StudentError("Exception")
    with pytest.raises(wire.ProtocolError):
        function_replies.decode_source_result(header, "code cell 2")


@pytest.mark.parametrize(("names", "missing"), [(["a", "x", 3], {"a"}), ("a", set()), (None, set())])
def test_only_modules_that_may_be_replaced_are_reported_as_missing(names: object, missing: set[str]) -> None:
    assert function_replies.decode_missing({"missing": names}, ["a", "b"]) == missing
