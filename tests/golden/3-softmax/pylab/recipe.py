"""Names without a prefix."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("%pylab inline\n\n" + RIGHT.replace("np.exp", "exp").replace("np.max", "amax")))
