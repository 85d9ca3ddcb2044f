""" "Merge cells": the check stands in the answer cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save, without


def submit(folder: Path) -> None:
    save(folder, without(answered(RIGHT + "\n\ncheck(softmax)"), "check-softmax"))
