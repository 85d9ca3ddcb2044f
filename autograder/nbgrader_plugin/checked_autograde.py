"""`nbgrader autograde` finds and copies what was submitted as `autograder grade` does.

nbgrader skips a folder without a notebook of the right name, gives its cells 0, follows links, and stops at a pipe.
It has no setting for that, so its class is replaced when a course's configuration is loaded.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError

from autograder.course import seeds
from autograder.course.settings import COURSE_FILE
from autograder.errors import AutograderError
from autograder.gradebook import database, held_results, tables
from autograder.gradebook.grade_rules import needs_manual_grade
from autograder.gradebook.held_results import HeldResult
from autograder.history import snapshots
from autograder.history.entries import Author
from autograder.nbgrader_plugin import grading_context, preconditions
from autograder.nbgrader_plugin.cell_scores import why_held
from autograder.nbgrader_plugin.course_lookup import load_course_in
from autograder.submission import companion_files
from autograder.submission.submitted_folder import find_submitted_folders
from autograder.submission.submitted_work import read_submitted_work
from autograder.verdict import Status


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
        for name in self.exclude_overwriting.get(assignment_id, ()):
            kept.pop(os.path.normpath(name), None)
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
        """Copy the gradebook, so that `autograder undo` can take this back; then grade the submissions.

        Raises `NbGraderException`, before ``--force`` removes the first graded copy, if this account cannot grade, or
        if grading would spoil marks as things are.
        """
        problem = _why_not_grade(self.coursedir)
        if problem:
            self.log.error("Nothing was graded, and nothing was removed: %s", problem)
            raise NbGraderException(problem)
        self._take_snapshot()
        super().start()

    def _take_snapshot(self) -> None:
        directory = self.coursedir
        path, root = database.database_file(directory.db_url), Path(directory.root)
        if (path and not path.exists()) or not (root / COURSE_FILE).is_file():
            return
        try:
            snapshots.take(root, directory.db_url, Author(f"nbgrader autograde {directory.assignment_id}"))
        except snapshots.SnapshotError as error:
            self.log.warning("autograder undo cannot take this run back: %s", error)

    def convert_notebooks(self) -> None:
        """Grade all submissions. Where that fails, what an earlier grading left comes back."""
        self._earlier: dict[tuple[str, str], _EarlierGrading] = {}
        try:
            super().convert_notebooks()
        finally:
            for earlier in self._earlier.values():
                earlier.restore_files()
            with contextlib.suppress(SQLAlchemyError):  # a database that failed is reported by nbgrader
                for earlier in self._earlier.values():
                    earlier.restore_time()
                    if any(score is not None for score in earlier.scores.values()):
                        self._hold_failed(earlier.assignment, earlier.student)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Decide whether to grade a submission; if so, put aside what an earlier grading left."""
        dest = Path(os.path.normpath(self._format_dest(assignment_id, student_id)))
        earlier = _EarlierGrading.put_aside(self.coursedir, dest, assignment_id, student_id)
        is_graded: bool = super().init_destination(assignment_id, student_id)
        if is_graded:
            self._earlier[assignment_id, student_id] = earlier
        else:
            earlier.forget()
        return is_graded

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Prepare a submission. nbgrader's 0 for a notebook of another name does not count until it is graded."""
        super().init_assignment(assignment_id, student_id)
        self._earlier[assignment_id, student_id].restore_scores()

    def keep_earlier_grading(self, assignment_id: str, student_id: str) -> None:
        """Keep what an earlier grading left, because this one gave no verdict."""
        self._earlier[assignment_id, student_id].is_kept = True

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Finish a submission that was graded."""
        super().set_permissions(assignment_id, student_id)
        earlier = self._earlier.pop((assignment_id, student_id))
        if earlier.is_kept:
            earlier.restore_files()
            earlier.restore_time()
        else:
            earlier.forget()

    def _hold_failed(self, assignment_id: str, student_id: str) -> None:
        """Have a submission wait whose verdict was kept because nbgrader failed on it, or was stopped."""
        folder = Path(self.coursedir.format_path(self.coursedir.submitted_directory, student_id, assignment_id))
        reason = why_held(Status.NOT_GRADED, "nbgrader autograde failed on it; its log says why.")
        work = read_submitted_work(folder).fingerprint
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            with gradebook.engine.begin() as connection:
                tables.create_tables(connection)
            held = HeldResult(student_id, assignment_id, Status.NOT_GRADED, reason, work)
            held_results.hold_results(gradebook.db, [held])
            gradebook.db.commit()


@dataclass
class _EarlierGrading:
    """What an earlier grading of a submission left: the graded files, the automatic scores, and the time.

    The files are put aside as hard links. ``timestamp`` is None if there was no earlier grading.
    """

    directory: Any  # an nbgrader CourseDirectory
    assignment: str
    student: str
    folder: Path
    is_graded: bool = False
    timestamp: datetime | None = None
    scores: Mapping[tuple[str, str], float | None] = field(default_factory=dict)
    is_kept: bool = False

    @classmethod
    def put_aside(cls, directory: Any, folder: Path, assignment: str, student: str) -> _EarlierGrading:
        """Put the graded files aside, and read the rest from the gradebook."""
        earlier = cls(directory, assignment, student, folder)
        earlier.restore_files()  # if a command was killed
        if folder.is_dir():
            shutil.copytree(folder, earlier._aside, symlinks=True, copy_function=_link_or_copy)
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            try:
                submission = gradebook.find_submission(assignment, student)
            except MissingEntry:
                return earlier
            scores = {(nb.name, grade.name): grade.auto_score for nb in submission.notebooks for grade in nb.grades}
            return replace(earlier, is_graded=True, timestamp=submission.timestamp, scores=scores)

    @property
    def _aside(self) -> Path:
        return self.folder.with_name(f".{self.folder.name}.earlier")

    def restore_scores(self) -> None:
        """Give cells of notebooks without a file of their name back the scores that they had."""
        submitted = Path(self.directory.format_path(self.directory.submitted_directory, self.student, self.assignment))
        with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
            for notebook in gradebook.find_submission(self.assignment, self.student).notebooks:
                # Path.exists raises an error in a folder that is closed.
                if os.path.exists(submitted / f"{notebook.name}.ipynb"):
                    continue
                for grade in notebook.grades:
                    grade.auto_score = self.scores.get((notebook.name, grade.name))
                    grade.needs_manual_grade = needs_manual_grade(grade.auto_score, grade.manual_score, in_doubt=True)
            gradebook.db.commit()

    def restore_files(self) -> None:
        """Put the graded files back, if there were any."""
        if self._aside.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self._aside.rename(self.folder)

    def restore_time(self) -> None:
        """Put the time of the submission that was graded back into the gradebook."""
        if self.is_graded:
            with Gradebook(self.directory.db_url, self.directory.course_id) as gradebook:
                gradebook.find_submission(self.assignment, self.student).timestamp = self.timestamp
                gradebook.db.commit()

    def forget(self) -> None:
        """Remove the files that were put aside."""
        shutil.rmtree(self._aside, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> None:
    """Link a file, which takes no space; copy it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _require_preconditions(directory: CourseDirectory) -> None:
    """Raise `PreconditionError` if course.yml, release, gradebook and secret do not belong together."""
    path, root = database.database_file(directory.db_url), Path(directory.root)
    course = load_course_in(root)
    if course is None or directory.assignment_id not in course.lessons or (path and not path.exists()):
        return
    preconditions.require_release(course, directory)
    preconditions.require_agreement(course, directory)
    preconditions.require_secret(root, directory.db_url, directory.assignment_id)


def _why_not_grade(directory: CourseDirectory) -> str:
    """Return why nothing can be graded in a course directory as things are; empty if it can."""
    try:
        seeds.check_secret(Path(directory.root))
        autograded = Path(directory.format_path(directory.autograded_directory, ".", "."))
        for path in (database.database_file(directory.db_url), autograded):
            if path and path.exists() and not os.access(path, os.W_OK):
                return f"{path} cannot be written. {seeds.HOW_TO_SHARE}"
        _require_preconditions(directory)
    except AutograderError as error:
        return str(error)
    except SQLAlchemyError:
        return ""  # nbgrader reports a database that fails
    return ""


def install() -> None:
    """Make `nbgrader autograde` and formgrader use this class, in this process."""
    autogradeapp.Autograde = api.Autograde = CheckedAutograde
