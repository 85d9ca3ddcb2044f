"""The function is defined only where the notebook is the main program."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    source = textwrap.indent(RIGHT, "    ")
    save(folder, answered(f'if __name__ == "__main__":\n{source}'))
