"""The last preprocessor: make a graded notebook safe to open in formgrader and in feedback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.feedback import sanitizer
from autograder.feedback.page_content import STUDENT_TEXT
from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.cell_scores import REPORTS
from autograder.nbgrader_plugin.course_lookup import course_directory
from autograder.student_files.loading import source_of

_WARNING = "A text cell had markup that could run, load something or break the page's layout. The markup was removed."
ReleasedCells = Mapping[tuple[str, str], Any]


class CleanNotebook(NbGraderPreprocessor):
    """Remove everything from a graded notebook that could run or load something when it is shown.

    Scores were saved before, so none of them can change. Text cells of the release stay as they are, and so does the
    report in the graded cell of an exercise.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with nothing in it except text, safe markup and pictures."""
        released_cells = _released_cells(self, resources)
        reports = resources.get(REPORTS, {})
        nb.metadata.pop("widgets", None)
        for cell in nb.cells:
            released = released_cells.get((cell.cell_type, cell.source))
            cell.metadata[STUDENT_TEXT] = released is None  # the feedback page folds the other cells
            if cell.cell_type == "code":
                _clean_code_cell(cell, reports)
            elif released is not None:
                _restore_attachments(cell, released)
            elif cell.cell_type == "raw":
                _turn_into_text(cell)
            else:
                self._clean_text_cell(cell)
        return nb, resources

    def _clean_text_cell(self, cell: NotebookNode) -> None:
        pictures = sanitizer.safe_attachments(cell.pop("attachments", None))
        source = sanitizer.clean_markdown(cell.source, pictures)
        if source != cell.source:
            self.log.warning(_WARNING)
            cell.source = source
        elif pictures:
            cell["attachments"] = nbformat.from_dict(pictures)


def _clean_code_cell(cell: NotebookNode, reports: Mapping[str, Any]) -> None:
    grading_data = cell.metadata.get("nbgrader")
    if not (isinstance(grading_data, dict) and grading_data.get("grade_id") in reports):
        cell.outputs = sanitizer.safe_outputs(cell.outputs)


def _restore_attachments(cell: NotebookNode, released: Any) -> None:
    if "attachments" in cell or "attachments" in released:
        cell["attachments"] = nbformat.from_dict(released.get("attachments", {}))


def _turn_into_text(cell: NotebookNode) -> None:
    """Show a raw cell as the text that it is: nbconvert would copy it into the page without escaping."""
    cell.pop("attachments", None)
    cell.cell_type, cell.source = "markdown", sanitizer.as_plain_text(cell.source[: sanitizer.MAX_MARKDOWN])
    cell.metadata.pop("format", None)


def _released_cells(preprocessor: Any, resources: dict[str, Any]) -> ReleasedCells:
    """Return the cells of the release by type and source; none if there is no release."""
    release: Any = grading_context.get_context(preprocessor, resources).release
    if release is None:
        ids = resources["nbgrader"]
        directory = course_directory(preprocessor)
        path, _ = grading_context.load_release(directory, ids["assignment"], ids["notebook"])
        release = nbformat.read(path, as_version=4) if path.is_file() else {"cells": []}
    return {(cell["cell_type"], source_of(cell)): cell for cell in release["cells"]}
