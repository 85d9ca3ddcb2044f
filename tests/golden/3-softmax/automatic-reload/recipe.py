"""Two lines for people with modules."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("%load_ext autoreload\n%autoreload 2"), above="softmax"))
