"""git left its marks, and one side is empty."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, line_with, marked_by_git, save


def submit(folder: Path) -> None:
    line = line_with(answered(), "powers = np.exp(scores")
    save(folder, marked_by_git(answered(), line, [], [line]))
