"""An archive of an archive."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save_zip


def submit(folder: Path) -> None:
    inner = save_zip(folder, "inner.zip", [("3-softmax.ipynb", answered())])
    content = inner.read_bytes()
    inner.unlink()
    save_zip(folder, "outer.zip", [("inner.zip", content)])
