"""A picture with a package that the grader does not have."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(
        folder,
        inserted(
            answered(), code("import seaborn as sns\nsns.heatmap(softmax(np.ones((2, 2))))"), below="check-softmax"
        ),
    )
