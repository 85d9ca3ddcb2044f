"""The function needs a package that the grader does not have."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(
        folder,
        answered(
            "import pandas as pd\n\n\n" + RIGHT.replace("np.exp(scores", "np.exp(pd.DataFrame(scores).to_numpy()")
        ),
    )
