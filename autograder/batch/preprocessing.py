"""nbgrader's preprocessors as `autograder grade` runs them: those that the course configures, without a gradebook."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.converters import Autograde
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.batch.assignment_bundle import AssignmentNotebook, SourceCell
from autograder.nbgrader_plugin.clean_notebook import DISPLAY_NOTES, CleanNotebook
from autograder.nbgrader_plugin.judge_cells import JudgeCells
from autograder.nbgrader_plugin.late_penalties import ApplyLatePenalties
from autograder.nbgrader_plugin.restore_submission import RestoreSubmission
from autograder.nbgrader_plugin.save_scores import SaveScores

# The lists that `NotebookPipeline` knows the order of.
SANITIZE_PREPROCESSORS: tuple[type, ...] = (
    RestoreSubmission,
    preprocessors.ClearOutput,
    preprocessors.DeduplicateIds,
    preprocessors.OverwriteKernelspec,
    preprocessors.OverwriteCells,
    preprocessors.CheckCellMetadata,
)
AUTOGRADE_PREPROCESSORS: tuple[type, ...] = (
    JudgeCells,
    preprocessors.IgnorePattern,
    ClearMetadataPreprocessor,
    preprocessors.LimitOutput,
    SaveScores,
    ApplyLatePenalties,
    preprocessors.CheckCellMetadata,
    CleanNotebook,
)
# These are not called here: what they do is done without a gradebook. So nobody may have switched them off.
_REPLACED: tuple[Any, ...] = (
    RestoreSubmission,
    preprocessors.OverwriteCells,
    preprocessors.OverwriteKernelspec,
    SaveScores,
    ApplyLatePenalties,
)


class NotebookPipeline:
    """The steps from a restored notebook to a graded one.

    Cell metadata are not checked: the release was checked when it was generated, and a restored notebook has its
    metadata. Late penalties need a whole submission and its timestamp, so the gradebook writer computes them.
    """

    def __init__(self, exporter: Any) -> None:
        """Set up the preprocessors, which is slow. ``exporter`` carries the configuration and the log."""
        self._clear_output = preprocessors.ClearOutput(parent=exporter)
        self._deduplicate_ids = preprocessors.DeduplicateIds(parent=exporter)
        self._overwrite_cells = OverwriteCells(parent=exporter)
        self._judge_cells = JudgeCells(parent=exporter)
        self._ignore_pattern = preprocessors.IgnorePattern(parent=exporter)
        self._clear_metadata = ClearMetadataPreprocessor(parent=exporter)
        self._limit_output = preprocessors.LimitOutput(parent=exporter)
        self._clean_notebook = _QuietCleanNotebook(parent=exporter)

    def sanitize(
        self, nb: NotebookNode, resources: dict[str, Any], notebook: AssignmentNotebook
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Give a restored notebook the kernel and the cell metadata that the gradebook has."""
        nb, resources = self._clear_output(nb, resources)
        nb, resources = self._deduplicate_ids(nb, resources)
        if notebook.kernelspec:
            nb.metadata["kernelspec"] = notebook.kernelspec
        self._overwrite_cells.gradebook = _ReleasedCells(notebook)
        return _call(self._overwrite_cells, nb, resources)

    def judge(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Judge and run the cells; afterwards `collect_scores` finds the scores."""
        nb, resources = self._judge_cells(nb, resources)
        nb, resources = self._ignore_pattern(nb, resources)
        nb, resources = self._clear_metadata(nb, resources)
        return _call(self._limit_output, nb, resources)

    def clean(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, tuple[str, ...]]:
        """Make the notebook safe to show, and return what a marker sees differently from the submission.

        Removes outputs, so scores must be collected before.
        """
        nb, resources = self._clean_notebook(nb, resources)
        return nb, resources[DISPLAY_NOTES]


class OverwriteCells(preprocessors.OverwriteCells):
    """nbgrader's preprocessor, with a part of the gradebook that the caller sets as ``gradebook``."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Any:
        """Return the notebook with the cell metadata that the gradebook has."""
        self.notebook_id, self.assignment_id = resources["nbgrader"]["notebook"], resources["nbgrader"]["assignment"]
        return preprocessors.NbGraderPreprocessor.preprocess(self, nb, resources)

    def report_change(self, *_: Any) -> None:
        """Log nothing: a restored notebook only differs from the source by the text of the hidden tests."""


class _QuietCleanNotebook(CleanNotebook):
    """The preprocessor, without its log: the summary of the run names the students."""

    def report_notes(self, resources: dict[str, Any]) -> None:
        """Log nothing."""


def unsupported_reason(directory: Any, config: Config) -> str:
    """Return why `nbgrader autograde` would grade differently with a configuration; empty if it would not.

    ``directory`` is an nbgrader ``CourseDirectory``.
    """
    converter = Autograde(coursedir=directory, config=config)
    if _load(converter.sanitize_preprocessors) != SANITIZE_PREPROCESSORS:
        return "Autograde.sanitize_preprocessors is another list than the course's own."
    if _load(converter.autograde_preprocessors) != AUTOGRADE_PREPROCESSORS:
        return "Autograde.autograde_preprocessors is another list than the course's own."
    disabled = [preprocessor for preprocessor in _REPLACED if not preprocessor(parent=converter).enabled]
    if disabled:
        return f"{disabled[0].__name__} is switched off."
    if converter.pre_convert_hook or converter.post_convert_hook:
        return "Autograde has a hook."
    if converter.exclude_overwriting or not converter.create_student or directory.notebook_id != "*":
        return "Autograde.exclude_overwriting, Autograde.create_student or CourseDirectory.notebook_id is set."
    return ""


class _ReleasedCells:
    """The part of a gradebook that `OverwriteCells` reads."""

    def __init__(self, notebook: AssignmentNotebook) -> None:
        self._notebook = notebook

    def find_source_cell(self, name: str, *_: str) -> SourceCell:
        return self._notebook.cells[name]

    def find_graded_cell(self, name: str, *_: str) -> Any:
        return SimpleNamespace(max_score=self._notebook.points[name])


def _call(preprocessor: Any, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
    nb, resources = preprocessor(nb, resources)
    return nb, resources


def _load(listed: Iterable[Any]) -> tuple[type, ...]:
    return tuple(import_item(entry) if isinstance(entry, str) else entry for entry in listed)
