"""Pictures as students attach them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image


def noise(kind: str, width: int, height: int | None = None, **options: Any) -> bytes:
    """A picture that does not compress well, like a photo."""
    values = np.random.default_rng(0).integers(0, 255, (height or width, width, 3), dtype="uint8")
    return encoded(Image.fromarray(values), kind, **options)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a picture's file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
