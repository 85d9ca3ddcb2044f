"""Which bytes are a picture that can be shown, and which attachment the source of an image names."""

from __future__ import annotations

import base64

import pytest

from autograder.feedback.pictures import (
    MAX_PICTURE,
    Handling,
    Picture,
    attachment_uri,
    decode_base64,
    find_attachment,
    looks_like_svg,
    media_type,
    picture_of,
)

PNG = b"\x89PNG\r\n\x1a\nrest"
KINDS = [
    (PNG, "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"GIF89a", "image/gif"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    (b"BM\0\0", ""),
    (b"<svg>", ""),
    (b"", ""),
]


@pytest.mark.parametrize(("content", "kind"), KINDS)
def test_the_first_bytes_of_a_picture_say_its_kind(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


def test_a_picture_is_small_and_of_a_kind_that_browsers_show() -> None:
    picture = picture_of(PNG)
    assert picture == Picture("image/png", base64.b64encode(PNG).decode())
    assert picture.uri.startswith("data:image/png;base64,iVBOR")
    assert picture_of(PNG + b"\0" * MAX_PICTURE) is None
    assert picture_of(b"<svg>") is None


@pytest.mark.parametrize("text", ["AAEC/w==", "AAEC/w", "AAEC_w", "AAEC%2Fw%3D%3D", " AAEC\n/w==\n"])
def test_base64_is_read_in_all_its_forms(text: str) -> None:
    assert decode_base64(text) == b"\0\1\2\xff"


@pytest.mark.parametrize("text", ["not base64!", "A", 3, None])
def test_other_text_is_no_base64(text: object) -> None:
    assert decode_base64(text) is None


@pytest.mark.parametrize("name", ["a.png", "my drawing (1).png", "my%20drawing.png", "Übung 'x' \"y\".png", "a&b.png"])
def test_an_attachment_is_found_by_its_escaped_name(name: str) -> None:
    assert find_attachment(attachment_uri(name), [name]) == name
    assert find_attachment(f"attachment:{name}", [name]) == name
    assert find_attachment(f"./{name}", [name]) == name
    assert find_attachment(attachment_uri(name), ["another"]) is None


def test_an_svg_is_recognised_whatever_it_says_it_is() -> None:
    assert looks_like_svg(b"<?xml version='1.0'?>\n<SVG onload=x>")
    assert not looks_like_svg(PNG)


def test_whatever_is_not_shown_has_a_description() -> None:
    assert all(handling.description for handling in Handling if not handling.is_shown)
    assert not Handling.KEPT.description
