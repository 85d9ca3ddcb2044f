"""A later cell keeps a result under the function's name."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("softmax = softmax(np.array([1.0, 2.0]))"), below="check-softmax"))
