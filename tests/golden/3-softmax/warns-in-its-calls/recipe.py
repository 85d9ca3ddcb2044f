"""The function warns while it works."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(
        folder,
        answered(
            RIGHT.replace("    return", "    import warnings; warnings.warn('slow'); np.log(np.zeros(1))\n    return")
        ),
    )
