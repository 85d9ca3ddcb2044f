"""Windows wrote a mark before the text."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, as_text, save


def submit(folder: Path) -> None:
    save(folder, b"\xef\xbb\xbf" + as_text(answered()).encode())
