"""The function calls a file beside the notebook."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("import steps\n\n\n" + RIGHT.replace("np.exp(", "steps.power(")))
    save(folder, "import numpy\n\n\ndef power(x):\n    return numpy.exp(x)\n", "steps.py")
