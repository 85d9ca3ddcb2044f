"""The tag of a copied cell travels with it."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, code, inserted, save


def submit(folder: Path) -> None:
    save(
        folder,
        inserted(
            answered(RIGHT.replace("np.exp(", "power(")),
            code("def power(x):\n    return np.exp(x)", tags=["illustration"]),
            above="softmax",
        ),
    )
