"""An experiment that takes longer than the grader waits."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("import time\ntime.sleep(8)"), below="check-softmax"))
