"""Have the pictures of a submission decoded in the sandbox: a student's bytes are as dangerous as a student's code."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.feedback.pictures import Handling, Picture, looks_like_svg, picture_of
from autograder.nbgrader_plugin import picture_decoder
from autograder.sandbox import Limits, SandboxError
from autograder.sandbox.notebook_session import NotebookSession
from autograder.sandbox.protocol import CallStatus

MAX_PICTURE_BYTES = 16 << 20  # of a picture that is given to the decoder
SECONDS, TOTAL_SECONDS = 20.0, 120.0  # for one picture, and for all of a notebook
MEMORY_MB = 1536
MAX_TOGETHER, MAX_BYTES_TOGETHER = 8, 32 << 20  # in one session, which has little room for files
_SOURCE = Path(picture_decoder.__file__).read_text(encoding="utf-8").replace("from __future__ import annotations\n", "")


@dataclass(frozen=True)
class ConvertedPicture:
    """What was done with a picture, and the picture to show, if there is one."""

    handling: Handling
    picture: Picture | None = None


def convert_pictures(contents: Sequence[bytes], limits: Limits) -> list[ConvertedPicture]:
    """Return, for each file of a picture, one that can be shown, or why there is none.

    ``limits`` are the course's; decoding has its own limits of time and memory.
    """
    converted: list[ConvertedPicture] = []
    deadline = time.monotonic() + TOTAL_SECONDS
    while len(converted) < len(contents):
        remaining = contents[len(converted) :]
        if time.monotonic() > deadline:
            return converted + [ConvertedPicture(Handling.TOO_MANY)] * len(remaining)
        refused = _refuse(remaining[0])
        if refused is not None:
            converted.append(ConvertedPicture(refused))
            continue
        group = list(_first_group(remaining))
        try:
            converted += _convert_group(group, limits)
        except SandboxError:
            converted += map(_unchecked, group)
    return converted


def _unchecked(content: bytes) -> ConvertedPicture:
    """Return a picture as it is, if it is small: a browser reads it carefully, too."""
    picture = picture_of(content)
    return ConvertedPicture(Handling.KEPT, picture) if picture else ConvertedPicture(Handling.UNCHECKED)


def _refuse(content: bytes) -> Handling | None:
    """Return why a file is not even given to the decoder; None if it is."""
    if looks_like_svg(content):
        return Handling.SVG
    return Handling.TOO_LARGE if len(content) > MAX_PICTURE_BYTES else None


def _first_group(contents: Sequence[bytes]) -> Iterator[bytes]:
    total = 0
    for content in contents[:MAX_TOGETHER]:
        total += len(content)
        if total > MAX_BYTES_TOGETHER or _refuse(content) is not None:
            return
        yield content


def _convert_group(contents: Sequence[bytes], limits: Limits) -> list[ConvertedPicture]:
    """Convert pictures in one session. It ends with a picture that breaks it, so fewer results may come back."""
    files = {str(number): content for number, content in enumerate(contents)}
    limits = replace(limits, seconds=SECONDS, total_seconds=SECONDS * len(files), memory_mb=MEMORY_MB)
    done = 0
    with NotebookSession(limits, _SOURCE, files, {}, limits.total_seconds) as session:
        if session.run_cell(_SOURCE, SECONDS, restore=False).status is not CallStatus.RETURNED:
            raise SandboxError("the decoder for pictures did not start")
        for name in files:
            if session.run_cell(f"convert({name!r})", SECONDS, restore=False).status is not CallStatus.RETURNED:
                break
            done += 1
        written = session.written_files()
    converted = [_result(contents[number], str(number), written) for number in range(done)]
    if done < len(contents):
        # What the process wrote before it died is gone, so those pictures are converted again, without this one.
        converted = converted if written else convert_pictures(contents[:done], limits)
        converted.append(ConvertedPicture(Handling.BROKEN))
    return converted


def _result(content: bytes, name: str, written: dict[str, bytes]) -> ConvertedPicture:
    """Return what the decoder says about a picture, as far as it can be believed."""
    try:
        handling = Handling(json.loads(written.get(f"{name}.json", b"")))
    except ValueError:
        return ConvertedPicture(Handling.BROKEN)
    if not handling.is_shown:
        return ConvertedPicture(handling)
    picture = picture_of(content if handling is Handling.KEPT else written.get(f"{name}.converted", b""))
    return ConvertedPicture(handling, picture) if picture else ConvertedPicture(Handling.BROKEN)
