"""A habit: pandas at the top."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("import pandas as pd\nimport numpy as np"), above="softmax"))
