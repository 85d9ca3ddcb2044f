"""The page that ``nbgrader generate_feedback`` makes of a graded notebook, without its files and its gradebook."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import AutograderError
from autograder.feedback.exporter import FeedbackExporter, PreparedNotebook
from autograder.feedback.grades import ReadGrades
from autograder.feedback.page_content import IS_CLOSED, IS_MARKED
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.nbgrader_plugin.late_penalties import ApplyLatePenalties


class FeedbackError(AutograderError):
    """A page cannot be made this way; the text says what would work."""


class FeedbackRenderer:
    """Makes feedback pages in one process and thread, each faster than the first: the exporter remembers the lesson.

    Everything comes from nbgrader's configuration, so a worker can make a renderer where the templates that the
    configuration names exist.
    """

    def __init__(self, config: Config) -> None:
        """Raise ``FeedbackError`` where the pages would differ from nbgrader's: see ``unsupported_reason``."""
        self._course_directory = CourseDirectory(config=config)
        self._exporter = _create_exporter(self._course_directory, config)
        reason = _difference(self._exporter)
        if reason:
            raise FeedbackError(f"{reason} Run nbgrader generate_feedback instead.")
        # The one preprocessor that is left writes the same styles onto each page.
        resources = ResourcesDict(config_dir=self._course_directory.root)
        for preprocessor in self._exporter._preprocessors:
            if isinstance(preprocessor, CSSHTMLHeaderPreprocessor):
                _, resources = preprocessor(nbformat.v4.new_notebook(), resources)
        self._styles = resources.get("inlining")

    def page(self, notebook: NotebookNode | bytes, grades: NotebookGrades) -> str:
        """Return the page of a notebook as it lies in ``autograded/``, given as a node or as its file's bytes."""
        node = nbformat.v4.reads(notebook.decode()) if isinstance(notebook, bytes) else notebook
        try:
            prepared = _with_grades(node, grades)
        except KeyError as name:
            text = f"{grades.student}: the gradebook has no grade for cell {name} of {grades.notebook}."
            raise FeedbackError(f"{text} Grade the submission again.") from None
        html, _ = self._exporter.from_notebook_node(prepared, self._resources(grades))
        return str(html)

    def _resources(self, grades: NotebookGrades) -> dict[str, Any]:
        """Return what nbgrader and nbconvert pass to a template about a notebook."""
        directory, today = self._course_directory, datetime.now(UTC)
        path = directory.format_path(directory.autograded_directory, grades.student, grades.assignment)
        return {
            "unique_key": grades.notebook,
            "output_files_dir": f"{grades.notebook}_files",
            "metadata": {"name": grades.notebook, "path": path, "modified_date": f"{today:%B} {today.day}, {today:%Y}"},
            "nbgrader": {
                "student": grades.student,
                "assignment": grades.assignment,
                "notebook": grades.notebook,
                "db_url": directory.db_url,
                "score": grades.score - grades.late_penalty,
                "max_score": grades.max_score,
                "late_penalty": grades.late_penalty,
            },
            **({"inlining": self._styles} if self._styles else {}),
        }


def unsupported_reason(config: Config) -> str:
    """Return why ``FeedbackRenderer`` would not make nbgrader's pages under this configuration; empty if it would."""
    return _difference(_create_exporter(CourseDirectory(config=config), config))


def _difference(exporter: Any) -> str:
    if type(exporter) is not FeedbackExporter:
        return f"GenerateFeedback.exporter_class is {type(exporter).__name__}, not FeedbackExporter."
    others = [each for each in exporter._preprocessors if not isinstance(each, CSSHTMLHeaderPreprocessor)]
    if [(type(each), each.enabled) for each in others] != [(ApplyLatePenalties, True), (ReadGrades, True)]:
        names = ", ".join(type(each).__name__ for each in others)
        return f"Something other than ApplyLatePenalties and ReadGrades prepares the notebooks for feedback: {names}."
    if exporter.embed_images:
        return "HTMLExporter.embed_images reads pictures from autograded/."
    converter: Any = exporter.parent
    if converter.pre_convert_hook or converter.post_convert_hook:
        return "GenerateFeedback has a hook."
    return ""


def _create_exporter(directory: CourseDirectory, config: Config) -> Any:
    """Create the exporter as ``GenerateFeedback.start`` does."""
    converter = GenerateFeedback(coursedir=directory, config=config)
    exporter = converter.exporter_class(parent=converter, config=converter.config)
    for preprocessor in converter.preprocessors:
        exporter.register_preprocessor(preprocessor)
    return exporter


def _with_grades(notebook: NotebookNode, grades: NotebookGrades) -> PreparedNotebook:
    """Return a notebook with what ``ReadGrades`` would write into it; the given one stays as it is."""
    prepared = PreparedNotebook(notebook)
    prepared.cells = [_cell_with_grades(cell, grades) for cell in notebook.cells]
    return prepared


def _cell_with_grades(cell: NotebookNode, grades: NotebookGrades) -> NotebookNode:
    is_task = utils.is_task(cell)
    has_comment, has_score = is_task or utils.is_solution(cell), is_task or utils.is_grade(cell)
    if not (has_comment or has_score):
        return cell
    cell = copy.copy(cell)
    cell.metadata = copy.copy(cell.metadata)
    metadata = cell.metadata.nbgrader = copy.copy(cell.metadata.nbgrader)
    name = metadata.grade_id
    if has_comment:
        metadata.comment = grades.comments[name]
    if has_score:
        score, metadata.points = grades.scores[name]
        metadata.score, metadata[IS_MARKED] = score or 0.0, score is not None
        metadata[IS_CLOSED] = name not in grades.waiting
    return cell
