""" "Save and Export Notebook As: Executable Script"."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, save


def submit(folder: Path) -> None:
    cells = [
        "#!/usr/bin/env python",
        "# # Softmax",
        "import numpy as np",
        "get_ipython().run_line_magic('pip', 'list')",
        RIGHT,
    ]
    save(folder, "\n\n# In[ ]:\n\n".join(cells), "3-softmax.py")
