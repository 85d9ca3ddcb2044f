"""`nbgrader autograde` finds and copies what was submitted as `autograder grade` does.

nbgrader skips a folder without a notebook of the right name, gives its cells 0, follows links, and stops at a pipe.
It has no setting for that, so its class is replaced when a course's configuration is loaded.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from autograder.course import seeds
from autograder.gradebook.database import database_file
from autograder.gradebook.grade_rules import needs_manual_grade
from autograder.nbgrader_plugin import grading_context
from autograder.submission import companion_files
from autograder.submission.submitted_folder import find_submitted_folders


class _SubmittedFolders(BaseConverter):
    """The steps in which nbgrader finds the notebooks of a submission and copies the files beside them."""

    def init_notebooks(self) -> None:
        """Take each submitted folder for a submission of every notebook, whatever the files in it are called."""
        names = self.own_notebooks()
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        folders = find_submitted_folders(pattern)
        if not names or not folders:
            super().init_notebooks()
            return
        self.notebooks: list[str] = []
        self.assignments = {folder: [os.path.join(folder, f"{name}.ipynb") for name in names] for folder in folders}

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the regular files of a submission, except those that are in the way of a notebook or the instructor."""
        directory = self.coursedir
        source = directory.format_path(directory.source_directory, ".", assignment_id)
        kept = {Path(path).name: b"" for path in self.notebooks}
        kept |= companion_files.read_folder(Path(source), directory.ignore)
        submitted = companion_files.read_folder(Path(self._format_source(assignment_id, student_id)), directory.ignore)
        folder = Path(self._format_dest(assignment_id, student_id))
        for name, content in companion_files.merge_files(kept, submitted).items():
            if name not in kept:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                path.write_bytes(content)

    def own_notebooks(self) -> list[str]:
        """Return the notebooks to grade, without ``.ipynb``; none if this course did not build all of them."""
        directory = self.coursedir
        try:
            with Gradebook(directory.db_url, directory.course_id) as gradebook:
                names = [row.name for row in gradebook.find_assignment(directory.assignment_id).notebooks]
            names = [name for name in names if fnmatchcase(name, directory.notebook_id)]
            releases = [grading_context.load_release(directory, directory.assignment_id, name)[1] for name in names]
        except (MissingEntry, ValueError, LookupError, TypeError):
            return []  # nbgrader's next step or our first preprocessor says what is wrong
        return [] if None in releases else names


class CheckedAutograde(Autograde, _SubmittedFolders):
    """nbgrader's command, with `_SubmittedFolders` in place of what `Autograde` inherits."""

    def start(self) -> None:
        """Grade the submissions.

        Raises `NbGraderException`, before ``--force`` removes the first graded copy, if this account cannot grade.
        """
        problem = _why_not_grade(self.coursedir)
        if problem:
            self.log.error("Nothing was graded, and nothing was removed: %s", problem)
            raise NbGraderException(problem)
        super().start()

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Prepare a submission. No notebook keeps the 0 that nbgrader gives it if there is no file of its name."""
        super().init_assignment(assignment_id, student_id)
        folder = self._format_source(assignment_id, student_id)
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            for notebook in gradebook.find_submission(assignment_id, student_id).notebooks:
                # Path.exists raises an error in a folder that is closed.
                if not os.path.exists(os.path.join(folder, f"{notebook.name}.ipynb")):
                    for grade in notebook.grades:
                        grade.auto_score = None
                        grade.needs_manual_grade = needs_manual_grade(None, grade.manual_score)
            gradebook.db.commit()


def _why_not_grade(directory: CourseDirectory) -> str:
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


def install() -> None:
    """Make `nbgrader autograde` and formgrader use this class, in this process."""
    autogradeapp.Autograde = api.Autograde = CheckedAutograde
