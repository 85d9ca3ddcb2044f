"""The function uses a variable of a lesson's cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """first = names[0]
powers_of = np.exp


def softmax"""


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT.replace("np.exp(", "powers_of(").replace("def softmax", SOURCE)))
