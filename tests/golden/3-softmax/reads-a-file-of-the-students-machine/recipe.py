"""A cell reads a file that is not there."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code('data = np.loadtxt("/home/ann/data.csv")'), above="softmax"))
