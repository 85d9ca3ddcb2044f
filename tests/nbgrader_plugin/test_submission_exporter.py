"""An odd notebook is passed on as an empty one, with the reason, and a pipe is never opened."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.nbgrader_plugin.submission_exporter import READING_ERROR, SubmissionExporter


def exported(path: Path) -> dict[str, object]:
    text, _ = SubmissionExporter().from_filename(str(path))
    notebook: dict[str, object] = json.loads(text)
    return notebook


def test_a_notebook_that_nbformat_can_read_is_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["text"]}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert exported(path)["cells"] == [cell]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'"text"', b"[1]"])
def test_a_file_that_nbformat_cannot_read_becomes_an_empty_notebook(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(data)
    notebook = exported(path)
    assert notebook["cells"] == []
    assert READING_ERROR in json.dumps(notebook["metadata"])


def test_pipes_links_and_missing_files_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "link.ipynb").symlink_to("pipe.ipynb")
    for name in ("pipe.ipynb", "link.ipynb", "missing.ipynb"):
        assert exported(tmp_path / name)["metadata"] == {
            READING_ERROR: "It is not a regular file, or it cannot be read."
        }
