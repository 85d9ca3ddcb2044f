"""Two days too late: the points stay, the penalty is separate."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, "2027-05-02 10:00:00 UTC", "timestamp.txt")
