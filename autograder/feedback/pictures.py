"""The pictures of a text cell: what can be shown of them, and the reasons why others are not."""

from __future__ import annotations

import base64
import binascii
import html
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, unquote

MAX_PICTURE = 1 << 20  # bytes of a picture on a page
PREFIX = "attachment:"


class Handling(StrEnum):
    """What was done with a picture."""

    KEPT = "kept"
    CONVERTED = "converted"
    SCALED = "scaled"
    STILL = "still"
    INCOMPLETE = "incomplete"
    BROKEN = "broken"
    TOO_LARGE = "too large"
    UNKNOWN = "unknown"
    SVG = "svg"
    TOO_MANY = "too many"
    UNCHECKED = "unchecked"
    ELSEWHERE = "elsewhere"
    LOST = "lost"
    NOT_SUBMITTED = "not submitted"

    @property
    def description(self) -> str:
        """What a marker reads about a picture; empty if there is nothing to say."""
        return _DESCRIPTIONS.get(self, "")

    @property
    def is_shown(self) -> bool:
        """Whether the picture is shown."""
        return self in (Handling.KEPT, Handling.CONVERTED, Handling.SCALED, Handling.STILL, Handling.INCOMPLETE)

    @property
    def is_in_notebook(self) -> bool:
        """Whether the submitted notebook contains the picture."""
        return self not in (Handling.ELSEWHERE, Handling.LOST, Handling.NOT_SUBMITTED)


_DESCRIPTIONS = {
    Handling.SCALED: "scaled down to fit",
    Handling.STILL: "shown without its movement, to fit",
    Handling.INCOMPLETE: "incomplete, because its file ends too early",
    Handling.BROKEN: "not shown, because its file is damaged",
    Handling.TOO_LARGE: "not shown, because it is too large",
    Handling.UNKNOWN: "not shown, because it is not a PNG, JPEG, GIF, WebP, BMP, TIFF or AVIF",
    Handling.SVG: "not shown, because it is an SVG; a PNG would be shown",
    Handling.TOO_MANY: "not shown, because there are so many pictures",
    Handling.UNCHECKED: "not shown, because the sandbox that reads pictures did not work",
    Handling.ELSEWHERE: "not shown, because it is on a web site or outside the folder of the notebook",
    Handling.LOST: "not shown, because the notebook does not contain it",
    Handling.NOT_SUBMITTED: "not shown, because no file of this name and of a reasonable size was submitted",
}
_SIGNATURES = (
    ("image/png", b"\x89PNG\r\n\x1a\n", 0),
    ("image/jpeg", b"\xff\xd8\xff", 0),
    ("image/gif", b"GIF8", 0),
    ("image/webp", b"WEBP", 8),
)


@dataclass(frozen=True)
class Picture:
    """A picture that can be shown: its media type, and its bytes in base64."""

    kind: str
    data: str

    @property
    def uri(self) -> str:
        """The picture as the source of an image."""
        return f"data:{self.kind};base64,{self.data}"


def picture_of(content: bytes) -> Picture | None:
    """Return a small PNG, JPEG, GIF or WebP as a picture, whatever it is said to be; None for other content."""
    kind = media_type(content)
    return Picture(kind, base64.b64encode(content).decode()) if kind and len(content) <= MAX_PICTURE else None


def media_type(content: bytes) -> str:
    """Return the media type that the first bytes of a picture say; empty if a browser may not show it."""
    kinds = (kind for kind, start, place in _SIGNATURES if content.startswith(start, place))
    return next(kinds, "")


def looks_like_svg(content: bytes) -> bool:
    """Whether content is an SVG, whatever it is said to be."""
    return b"<svg" in content[:2000].lower()


def decode_base64(text: Any) -> bytes | None:
    """Return the bytes of a text in base64, perhaps in lines, percent-encoded or without padding; None for others."""
    if not isinstance(text, str):
        return None
    compact = "".join(unquote(text).split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def find_attachment(source: str, attachments: Collection[str]) -> str | None:
    """Return the name of the attachment that the source of an image names, perhaps escaped; None if there is none.

    The name of a file beside the notebook can be an attachment's, too: `CleanNotebook` attaches such pictures.
    """
    name = source.removeprefix(PREFIX) if source.lower().startswith(PREFIX) else source.removeprefix("./")
    spellings = (name, unquote(name), html.unescape(name), unquote(html.unescape(name)))
    return next((spelling for spelling in spellings if spelling in attachments), None)


def attachment_uri(name: str) -> str:
    """Return the source of an image that shows an attachment, in characters that are safe in HTML and markdown."""
    return PREFIX + quote(name)
