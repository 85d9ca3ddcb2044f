"""A shell in a cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save

SOURCE = """%%bash
ls -l
for x in 1 2; do echo $x; done"""


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code(SOURCE), below="check-softmax"))
