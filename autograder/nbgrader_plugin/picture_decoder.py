"""Decode a picture and make it small enough to show. This file runs inside the sandbox and imports nothing of ours.

It decides nothing that matters outside: the host checks what comes back.
"""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
SHOWN_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")  # by every browser
MAX_BYTES = 1 << 20
MAX_SHOWN_PIXELS = 20_000_000
MAX_MOVING_PIXELS = 4_000_000
MAX_PIXELS = 64_000_000
MAX_JPEG_PIXELS = 256_000_000  # a JPEG is decoded at a fraction of its size
SIDES = (1600, 1200, 800, 400)  # of a picture that is scaled down, until it is small enough
QUALITY = 85


def convert(name: str) -> None:
    """Write how the picture in the file ``name`` was handled, as JSON, and a new picture if it needs one."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
    content = Path(name).read_bytes()
    try:
        handling, converted = _convert(content)
    except Image.DecompressionBombError:
        handling, converted = "too large", b""
    except UnidentifiedImageError:
        handling, converted = "unknown", b""
    except Exception:  # the decoders raise many types for broken files
        handling, converted = "broken", b""
    if converted:
        Path(f"{name}.converted").write_bytes(converted)
    Path(f"{name}.json").write_text(json.dumps(handling))


def _convert(content: bytes) -> tuple[str, bytes]:
    picture: Any = Image.open(io.BytesIO(content), formats=FORMATS)
    pixels = picture.width * picture.height
    if pixels > (MAX_JPEG_PIXELS if picture.format == "JPEG" else MAX_PIXELS):
        return "too large", b""
    is_moving = bool(getattr(picture, "is_animated", False))
    fits = len(content) <= MAX_BYTES and pixels <= (MAX_MOVING_PIXELS if is_moving else MAX_SHOWN_PIXELS)
    picture.draft(None, (SIDES[0], SIDES[0]))
    is_complete = _load(picture)
    if is_complete and fits and picture.format in SHOWN_FORMATS:
        return "kept", b""
    handling = "converted" if fits else "still" if is_moving else "scaled"
    return handling if is_complete else "incomplete", _encode(picture)


def _load(picture: Any) -> bool:
    """Decode a picture; return whether its file is complete. Of one that is not, the rest stays empty."""
    try:
        picture.load()
    except OSError:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            picture.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        return False
    return True


def _encode(picture: Any) -> bytes:
    """Return a picture as a PNG or JPEG of at most ``MAX_BYTES``, the right way up."""
    is_photo = picture.format in ("JPEG", "AVIF") or (picture.format == "WEBP" and picture.mode == "RGB")
    picture = ImageOps.exif_transpose(picture)
    if picture.mode not in ("L", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info or "A" in picture.mode else "RGB")
    encoded = b""
    for side in SIDES:
        picture.thumbnail((side, side))
        for encode in (_as_jpeg,) if is_photo else (_as_png, _as_jpeg):
            encoded = encode(picture)
            if len(encoded) <= MAX_BYTES:
                return encoded
    return encoded


def _as_png(picture: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _as_jpeg(picture: Any) -> bytes:
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True)
    return file.getvalue()
