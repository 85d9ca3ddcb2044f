"""What makes a course directory an nbgrader course. Called by the ``nbgrader_config.py`` in its root."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.preprocessors import AssignLatePenalties, Execute, GetGrades, SaveAutoGrades

from autograder.course.settings import load_course
from autograder.course.yaml_file import CourseError

REBUILD = "autograder.nbgrader_plugin.preprocessors.Rebuild"
JUDGE = "autograder.nbgrader_plugin.preprocessors.Judge"
SAVE_SCORES = "autograder.nbgrader_plugin.preprocessors.SaveScores"
LATE_MARKS = "autograder.nbgrader_plugin.late_penalties.LatePenalties"
LATE_POLICY = "autograder.nbgrader_plugin.late_penalties.LatePolicy"
EXPORT = "autograder.nbgrader_plugin.late_penalties.GradebookExport"
READ_GRADES = "autograder.feedback.grades.ReadGrades"
MARKDOWN = "autograder.feedback.markdown_html.markdown_filter"
FEEDBACK = "autograder.feedback.exporter.FeedbackExporter"
CLEAN = "autograder.nbgrader_plugin.clean_notebook.CleanNotebook"
COLLECT = "autograder.nbgrader_plugin.collect.CheckedCollect"
EXTRACTOR = "autograder.nbgrader_plugin.collect.CheckedExtractor"


def configure(c: Any, root: Path) -> None:
    """Set everything that nbgrader has to know. Settings written after this call win.

    The lists start from nbgrader's own, so that a newer nbgrader keeps its order. A course.yml with a mistake in it is
    reported and leaves only the exchange unset: an exception here would be swallowed by nbgrader, which would then
    grade as if there were no course.
    """
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "assignments"
    preprocessors(c)
    # Late marks are a share of what was earned, so they are computed again once somebody has marked by hand.
    c.AssignLatePenalties.plugin_class = LATE_POLICY
    feedback = GenerateFeedback.class_traits()["preprocessors"].default()
    c.GenerateFeedback.preprocessors = [LATE_MARKS, *(READ_GRADES if one is GetGrades else one for one in feedback)]
    # formgrader's page, too, shows formulas and tables without a network.
    c.HTMLExporter.filters = {"markdown2html": MARKDOWN}
    c.GenerateFeedback.exporter_class = FEEDBACK
    c.ExportApp.plugin_class = EXPORT
    c.ExchangeFactory.collect = COLLECT
    c.ZipCollectApp.extractor_plugin = EXTRACTOR
    try:
        course = load_course(root)
    except CourseError as error:
        print(f"nbgrader_config.py: {error}", file=sys.stderr)
        return
    c.CourseDirectory.course_id = course.course_id
    c.Exchange.root = str(course.exchange)
    if course.exchange.is_relative_to(root):
        with contextlib.suppress(OSError):  # then nbgrader says itself that it cannot write there
            course.exchange.mkdir(parents=True, exist_ok=True)


def preprocessors(c: Any) -> None:
    """Put our classes into nbgrader's own lists."""
    c.Autograde.sanitize_preprocessors = [REBUILD, *_default("sanitize_preprocessors")]
    ours = {Execute: JUDGE, SaveAutoGrades: SAVE_SCORES, AssignLatePenalties: LATE_MARKS}
    # Clean goes last: it takes outputs away, and a score must not hang on that.
    c.Autograde.autograde_preprocessors = [*(ours.get(one, one) for one in _default("autograde_preprocessors")), CLEAN]


def _default(name: str) -> list[type]:
    return list(Autograde.class_traits()[name].default())
