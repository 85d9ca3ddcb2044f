"""An experiment that never ends."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save

SOURCE = """import time
while True:
    time.sleep(0.1)"""


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code(SOURCE), below="check-softmax"))
