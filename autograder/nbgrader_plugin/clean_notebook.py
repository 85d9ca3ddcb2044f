"""The last of the preprocessors: what formgrader and feedback show of a submission neither runs nor loads anything."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.feedback import sanitizer
from autograder.feedback.page_content import STUDENT_TEXT
from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.course_lookup import course_directory
from autograder.nbgrader_plugin.preprocessors import REPORTS
from autograder.student_files.loading import source_of


class CleanNotebook(NbGraderPreprocessor):
    """Clean a graded notebook for people's eyes; scores were saved before, so none of them can change.

    Cells whose text stands in the release are the course's own and stay as they are, and so does the judge's report.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook with text, safe markup and pictures in it, and nothing else."""
        released = _released(self, resources)
        reported = resources.get(REPORTS, {})
        nb.metadata.pop("widgets", None)
        for cell in nb.cells:
            # The feedback page folds the other cells.
            cell.metadata[STUDENT_TEXT] = (cell.cell_type, cell.source) not in released
            if cell.cell_type == "code":
                about = cell.metadata.get("nbgrader")
                if not (isinstance(about, dict) and about.get("grade_id") in reported):
                    cell.outputs = sanitizer.safe_outputs(cell.outputs)
                continue
            origin = released.get((cell.cell_type, cell.source))
            if origin is not None:
                if "attachments" in cell or "attachments" in origin:
                    cell["attachments"] = nbformat.from_dict(origin.get("attachments", {}))
                continue
            self._own(cell)
        return nb, resources

    def _own(self, cell: NotebookNode) -> None:
        """A markdown or raw cell of the student's."""
        pictures = sanitizer.safe_attachments(cell.pop("attachments", None))
        if cell.cell_type == "raw":  # a raw cell goes into a page as it is
            cell.cell_type, cell.source = "markdown", sanitizer.as_plain_text(cell.source[: sanitizer.MAX_MARKDOWN])
            cell.metadata.pop("format", None)
            return
        source = sanitizer.clean_markdown(cell.source, pictures)
        if source != cell.source:
            self.log.warning(
                "A text cell had markup that could run, load something or spill into the page: it was taken out."
            )
            cell.source = source
        elif pictures:
            cell["attachments"] = nbformat.from_dict(pictures)


def _released(preprocessor: Any, resources: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """The cells of the release by kind and text; none where there is no release."""
    release: Any = grading_context.get_context(preprocessor, resources).release
    if release is None:
        about = resources["nbgrader"]
        path, _ = grading_context.release(course_directory(preprocessor), about["assignment"], about["notebook"])
        release = nbformat.read(path, as_version=4) if path.is_file() else {"cells": []}
    return {(cell["cell_type"], source_of(cell)): cell for cell in release["cells"]}
