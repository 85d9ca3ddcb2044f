""" "Merge cells": gap and answer are one cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import OF_ROW, RIGHT, answered, save, without


def submit(folder: Path) -> None:
    save(folder, without(answered(RIGHT, gap_row=OF_ROW + "\n\n\n" + RIGHT), "softmax"))
