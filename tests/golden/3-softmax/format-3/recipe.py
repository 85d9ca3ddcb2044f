"""A notebook in the format of 2013."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, as_text, save


def submit(folder: Path) -> None:
    cells = [
        {"cell_type": "code", "input": cell["source"], "outputs": [], "metadata": cell["metadata"], "collapsed": False}
        if cell["cell_type"] == "code"
        else {"cell_type": "markdown", "source": cell["source"], "metadata": cell["metadata"]}
        for cell in answered()["cells"]
    ]
    sheets = [{"cells": cells, "metadata": {}}]
    save(folder, as_text({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}))
