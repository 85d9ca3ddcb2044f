"""A magic of an extension."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("%load_ext memory_profiler\n%memit np.ones(3)"), above="softmax"))
