"""Runs a notebook's cells one after the other, for ``child``: what they write is recorded as a notebook keeps it.

The notebook's files lie in a folder of their own, below the child's; IPython (``shell``) is loaded only when cells are
asked for. Every request brings a token that the reply repeats: a reply written beforehand has none.
"""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.inside import ipython_shell
else:
    import ipython_shell

MOST_TEXT = 200_000  # characters of each stream, and of each text besides
MOST_PNG = 3 << 20  # characters of one picture
MOST_OUTPUTS = 200
_CUT = "\n... Output truncated ..."
# Our modules; those of a notebook may have the same names.
_OURS = ("confine", "ipython_shell", "notebook_cells", "state_guard", "syscall_filters", "wire", "worker")
Receive = Callable[[], tuple[dict[str, Any], bytes] | None]
Send = Callable[[dict[str, Any], bytes], None]
Output = dict[str, Any]


def main(header: dict[str, Any], payload: bytes, receive: Receive, send: Send) -> None:
    """Serve requests, the first of which came already, until the other side closes the pipe."""
    try:
        work, before, recorder, run = _start(header, payload)
    except Exception as error:
        send({"token": header["token"], "failed": f"{type(error).__name__}: {error}"}, b"")
        return
    send({"token": header["token"]}, b"")
    while (message := receive()) is not None:
        header, _ = message
        if header["do"] == "cell":
            recorder.begin()
            count = _run(run, recorder, header)
            send({"token": header["token"], "count": count}, json.dumps(recorder.outputs).encode())
        else:
            names, data = written(work, before, header["files"], header["bytes"])
            send({"token": header["token"], "files": names}, data)


def _start(header: dict[str, Any], payload: bytes) -> tuple[Path, dict[str, Any], Recorder, Callable[[str, bool], int]]:
    for name in _OURS:
        sys.modules.pop(name, None)
    os.environ.update(header["environment"])
    os.mkdir("work")
    os.chdir("work")
    work = Path.cwd()
    put(work, header["files"], payload)
    sys.path.insert(0, "")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    recorder = Recorder()
    return work, dict(seen(work)), recorder, ipython_shell.start(recorder)


def _run(run: Callable[[str, bool], int], recorder: Recorder, header: dict[str, Any]) -> int:
    """Run a cell; whatever escapes IPython is an error of the cell, an interrupt by the judge among it."""
    try:
        sys.stdout, sys.stderr = Stream(recorder, "stdout"), Stream(recorder, "stderr")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return run(header["source"], header["restore"])
    except BaseException as error:
        recorder.error(type(error).__name__, str(error), [f"{type(error).__name__}: {error}"])
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class Recorder:
    """What the running cell has put out, in a notebook's form: text and PNG only, capped; an error is always kept."""

    def __init__(self) -> None:
        self.begin()

    @staticmethod
    def classes() -> tuple[type, ...]:
        """What a cell must not change for another."""
        return Recorder, Stream

    def begin(self) -> None:
        """A new cell."""
        self.outputs: list[Output] = []
        self._by_id: dict[str, Output] = {}
        self._clear = False

    def stream(self, name: str, text: str) -> None:
        """Something printed."""
        streams = [one for one in self.outputs if one["output_type"] == "stream" and one["name"] == name]
        if not streams or (streams[-1] is not self.outputs[-1] and len(self.outputs) < MOST_OUTPUTS):
            streams.append(self._add({"output_type": "stream", "name": name, "text": ""}))
        room = MOST_TEXT - sum(len(one["text"]) for one in streams)
        if room > 0 and text:
            streams[-1]["text"] += text if len(text) < room else text[: room - 1] + _CUT

    def display(self, data: dict[str, Any], display_id: str | None, *, update: bool = False) -> None:
        """Something displayed, or displayed anew."""
        found = self._by_id.get(display_id or "")
        if update:
            if found is not None:
                found["data"] = _data(data)
        elif len(self.outputs) < MOST_OUTPUTS:
            one = self._add({"output_type": "display_data", "metadata": {}, "data": _data(data)})
            if display_id:
                self._by_id[display_id] = one

    def result(self, data: dict[str, Any], count: int) -> None:
        """The value of the last expression."""
        data = {"text/plain": "", **_data(data)}
        self._add({"output_type": "execute_result", "metadata": {}, "data": data, "execution_count": count})

    def error(self, name: str, text: str, traceback: list[str]) -> None:
        """An exception."""
        lines = [line[:MOST_TEXT] for line in traceback[:200]]
        self._add({"output_type": "error", "ename": name[:200], "evalue": text[:10_000], "traceback": lines})

    def clear(self, *, wait: bool) -> None:
        """Forget what was put out, at once or before the next output."""
        self._clear = wait
        if not wait:
            self.outputs.clear()

    def _add(self, output: Output) -> Output:
        if self._clear:
            self.clear(wait=False)
        self.outputs.append(output)
        return output


class Stream(io.TextIOBase):
    """A cell's ``sys.stdout`` or ``sys.stderr``."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.name = f"<{name}>"
        self._recorder, self._stream = recorder, name

    def write(self, text: str) -> int:
        """Record the text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._recorder.stream(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True


def _data(data: dict[str, Any]) -> dict[str, str]:
    kept = {}
    text, picture = data.get("text/plain"), data.get("image/png")
    if isinstance(text, str):
        kept["text/plain"] = text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + _CUT
    if isinstance(picture, bytes):
        picture = base64.b64encode(picture).decode()
    if isinstance(picture, str) and len(picture) <= MOST_PNG:
        kept["image/png"] = picture
    return kept


def put(folder: Path, files: list[tuple[str, int]], data: bytes) -> None:
    """Write the files that lie beside the notebook."""
    start = 0
    for name, size in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data[start : start + size])
        start += size


def seen(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """The regular files beneath a folder, with what tells a change."""
    for here, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)
            if os.path.isfile(path) and not os.path.islink(path):
                stat = os.stat(path)
                yield os.path.relpath(path, folder), (stat.st_size, stat.st_mtime_ns)


def written(
    folder: Path, before: dict[str, tuple[int, int]], most: int, most_bytes: int
) -> tuple[list[tuple[str, int]], bytes]:
    """The files that are new or changed, as many as fit."""
    names: list[tuple[str, int]] = []
    data = bytearray()
    for name, state in sorted(seen(folder)):
        fits = len(names) < most and len(data) + state[0] <= most_bytes
        if fits and state != before.get(name) and "__pycache__" not in name:
            content = (folder / name).read_bytes()
            names.append((name, len(content)))
            data += content
    return names, bytes(data)
