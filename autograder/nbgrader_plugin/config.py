"""Set up a course directory for nbgrader. Called by the ``nbgrader_config.py`` in its root."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.preprocessors import AssignLatePenalties, Execute, GetGrades, SaveAutoGrades

from autograder.course.file_access import file_access
from autograder.course.settings import load_course
from autograder.course.yaml_file import CourseError
from autograder.nbgrader_plugin import checked_autograde, shared_database, timestamps

RESTORE_SUBMISSION = "autograder.nbgrader_plugin.restore_submission.RestoreSubmission"
JUDGE_CELLS = "autograder.nbgrader_plugin.judge_cells.JudgeCells"
SAVE_SCORES = "autograder.nbgrader_plugin.save_scores.SaveScores"
APPLY_LATE_PENALTIES = "autograder.nbgrader_plugin.late_penalties.ApplyLatePenalties"
CLEAN_NOTEBOOK = "autograder.nbgrader_plugin.clean_notebook.CleanNotebook"
LATE_POLICY = "autograder.nbgrader_plugin.late_penalties.LatePolicy"
EXPORT = "autograder.nbgrader_plugin.export.GradebookExport"
READ_GRADES = "autograder.feedback.grades.ReadGrades"
MARKDOWN_FILTER = "autograder.feedback.markdown_html.markdown_filter"
FEEDBACK = "autograder.feedback.exporter.FeedbackExporter"
SUBMISSION_EXPORTER = "autograder.nbgrader_plugin.submission_exporter.SubmissionExporter"
COLLECT = "autograder.nbgrader_plugin.collect.CheckedCollect"
RELEASE_FEEDBACK = "autograder.nbgrader_plugin.release_feedback.CheckedReleaseFeedback"
EXTRACTOR = "autograder.nbgrader_plugin.collect.CheckedExtractor"
REQUIRED_PREPROCESSORS = (RESTORE_SUBMISSION, JUDGE_CELLS, SAVE_SCORES, CLEAN_NOTEBOOK)


def configure(c: Any, root: Path) -> None:
    """Set everything in nbgrader's configuration ``c`` that a course needs. Settings made after this call win.

    The lists start from nbgrader's own, so that a newer nbgrader keeps its order. An invalid course.yml is reported
    and leaves only the exchange unset: nbgrader would swallow an exception here and grade as if there were no course.
    """
    timestamps.install()
    checked_autograde.install()
    set_file_access(c, root)
    # A zip file from a Mac leaves this folder; it is no student.
    c.CourseDirectory.student_id_exclude = "__MACOSX"
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "assignments"
    set_preprocessors(c)
    # A late penalty is a share of the score, so it is computed again after manual grading.
    c.AssignLatePenalties.plugin_class = LATE_POLICY
    defaults = GenerateFeedback.class_traits()["preprocessors"].default()
    feedback = [READ_GRADES if preprocessor is GetGrades else preprocessor for preprocessor in defaults]
    c.GenerateFeedback.preprocessors = [APPLY_LATE_PENALTIES, *feedback]
    # formgrader, too, shows formulas and tables without a network.
    c.HTMLExporter.filters = {"markdown2html": MARKDOWN_FILTER}
    c.GenerateFeedback.exporter_class = FEEDBACK
    c.ExportApp.plugin_class = EXPORT
    c.ExchangeFactory.collect = COLLECT
    c.ExchangeFactory.release_feedback = RELEASE_FEEDBACK
    c.ZipCollectApp.extractor_plugin = EXTRACTOR
    try:
        course = load_course(root)
    except CourseError as error:
        print(f"nbgrader_config.py: {error}", file=sys.stderr)
        return
    c.CourseDirectory.course_id = course.course_id
    c.Exchange.root = str(course.exchange)
    if course.exchange.is_relative_to(root):
        with contextlib.suppress(OSError):  # nbgrader reports a folder that it cannot write into
            course.exchange.mkdir(parents=True, exist_ok=True)


def set_file_access(c: Any, root: Path) -> None:
    """Let only the course's owner, or its group of graders, use the files that this process and nbgrader create."""
    access = file_access(root)
    os.umask(access.umask)
    shared_database.install()
    c.CourseDirectory.groupshared = access.is_shared
    # nbgrader reads the digits of this number as a mode.
    c.BaseConverter.permissions = int(f"{access.file_mode:o}")


def set_preprocessors(c: Any) -> None:
    """Put the course's preprocessors into nbgrader's own lists."""
    c.Autograde.exporter_class = SUBMISSION_EXPORTER
    c.Autograde.sanitize_preprocessors = [RESTORE_SUBMISSION, *_defaults("sanitize_preprocessors")]
    replacements = {Execute: JUDGE_CELLS, SaveAutoGrades: SAVE_SCORES, AssignLatePenalties: APPLY_LATE_PENALTIES}
    autograde = [replacements.get(preprocessor, preprocessor) for preprocessor in _defaults("autograde_preprocessors")]
    # CleanNotebook goes last because it removes outputs, on which scores depend.
    c.Autograde.autograde_preprocessors = [*autograde, CLEAN_NOTEBOOK]


def _defaults(name: str) -> list[type]:
    return list(Autograde.class_traits()[name].default())
