"""Colab has its own metadata, and a badge at the top."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import COLAB_BADGE, answered, each_cell, save, text, without_ids


def submit(folder: Path) -> None:
    notebook = each_cell(
        answered(), lambda cell: {**cell, "metadata": {**cell["metadata"], "id": "aBc", "outputId": "f"}}
    )
    notebook["metadata"]["colab"] = {"provenance": []}
    save(folder, without_ids({**notebook, "cells": [text(COLAB_BADGE), *notebook["cells"]]}))
