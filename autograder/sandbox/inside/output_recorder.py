"""Record what a cell puts out, in a notebook's form: text and PNG only, and no more than the host accepts."""

from __future__ import annotations

import base64
import io
from typing import Any

MAX_TEXT = 200_000  # characters of each stream, and of each other text
MAX_PNG = 3 << 20  # characters of a picture in base64
MAX_OUTPUTS = 200
MAX_ERROR_NAME, MAX_ERROR_TEXT, MAX_ERROR_LINES = 200, 10_000, 200
_TRUNCATED = "\n... Output truncated ..."
Output = dict[str, Any]


class OutputRecorder:
    """The outputs of the running cell. An error is always recorded, even if there are MAX_OUTPUTS already."""

    def __init__(self) -> None:
        self.begin_cell()

    def begin_cell(self) -> None:
        """Forget the last cell's outputs."""
        self.outputs: list[Output] = []
        self._by_id: dict[str, Output] = {}
        self._clear_before_next = False

    def stream(self, name: str, text: str) -> None:
        """Record text printed to stdout or stderr."""
        streams = [output for output in self.outputs if output["output_type"] == "stream" and output["name"] == name]
        if not streams or (streams[-1] is not self.outputs[-1] and len(self.outputs) < MAX_OUTPUTS):
            streams.append(self._add({"output_type": "stream", "name": name, "text": ""}))
        left = MAX_TEXT - sum(len(output["text"]) for output in streams)
        if left > 0 and text:
            streams[-1]["text"] += text if len(text) < left else text[: left - 1] + _TRUNCATED

    def display(self, data: dict[str, Any], display_id: str | None, *, update: bool = False) -> None:
        """Record displayed data, or replace what was displayed under that id."""
        if update:
            displayed = self._by_id.get(display_id or "")
            if displayed is not None:
                displayed["data"] = _text_and_png(data)
        elif len(self.outputs) < MAX_OUTPUTS:
            output = self._add({"output_type": "display_data", "metadata": {}, "data": _text_and_png(data)})
            if display_id:
                self._by_id[display_id] = output

    def result(self, data: dict[str, Any], count: int) -> None:
        """Record the value of the cell's last expression."""
        data = {"text/plain": "", **_text_and_png(data)}
        self._add({"output_type": "execute_result", "metadata": {}, "data": data, "execution_count": count})

    def error(self, name: str, text: str, traceback: list[str]) -> None:
        """Record an exception with its traceback."""
        lines = [line[:MAX_TEXT] for line in traceback[:MAX_ERROR_LINES]]
        name, text = name[:MAX_ERROR_NAME], text[:MAX_ERROR_TEXT]
        self._add({"output_type": "error", "ename": name, "evalue": text, "traceback": lines})

    def clear(self, *, wait: bool) -> None:
        """Forget the outputs, now or before the next output."""
        self._clear_before_next = wait
        if not wait:
            self.outputs.clear()

    def _add(self, output: Output) -> Output:
        if self._clear_before_next:
            self.clear(wait=False)
        self.outputs.append(output)
        return output


class OutputStream(io.TextIOBase):
    """A cell's ``sys.stdout`` or ``sys.stderr``."""

    encoding = "utf-8"

    def __init__(self, recorder: OutputRecorder, name: str) -> None:
        self.name = f"<{name}>"
        self._recorder, self._stream = recorder, name

    def write(self, text: str) -> int:
        """Record text as an output of the stream."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._recorder.stream(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        """Return True, which a text stream does not by default."""
        return True


def _text_and_png(data: dict[str, Any]) -> dict[str, str]:
    recorded = {}
    text, picture = data.get("text/plain"), data.get("image/png")
    if isinstance(text, str):
        recorded["text/plain"] = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + _TRUNCATED
    if isinstance(picture, bytes):
        picture = base64.b64encode(picture).decode()
    if isinstance(picture, str) and len(picture) <= MAX_PNG:
        recorded["image/png"] = picture
    return recorded
