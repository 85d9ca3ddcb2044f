"""An experiment that fails."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("softmax(np.ones(3), axis=7)"), below="check-softmax"))
