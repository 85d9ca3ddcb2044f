"""The files of a batch: what goes into ``autograded/`` and ``feedback/``, each folder whole or not at all."""

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
from autograder.submission import companion_files


class Folders:
    """Where the results of an assignment lie, with the rights that nbgrader gives them."""

    def __init__(self, folder: Any, config: Config, task: AssignmentBundle, log: Logger) -> None:
        """``folder`` is an nbgrader ``CourseDirectory``."""
        self._folder, self._task, self._log = folder, task, log
        self._graded = int(str(Autograde(coursedir=folder, config=config).permissions), 8)
        self._shown = int(str(GenerateFeedback(coursedir=folder, config=config).permissions), 8)

    def autograded(self, student: str) -> Path:
        """Where the graded notebooks of a student lie."""
        return self._path(self._folder.autograded_directory, student)

    def feedback(self, student: str) -> Path:
        """Where the feedback of a student lies."""
        return self._path(self._folder.feedback_directory, student)

    def has_notebooks(self, student: str) -> bool:
        """Whether every graded notebook of a student is there."""
        return all((self.autograded(student) / f"{one.name}.ipynb").is_file() for one in self._task.notebooks)

    def write_graded(self, submitted: StudentSubmission, marked: GradedSubmission) -> None:
        """The graded notebooks, and beside them what nbgrader puts there."""
        with self._replaced(self.autograded(marked.student), self._graded) as new:
            notebooks = {f"{name}.ipynb": text.encode() for name, text in marked.texts.items()}
            _write(new, companion_files.merge_files({**notebooks, **self._task.instructors}, submitted.files))
            companion_files.write_outputs(new, marked.written_files, self._task.instructors, self._log)

    def write_feedback(self, student: str, pages: Mapping[str, str]) -> None:
        """The pages of feedback, and beside them what lies beside the graded notebooks."""
        with self._replaced(self.feedback(student), self._shown) as new:
            found = companion_files.read_folder(self.autograded(student), self._task.ignored)
            _write(
                new, companion_files.merge_files({f"{name}.html": page.encode() for name, page in pages.items()}, found)
            )

    def _path(self, step: str, student: str) -> Path:
        return Path(os.path.normpath(self._folder.format_path(step, student, self._task.assignment)))

    @contextmanager
    def _replaced(self, path: Path, permissions: int) -> Iterator[Path]:
        """A new folder, which takes the place of ``path`` once everything is in it."""
        new, old = (path.with_name(f".{path.name}.{kind}") for kind in ("new", "old"))
        for stray in (new, old):  # of a run that was killed
            shutil.rmtree(stray, ignore_errors=True)
        new.mkdir(parents=True)
        yield new
        shared = self._folder.groupshared
        for here, _, names in os.walk(new):
            for name in names:
                os.chmod(os.path.join(here, name), permissions)
            if shared:
                os.chmod(here, 0o2770)
        if path.exists():
            path.rename(old)
        new.rename(path)
        shutil.rmtree(old, ignore_errors=True)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        if len(path.parts) > len(folder.parts) + 1:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
