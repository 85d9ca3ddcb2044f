"""The process that runs a student's code: load the sources once, then answer one call after the other.

Forked by ``zygote`` with two descriptors, one to read requests from and one to write replies to. It sees inputs and
nothing else: no reference, no expected value, no seed. It imports the standard library, numpy and its neighbour
``wire``. A notebook's cells, where they are asked for one by one, are ``cells``' to run.
"""

from __future__ import annotations

import builtins
import os
import sys
import types
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.inside import notebook_cells, wire
else:
    import notebook_cells
    import wire

_BUILTIN_ERRORS = {name for name in dir(builtins) if isinstance(getattr(builtins, name), type)}


def main(requests: int, replies: int) -> None:
    """Serve requests until the other side closes the pipe."""
    send(replies, wire.pack({"ready": True}))
    function: Callable[..., Any] | None = None
    labels: list[str] = []
    while (message := receive(requests)) is not None:
        header, payload = message
        if header["do"] == "load":
            labels = [label for label, _ in header["sources"]]
            function, report = load(header["sources"], header["function"], header["helpers"])
            send(replies, wire.pack(report))
        elif header["do"] == "cells":
            notebook_cells.main(
                header, payload, lambda: receive(requests), lambda *reply: send(replies, wire.pack(*reply))
            )
        else:
            send(replies, answer(function, labels, header, payload))


def load(sources: list[list[str]], name: str, helpers: list[str]) -> tuple[Callable[..., Any] | None, dict[str, Any]]:
    """Run the sources in order in one namespace. One that raises is noted and does not stop the next."""
    for helper in helpers:
        sys.modules[helper] = _Silent(helper)
    module = types.ModuleType("submission")
    module.__dict__["display"] = _nothing
    sys.modules["submission"] = module
    problems = []
    for label, source in sources:
        try:
            exec(compile(source, label, "exec", dont_inherit=True), module.__dict__)
        except BaseException as error:
            problems.append({"where": label, **describe(error, (label,))})
    found = module.__dict__.get(name)
    report = {"found": found is not None, "callable": callable(found), "problems": problems[:20]}
    return (found if callable(found) else None), report


def answer(
    function: Callable[..., Any] | None, labels: Collection[str], header: dict[str, Any], payload: bytes
) -> bytes:
    """Call the function once. The reply holds the result and the arguments as they are after the call."""
    call = {"call": header["call"]}
    args, kwargs = wire.decode(header["args"], payload), {}
    if header["names"]:
        split = len(args) - len(header["names"])
        args, kwargs = args[:split], dict(zip(header["names"], args[split:], strict=True))
    try:
        if function is None:
            raise NameError("the function is missing")
        result, blob = wire.encode(function(*args, **kwargs))
    except BaseException as error:
        return wire.pack({**call, "ended": "raised", **describe(error, labels)})
    after, after_blob = wire.encode((*args, *kwargs.values()))
    head = {**call, "ended": "returned", "result": result, "after": after, "split": len(blob)}
    return wire.pack(head, blob + after_blob)


def describe(error: BaseException, labels: Collection[str]) -> dict[str, Any]:
    """An exception as plain data, with the last line of the sources that it came through.

    Only built-in names travel; a text of the student's own is capped.
    """
    kind = type(error).__name__
    place = {"line": getattr(error, "lineno", None)}
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in labels:
            place = {"where": trace.tb_frame.f_code.co_filename, "line": trace.tb_lineno}
        trace = trace.tb_next
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)[:300]
    except BaseException:
        text = ""
    return {"error": kind if kind in _BUILTIN_ERRORS else "Exception", "text": text, **place}


def receive(descriptor: int) -> tuple[dict[str, Any], bytes] | None:
    """The next message, or None when the pipe was closed."""
    prefix = _read(descriptor, wire.LENGTHS.size)
    if prefix is None:
        return None
    head, payload = wire.LENGTHS.unpack(prefix)
    return wire.unpack(_read(descriptor, head) or b""), (_read(descriptor, payload) or b"")


def send(descriptor: int, message: bytes) -> None:
    """Write the whole message."""
    view = memoryview(message)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        piece = os.read(descriptor, size - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


class _Silent(types.ModuleType):
    """Stands in for the course's helper modules: any import from it succeeds and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing
