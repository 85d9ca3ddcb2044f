"""The instructor changed the lesson after the release."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, cell_named, checksum, save


def submit(folder: Path) -> None:
    notebook = answered()
    cell_named(notebook, "question-why")["source"] = "## One question\n\nAdd 5 to every score. What happens?"
    cell_named(notebook, "question-why")["metadata"]["nbgrader"]["checksum"] = checksum(
        cell_named(notebook, "question-why")
    )
    save(folder, notebook)
