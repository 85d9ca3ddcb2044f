"""The notebook names another kernel."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(
        folder,
        {
            **answered(),
            "metadata": {**answered()["metadata"], "kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        },
    )
