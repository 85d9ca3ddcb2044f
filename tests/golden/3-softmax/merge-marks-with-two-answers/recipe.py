"""git left its marks around two answers."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, line_with, marked_by_git, save


def submit(folder: Path) -> None:
    line = line_with(answered(), "powers = np.exp(scores")
    other = line.replace(" - np.max(scores, axis=axis, keepdims=True)", "")
    save(folder, marked_by_git(answered(), line, [other], [line]))
