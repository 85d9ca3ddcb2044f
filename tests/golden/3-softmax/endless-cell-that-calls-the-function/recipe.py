"""An experiment with the function."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save

SOURCE = """import time
row = np.ones(3)
while True:
    row = softmax(row)
    time.sleep(0.01)"""


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code(SOURCE), below="check-softmax"))
