"""The exporter of `nbgrader autograde`: it opens only regular files, and no odd notebook stops it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import NbGraderException

from autograder.course import seeds
from autograder.gradebook.database import database_file

READING_ERROR = "attention-course: reading error"  # in the metadata of a notebook that could not be read


class SubmissionExporter(NotebookExporter):
    """Pass an empty notebook to the preprocessors in place of a file that nbformat cannot read.

    `RestoreSubmission` reads the file with the rules of all our commands, which accept more than nbformat does, and
    replaces the notebook. A pipe is never opened, because that would wait until somebody writes into it.
    """

    def __init__(self, **kwargs: Any) -> None:
        """Set up the exporter, before nbgrader removes the first graded copy for ``--force``.

        Raises `NbGraderException` if this account cannot grade, because then that copy has to stay.
        """
        super().__init__(**kwargs)
        directory = getattr(self.parent, "coursedir", None)
        problem = _why_not_grade(directory) if directory else ""
        if problem:
            self.log.error("Nothing was graded, and nothing was removed: %s", problem)
            raise NbGraderException(problem)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a notebook file."""
        if stat.S_ISREG(os.stat(filename, follow_symlinks=False).st_mode):
            converted: tuple[NotebookNode, dict[str, Any]] = super().from_filename(filename, resources, **kw)
            return converted
        path, name = os.path.split(filename)
        metadata = {"name": os.path.splitext(name)[0], "path": path}
        return self._convert(_empty_notebook("It is not a regular file."), {**(resources or {}), "metadata": metadata})

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


def _why_not_grade(directory: Any) -> str:
    """Return why this account cannot grade in a course directory; empty if it can."""
    try:
        seeds.check_secret(Path(directory.root))
    except seeds.SecretError as error:
        return str(error)
    autograded = Path(directory.format_path(directory.autograded_directory, ".", "."))
    for path in (database_file(directory.db_url), autograded):
        if path and path.exists() and not os.access(path, os.W_OK):
            return f"{path} cannot be written. {seeds.HOW_TO_SHARE}"
    return ""


def _empty_notebook(problem: str) -> NotebookNode:
    notebook: NotebookNode = nbformat.v4.new_notebook(metadata={READING_ERROR: problem[:300]})
    return notebook
