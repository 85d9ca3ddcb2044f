"""The program of a student's process: load the submission's sources one by one, then answer one call after the other.

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
    from autograder.sandbox.inside import notebook_cells, student_imports, wire
else:
    import notebook_cells
    import student_imports
    import wire

_BUILTIN_TYPES = {name for name in dir(builtins) if isinstance(getattr(builtins, name), type)}


def main(requests: int, replies: int) -> None:
    """Serve requests until the host closes the pipe."""
    send(replies, wire.pack({"ready": True}))
    program: LoadedProgram | None = None
    while (message := receive(requests)) is not None:
        header, payload = message
        match header["request"]:
            case "load":
                program = LoadedProgram(header)
                send(replies, wire.pack({}))
            case "run" if program:
                send(replies, wire.pack(program.run(header["source_name"], header["text"])))
            case "call" if program:
                send(replies, program.call(header, payload))
            case "start_notebook":
                notebook_cells.main(
                    header, payload, lambda: receive(requests), lambda *reply: send(replies, wire.pack(*reply))
                )


class LoadedProgram:
    """The namespace in which a submission's sources run, and the function that they leave in it."""

    def __init__(self, header: dict[str, Any]) -> None:
        for name in notebook_cells.OWN_MODULES:
            sys.modules.pop(name, None)
        for helper in header["helpers"]:
            sys.modules[helper] = _InertModule(helper)
        self._importer = student_imports.install(header["files"], header["replaceable"])
        self._module = types.ModuleType("submission")
        self._module.__dict__.update(display=_do_nothing, get_ipython=_InertShell)
        sys.modules["submission"] = self._module
        self._source_names: list[str] = []
        self._function_name = header["function"]
        self._function: Callable[..., Any] | None = None

    def run(self, name: str, text: str) -> dict[str, Any]:
        """Run one source; return what it raised and what the function's name holds.

        If the name holds no function, the last one that it held stays the function.
        """
        self._source_names.append(name)
        reply: dict[str, Any] = {"source_name": name}
        try:
            exec(compile(text, name, "exec", dont_inherit=True), self._module.__dict__)
        except BaseException as error:
            reply["error"] = {"source_name": name, **describe_error(error, (name,))}
        value = self._module.__dict__.get(self._function_name)
        reply |= {
            "defined": value is not None,
            "callable": callable(value),
            "binds_function": callable(value) and value is not self._function,
            "missing": self._importer.missing,
        }
        if callable(value):
            self._function = value
        return reply

    def call(self, header: dict[str, Any], payload: bytes) -> bytes:
        """Call the function once; return a reply with its result and its arguments as they are after the call."""
        args, kwargs = wire.decode(header["arguments"], payload), {}
        if keywords := header["keywords"]:
            positional = len(args) - len(keywords)
            args, kwargs = args[:positional], dict(zip(keywords, args[positional:], strict=True))
        self._importer.is_loading = False
        try:
            if self._function is None:
                raise NameError("the function is missing")
            result, result_bytes = wire.encode(self._function(*args, **kwargs))
        except BaseException as error:
            description = describe_error(error, self._source_names)
            return wire.pack({"call": header["call"], "status": "raised", **description})
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


_InertFunction.__name__ = _InertFunction.__qualname__ = "function"  # a student reads it in messages
