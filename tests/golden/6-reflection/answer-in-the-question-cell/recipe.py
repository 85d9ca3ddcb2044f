"""One answer was typed below its question."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import ESSAYS, cell_named, essays, filled, released, save


def submit(folder: Path) -> None:
    question = cell_named(released("6-reflection"), "question-senses")["source"]
    answers = dict.fromkeys(("prediction", "evidence", "mechanism"), "YOUR ANSWER HERE")
    notebook = essays(senses="YOUR ANSWER HERE", **answers)
    save(folder, filled(notebook, **{"question-senses": question + "\n\n" + ESSAYS["senses"]}), "6-reflection.ipynb")
