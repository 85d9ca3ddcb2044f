"""Pictures that can be shown stay as they are; others are converted, made smaller, or refused with a reason."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from autograder.feedback.pictures import MAX_PICTURE, Handling, media_type
from autograder.nbgrader_plugin import picture_decoder
from tests.helpers.pictures import bomb, encoded, noise


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    return tmp_path


def converted(folder: Path, content: bytes) -> tuple[str, bytes]:
    (folder / "0").write_bytes(content)
    picture_decoder.convert("0")
    result = folder / "0.converted"
    return json.loads((folder / "0.json").read_text()), result.read_bytes() if result.exists() else b""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_small_picture_stays_as_it_is(folder: Path, kind: str) -> None:
    assert converted(folder, noise(kind, 30)) == ("kept", b"")


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_a_picture_that_browsers_do_not_show_is_converted(folder: Path, kind: str) -> None:
    handling, content = converted(folder, noise(kind, 30))
    assert (handling, media_type(content)) == ("converted", "image/png")


@pytest.mark.parametrize(("kind", "shown"), [("JPEG", "image/jpeg"), ("PNG", "image/jpeg"), ("WEBP", "image/jpeg")])
def test_a_large_picture_is_scaled_down(folder: Path, kind: str, shown: str) -> None:
    content = noise(kind, 1500, 1000, quality=95)
    assert len(content) > MAX_PICTURE
    handling, content = converted(folder, content)
    assert (handling, media_type(content)) == ("scaled", shown)
    assert 1000 < len(content) <= MAX_PICTURE
    width, height = Image.open(io.BytesIO(content)).size
    assert width / height == pytest.approx(1.5, rel=0.01)


def test_a_photo_that_was_turned_is_shown_the_right_way_up(folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    _, content = converted(folder, noise("JPEG", 1500, 1000, quality=95, exif=exif))
    picture = Image.open(io.BytesIO(content))
    assert picture.height > picture.width


def test_a_drawing_keeps_its_transparency_when_it_is_scaled_down(folder: Path) -> None:
    handling, content = converted(folder, encoded(Image.new("RGBA", (5000, 4500), (9, 9, 9, 40)), "PNG"))
    assert handling == "scaled"
    assert Image.open(io.BytesIO(content)).mode == "RGBA"


def test_a_large_moving_picture_is_shown_as_a_still_one(folder: Path) -> None:
    frames = [Image.new("L", (2100, 2100), level) for level in (0, 255)]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    handling, content = converted(folder, content)
    assert (handling, media_type(content)) == ("still", "image/png")


def test_a_picture_whose_file_ends_too_early_is_shown_as_far_as_it_goes(folder: Path) -> None:
    content = noise("JPEG", 200)
    handling, content = converted(folder, content[: len(content) // 2])
    assert (handling, media_type(content)) == ("incomplete", "image/jpeg")


@pytest.mark.parametrize(
    ("content", "handling"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"x" * 1000, "broken"),
        (b"\0\0\0\x18ftypheic" + b"0" * 400, "unknown"),
        (b"<svg>", "unknown"),
        (b"", "unknown"),
        (bomb(9000, 9000), "too large"),
        (bomb(60_000, 60_000), "too large"),
    ],
)
def test_what_cannot_be_shown_has_a_reason(folder: Path, content: bytes, handling: str) -> None:
    assert converted(folder, content) == (handling, b"")
    assert not Handling(handling).is_shown
