"""Pictures are decoded in the sandbox, and one that breaks the decoder costs no other."""

from __future__ import annotations

import base64
import json

import pytest

from autograder.feedback.pictures import Handling
from autograder.nbgrader_plugin import picture_conversion
from autograder.nbgrader_plugin.picture_conversion import MAX_PICTURE_BYTES, ConvertedPicture, convert_pictures
from autograder.sandbox import Limits, SandboxError
from tests.helpers.pictures import bomb, noise

PNG = noise("PNG", 20)


def handlings(*contents: bytes) -> list[str]:
    return [result.handling for result in convert_pictures(contents, Limits())]


def test_every_picture_has_a_result_at_its_place() -> None:
    contents = [PNG, b"<svg>", noise("BMP", 20), bomb(60_000, 60_000), b"\0" * (MAX_PICTURE_BYTES + 1), *[PNG] * 8]
    assert handlings(*contents) == ["kept", "svg", "converted", "too large", "too large", *["kept"] * 8]


def test_a_picture_that_is_kept_has_the_same_bytes() -> None:
    (result,) = convert_pictures([PNG], Limits())
    assert result.picture is not None
    assert base64.b64decode(result.picture.data) == PNG


@pytest.mark.parametrize("harm", ["os._exit(1)", "time.sleep(60)"])
def test_a_picture_that_breaks_the_decoder_costs_no_other(monkeypatch: pytest.MonkeyPatch, harm: str) -> None:
    decoder = picture_conversion._SOURCE + "\nimport os, time\n_convert_any = _convert\n\ndef _convert(content):\n"
    decoder += f"    if content == b'harm':\n        {harm}\n    return _convert_any(content)\n"
    monkeypatch.setattr(picture_conversion, "_SOURCE", decoder)
    monkeypatch.setattr(picture_conversion, "SECONDS", 3.0)
    assert handlings(PNG, b"harm", PNG) == ["kept", "broken", "kept"]


@pytest.mark.parametrize("reply", ["scaled", "no such handling", ["kept"], 3])
def test_a_decoder_that_lies_shows_nothing(reply: object) -> None:
    written = {"0.json": json.dumps(reply).encode(), "0.converted": b"<script>alert(1)</script>"}
    assert picture_conversion._result(b"x", "0", written) == ConvertedPicture(Handling.BROKEN)
    assert picture_conversion._result(b"x", "0", {"0.json": b"\xff"}) == ConvertedPicture(Handling.BROKEN)


def test_small_pictures_stay_where_the_sandbox_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SandboxError("it does not work")

    monkeypatch.setattr(picture_conversion, "NotebookSession", fail)
    assert handlings(PNG, noise("BMP", 20)) == ["kept", "unchecked"]


def test_a_notebook_has_limited_time_for_its_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_conversion, "TOTAL_SECONDS", -1.0)
    assert handlings(PNG, PNG) == ["too many", "too many"]
