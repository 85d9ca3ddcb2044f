"""The exporter of `nbgrader autograde`: it opens only regular files, and no odd notebook stops it."""

from __future__ import annotations

import os
import stat
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode

READING_ERROR = "attention-course: reading error"  # in the metadata of a notebook that could not be read

_CANNOT_BE_OPENED = "It is not a regular file, or it cannot be read."


class SubmissionExporter(NotebookExporter):
    """Pass an empty notebook to the preprocessors in place of a file that nbformat cannot read, or that is not there.

    `RestoreSubmission` reads the file with the rules of all our commands, which accept more than nbformat does, and
    replaces the notebook. A pipe is never opened, because that would wait until somebody writes into it.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a notebook file."""
        if _can_be_opened(filename):
            converted: tuple[NotebookNode, dict[str, Any]] = super().from_filename(filename, resources, **kw)
            return converted
        path, name = os.path.split(filename)
        metadata = {"name": os.path.splitext(name)[0], "path": path}
        return self._convert(
            _empty_notebook(_CANNOT_BE_OPENED),
            {**(resources or {}), "metadata": metadata},
        )

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **_kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a notebook from an open file."""
        try:
            notebook = nbformat.read(file_stream, as_version=4)
        except Exception as error:
            # nbformat raises whatever its parts raise: of JSON, of decoding, of missing keys.
            notebook = _empty_notebook(f"{type(error).__name__}: {error}")
        return self._convert(notebook, resources)

    def _convert(self, notebook: NotebookNode, resources: dict[str, Any] | None) -> tuple[NotebookNode, dict[str, Any]]:
        converted: tuple[NotebookNode, dict[str, Any]] = self.from_notebook_node(notebook, resources=resources)
        return converted


def _can_be_opened(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode) and os.access(path, os.R_OK)
    except OSError:
        return False


def _empty_notebook(problem: str) -> NotebookNode:
    notebook: NotebookNode = nbformat.v4.new_notebook(metadata={READING_ERROR: problem[:300]})
    return notebook
