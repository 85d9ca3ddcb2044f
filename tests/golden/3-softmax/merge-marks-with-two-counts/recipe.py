"""git left its marks around a number that nobody reads."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, line_with, marked_by_git, save


def submit(folder: Path) -> None:
    line = line_with(answered(), '"execution_count": null')
    other = line.replace("null", "3")
    save(folder, marked_by_git(answered(), line, [other], [line]))
