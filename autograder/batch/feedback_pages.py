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
from nbgrader.preprocessors import GetGrades
from traitlets.config import Config

from autograder.errors import AutograderError
from autograder.feedback.exporter import FeedbackExporter, Prepared
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.nbgrader_plugin.late_penalties import ApplyLatePenalties


class FeedbackError(AutograderError):
    """A page cannot be made this way; the text says what would work."""


class FeedbackRenderer:
    """Makes feedback pages in one process and one thread, each faster than the first: what comes again is remembered.

    Everything comes from nbgrader's configuration, so a worker can make one of its own where the templates that the
    configuration names are there.
    """

    def __init__(self, config: Config) -> None:
        self._folder = CourseDirectory(config=config)
        self._exporter = _exporter(self._folder, config)
        reason = _why_not(self._exporter)
        if reason:
            raise FeedbackError(f"{reason} Run nbgrader generate_feedback instead.")
        # What is left of the preprocessors writes the same styles onto each page.
        about = ResourcesDict(config_dir=self._folder.root)
        for one in self._exporter._preprocessors:
            if isinstance(one, CSSHTMLHeaderPreprocessor):
                _, about = one(nbformat.v4.new_notebook(), about)
        self._styles = about.get("inlining")

    def page(self, notebook: NotebookNode | bytes, marks: NotebookGrades) -> str:
        """The page of a notebook as it lies in ``autograded/``, or its file's bytes."""
        read = nbformat.v4.reads(notebook.decode()) if isinstance(notebook, bytes) else notebook
        try:
            marked = _marked(read, marks)
        except KeyError as name:
            text = f"{marks.student}: the marks of {marks.notebook} say nothing of its cell {name}."
            raise FeedbackError(f"{text} Grade the submission again.") from None
        html, _ = self._exporter.from_notebook_node(marked, self._resources(marks))
        return str(html)

    def _resources(self, marks: NotebookGrades) -> dict[str, Any]:
        """What nbgrader and nbconvert tell a template about a notebook."""
        folder, today = self._folder, datetime.now(UTC)
        place = folder.format_path(folder.autograded_directory, marks.student, marks.assignment)
        return {
            "unique_key": marks.notebook,
            "output_files_dir": f"{marks.notebook}_files",
            "metadata": {"name": marks.notebook, "path": place, "modified_date": f"{today:%B} {today.day}, {today:%Y}"},
            "nbgrader": {
                "student": marks.student,
                "assignment": marks.assignment,
                "notebook": marks.notebook,
                "db_url": folder.db_url,
                "score": marks.score - marks.late_penalty,
                "max_score": marks.max_score,
                "late_penalty": marks.late_penalty,
            },
            **({"inlining": self._styles} if self._styles else {}),
        }


def unsupported_reason(config: Config) -> str:
    """Why ``Pages`` would not make the pages that nbgrader makes under this configuration; nothing where it would."""
    return _why_not(_exporter(CourseDirectory(config=config), config))


def _why_not(exporter: Any) -> str:
    if type(exporter) is not FeedbackExporter:
        return f"GenerateFeedback.exporter_class is {type(exporter).__name__}, not FeedbackExporter."
    others = [one for one in exporter._preprocessors if not isinstance(one, CSSHTMLHeaderPreprocessor)]
    if [(type(one), one.enabled) for one in others] != [(ApplyLatePenalties, True), (GetGrades, True)]:
        names = ", ".join(type(one).__name__ for one in others)
        return f"Something other than ApplyLatePenalties and GetGrades prepares the notebooks for feedback: {names}."
    if exporter.embed_images:
        return "HTMLExporter.embed_images reads pictures from autograded/."
    converter: Any = exporter.parent
    if converter.pre_convert_hook or converter.post_convert_hook:
        return "GenerateFeedback has a hook."
    return ""


def _exporter(folder: CourseDirectory, config: Config) -> Any:
    """The exporter, as ``GenerateFeedback.start`` makes it."""
    converter = GenerateFeedback(coursedir=folder, config=config)
    exporter = converter.exporter_class(parent=converter, config=converter.config)
    for one in converter.preprocessors:
        exporter.register_preprocessor(one)
    return exporter


def _marked(notebook: NotebookNode, marks: NotebookGrades) -> Prepared:
    """A notebook with what ``GetGrades`` would write into it; the one that was given stays as it is."""
    marked = Prepared(notebook)
    marked.cells = [_cell(cell, marks) for cell in notebook.cells]
    return marked


def _cell(cell: NotebookNode, marks: NotebookGrades) -> NotebookNode:
    task = utils.is_task(cell)
    comments, scores = task or utils.is_solution(cell), task or utils.is_grade(cell)
    if not (comments or scores):
        return cell
    cell = copy.copy(cell)
    cell.metadata = copy.copy(cell.metadata)
    about = cell.metadata.nbgrader = copy.copy(cell.metadata.nbgrader)
    name = about.grade_id
    if comments:
        about.comment = marks.comments[name]
    if scores:
        about.score, about.points = marks.scores[name]
    return cell
