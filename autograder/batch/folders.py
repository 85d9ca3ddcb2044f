"""The folders ``autograded/`` and ``feedback/``: each student's is replaced as a whole, or stays as it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from logging import Logger
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateFeedback
from traitlets.config import Config

from autograder.batch.assignment_bundle import AssignmentBundle
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission
from autograder.nbgrader_plugin.release_feedback import SECRET
from autograder.submission import companion_files

_SHARED_FOLDER_MODE = 0o2770  # nbgrader's, where CourseDirectory.groupshared is set


class ResultFolders:
    """The result folders of an assignment's students, written with the permissions that nbgrader uses."""

    def __init__(self, course_directory: Any, config: Config, bundle: AssignmentBundle, log: Logger) -> None:
        """``course_directory`` is an nbgrader ``CourseDirectory``."""
        self._course_directory, self._bundle, self._log = course_directory, bundle, log
        self._autograded_mode = _permissions(Autograde(coursedir=course_directory, config=config))
        self._feedback_mode = _permissions(GenerateFeedback(coursedir=course_directory, config=config))

    def autograded(self, student: str) -> Path:
        """Return the folder of a student's graded notebooks."""
        return self._path(self._course_directory.autograded_directory, student)

    def feedback(self, student: str) -> Path:
        """Return the folder of a student's feedback."""
        return self._path(self._course_directory.feedback_directory, student)

    def has_graded_notebooks(self, student: str) -> bool:
        """Whether every graded notebook of a student is there."""
        folder = self.autograded(student)
        return all((folder / f"{notebook.name}.ipynb").is_file() for notebook in self._bundle.notebooks)

    def write_graded(self, submission: StudentSubmission, graded: GradedSubmission) -> None:
        """Write the graded notebooks, and beside them the files that nbgrader puts there."""
        notebooks = {f"{name}.ipynb": text.encode() for name, text in graded.texts.items()}
        files = companion_files.merge_files({**notebooks, **self._bundle.instructors}, submission.files)
        with self._replace(self.autograded(graded.student), self._autograded_mode) as folder:
            _write_files(folder, files)
            companion_files.write_outputs(folder, graded.written_files, self._bundle.instructors, self._log)

    def write_feedback(self, student: str, pages: Mapping[str, str]) -> bool:
        """Write the feedback pages, and beside them the files that are beside the graded notebooks.

        Returns whether ``nbgrader release_feedback`` can deliver them: the submission came by ``nbgrader submit``.
        """
        companions = companion_files.read_folder(self.autograded(student), self._bundle.ignored)
        html_files = {f"{name}.html": page.encode() for name, page in pages.items()}
        with self._replace(self.feedback(student), self._feedback_mode) as folder:
            _write_files(folder, companion_files.merge_files(html_files, companions))
        return bool(companions.get(SECRET))

    def _path(self, step: str, student: str) -> Path:
        return Path(os.path.normpath(self._course_directory.format_path(step, student, self._bundle.assignment)))

    @contextmanager
    def _replace(self, path: Path, file_mode: int) -> Iterator[Path]:
        """Provide a new folder, and put it in the place of ``path`` once it is filled."""
        new, old = path.with_name(f".{path.name}.new"), path.with_name(f".{path.name}.old")
        for leftover in (new, old):  # of a run that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        new.mkdir(parents=True)
        yield new
        for folder, _, names in os.walk(new):
            for name in names:
                os.chmod(os.path.join(folder, name), file_mode)
            if self._course_directory.groupshared:
                os.chmod(folder, _SHARED_FOLDER_MODE)
        if path.exists():
            path.rename(old)
        new.rename(path)
        shutil.rmtree(old, ignore_errors=True)


def _permissions(converter: Any) -> int:
    return int(str(converter.permissions), 8)


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        if len(path.parts) > len(folder.parts) + 1:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
