"""The answer to the question was typed into the question."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, cell_named, released, save


def submit(folder: Path) -> None:
    question = cell_named(released(), "question-why")["source"]
    save(
        folder,
        answered(
            RIGHT,
            question_why=question
            + "\n\nWhat happens to the weights: nothing, because softmax looks at differences only.",
        ),
    )
