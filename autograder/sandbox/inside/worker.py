"""The program of a student's process: load the submission's sources once, then answer one call after the other.

Forked by the fork server with one descriptor for requests and one for replies. It sees inputs and nothing else: no
reference, no expected result, no seed. If the host asks for a notebook's cells instead, notebook_cells.py takes over.
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

_BUILTIN_TYPES = {name for name in dir(builtins) if isinstance(getattr(builtins, name), type)}


def main(requests: int, replies: int) -> None:
    """Serve requests until the host closes the pipe."""
    send(replies, wire.pack({"ready": True}))
    function: Callable[..., Any] | None = None
    source_names: list[str] = []
    while (message := receive(requests)) is not None:
        header, payload = message
        match header["request"]:
            case "load":
                source_names = [name for name, _ in header["sources"]]
                function, report = load(header["sources"], header["function"], header["helpers"])
                send(replies, wire.pack(report))
            case "call":
                send(replies, call(function, source_names, header, payload))
            case "start_notebook":
                notebook_cells.main(
                    header, payload, lambda: receive(requests), lambda *reply: send(replies, wire.pack(*reply))
                )


def load(
    sources: list[list[str]], function_name: str, helpers: list[str]
) -> tuple[Callable[..., Any] | None, dict[str, Any]]:
    """Run the sources in order in one namespace. An exception is reported, and the next source runs all the same."""
    for helper in helpers:
        sys.modules[helper] = _InertModule(helper)
    module = types.ModuleType("submission")
    module.__dict__.update(display=_do_nothing, get_ipython=_InertShell)
    sys.modules["submission"] = module
    errors = []
    for name, text in sources:
        try:
            exec(compile(text, name, "exec", dont_inherit=True), module.__dict__)
        except BaseException as error:
            errors.append({"source_name": name, **describe_error(error, (name,))})
    value = module.__dict__.get(function_name)
    report = {"defined": value is not None, "callable": callable(value), "errors": errors[: wire.MAX_ERRORS]}
    return (value if callable(value) else None), report


def call(
    function: Callable[..., Any] | None, source_names: Collection[str], header: dict[str, Any], payload: bytes
) -> bytes:
    """Call the function once; return a reply with its result and its arguments as they are after the call."""
    args, kwargs = wire.decode(header["arguments"], payload), {}
    if keywords := header["keywords"]:
        positional = len(args) - len(keywords)
        args, kwargs = args[:positional], dict(zip(keywords, args[positional:], strict=True))
    try:
        if function is None:
            raise NameError("the function is missing")
        result, result_bytes = wire.encode(function(*args, **kwargs))
    except BaseException as error:
        return wire.pack({"call": header["call"], "status": "raised", **describe_error(error, source_names)})
    arguments_after, argument_bytes = wire.encode((*args, *kwargs.values()))
    reply = {
        "call": header["call"],
        "status": "returned",
        "result": result,
        "result_size": len(result_bytes),
        "arguments_after": arguments_after,
    }
    return wire.pack(reply, result_bytes + argument_bytes)


def describe_error(error: BaseException, source_names: Collection[str]) -> dict[str, Any]:
    """Return an exception as plain data, with the last line of the sources that it passed through.

    Only names of built-in types travel, and the message is cut.
    """
    type_name = type(error).__name__
    place = {"line": getattr(error, "lineno", None)}
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in source_names:
            place = {"source_name": trace.tb_frame.f_code.co_filename, "line": trace.tb_lineno}
        trace = trace.tb_next
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)[: wire.MAX_MESSAGE]
    except BaseException:
        message = ""
    return {"type_name": type_name if type_name in _BUILTIN_TYPES else "Exception", "message": message, **place}


def receive(descriptor: int) -> tuple[dict[str, Any], bytes] | None:
    """Return the next message; None if the pipe was closed."""
    prefix = _read(descriptor, wire.SIZES.size)
    if prefix is None:
        return None
    header_size, payload_size = wire.SIZES.unpack(prefix)
    return wire.parse_object(_read(descriptor, header_size) or b""), (_read(descriptor, payload_size) or b"")


def send(descriptor: int, message: bytes) -> None:
    """Write a message to a pipe, in as many parts as it takes."""
    view = memoryview(message)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        chunk = os.read(descriptor, size - len(data))
        if not chunk:
            return None
        data += chunk
    return bytes(data)


def _do_nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


class _InertShell:
    """Stands in for IPython's shell, which translated magics call: everything in it does nothing."""

    def getoutput(self, *_args: Any, **_kwargs: Any) -> list[str]:
        """Return no lines, as a command does that prints nothing."""
        return []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _do_nothing


class _InertModule(types.ModuleType):
    """Stands in for a helper module of the course: every import from it succeeds and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _InertFunction()


class _InertFunction:
    """Does nothing when it is called or used in a `with` statement, which ends quietly at code that is not written."""

    def __call__(self, *_args: Any, **_kwargs: Any) -> _InertFunction:
        return self

    def __enter__(self) -> _InertFunction:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, NotImplementedError)
