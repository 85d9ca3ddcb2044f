"""nbgrader's preprocessors as a desk uses them: those of the configuration, without a gradebook.

`OverwriteCells` looks at what the task knows of the gradebook. A notebook is rebuilt, its scores are found and late
marks are computed by whoever calls them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader import preprocessors as theirs
from nbgrader.converters import Autograde
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.batch.assignment_bundle import AssignmentNotebook, SourceCell
from autograder.nbgrader_plugin.config import preprocessors
from autograder.nbgrader_plugin.late_penalties import LatePenalties
from autograder.nbgrader_plugin.preprocessors import Rebuild, SaveScores

_REPLACED: tuple[Any, ...] = (Rebuild, theirs.OverwriteCells, theirs.OverwriteKernelspec, SaveScores, LatePenalties)


def made(listed: Iterable[Any], exporter: Any) -> list[Any]:
    """The preprocessors of a list that have something to do here.

    Metadata were checked with the release, from which a rebuilt notebook has them.
    """
    elsewhere = (Rebuild, theirs.AssignLatePenalties, theirs.CheckCellMetadata)
    classes = [one for one in map(_loaded, listed) if not issubclass(one, elsewhere)]
    return [(OverwriteCells if one is theirs.OverwriteCells else one)(parent=exporter) for one in classes]


def unsupported_reason(folder: Any, config: Config) -> str:
    """Why a desk would not do what `nbgrader autograde` does under a configuration; empty where it would."""
    converter = Autograde(coursedir=folder, config=config)
    expected = Config()
    preprocessors(expected)
    for name in ("sanitize_preprocessors", "autograde_preprocessors"):
        if [*map(_loaded, getattr(converter, name))] != [*map(_loaded, expected.Autograde[name])]:
            return f"Autograde.{name} is another list than the course's own."
    off = [one for one in _REPLACED if not one(parent=converter).enabled]
    if off:
        return f"{off[0].__name__} is switched off."
    if converter.pre_convert_hook or converter.post_convert_hook:
        return "Autograde has a hook."
    if converter.exclude_overwriting or not converter.create_student or folder.notebook_id != "*":
        return "Autograde.exclude_overwriting, Autograde.create_student or CourseDirectory.notebook_id is set."
    return ""


def _loaded(listed: Any) -> Any:
    return import_item(listed) if isinstance(listed, str) else listed


class OverwriteCells(theirs.OverwriteCells):
    """nbgrader's own, told by whoever calls it which gradebook to look at."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Any:
        """The notebook with what the gradebook says of its cells."""
        self.notebook_id, self.assignment_id = resources["nbgrader"]["notebook"], resources["nbgrader"]["assignment"]
        return theirs.NbGraderPreprocessor.preprocess(self, nb, resources)

    def report_change(self, *_: Any) -> None:
        """Say nothing: it was rebuilt from the release, which differs from its source by the hidden tests' text."""


class Cells:
    """The part of a gradebook that `OverwriteCells` looks at."""

    def __init__(self, known: AssignmentNotebook) -> None:
        self._known = known

    def find_source_cell(self, name: str, *_: str) -> SourceCell:
        """A cell as it was released."""
        return self._known.cells[name]

    def find_graded_cell(self, name: str, *_: str) -> Any:
        """Its points."""
        return _Graded(self._known.points[name])


@dataclass(frozen=True)
class _Graded:
    max_score: float
