"""Find the release, course, seed and files that a submitted notebook is graded with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from logging import Logger
from pathlib import Path
from typing import Any

from autograder.course import seeds
from autograder.course.settings import Course, load_course
from autograder.exercise import Exercise
from autograder.formatting import strip_control_characters
from autograder.gradebook import acceptances, database, secret_fingerprint
from autograder.nbgrader_plugin.course_lookup import course_directory, find_course
from autograder.student_files.loading import Notebook
from autograder.submission.finder import find_notebook, read_chosen_file
from autograder.submission.reader import Submission, parse_notebook
from autograder.submission.submitted_file import Rejection
from autograder.submission.submitted_folder import read_submitted_folder
from autograder.submission.submitted_work import read_submitted_work

_RESOURCES_KEY = "attention-course: grading context"


@dataclass(frozen=True)
class GradingContext:
    """The release, course, seed and files for grading one notebook.

    ``release`` and ``submission`` are None for an assignment that this course did not build. ``files`` lie beside the
    notebook while its cells run; None stands for the files on disk and ``siblings``, the Python files that were
    submitted beside the notebook.
    """

    release: Notebook | None
    course: Course | None
    seed: int
    submission: Submission | Rejection | None
    files: Mapping[str, bytes] | None = None
    siblings: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def rejection(self) -> Rejection | None:
        """The reason why the notebook cannot be judged; None if it can."""
        return self.submission if isinstance(self.submission, Rejection) else None

    @property
    def may_be_answered_elsewhere(self) -> bool:
        """Whether an untouched written answer can be in another cell, because the student wrote text somewhere."""
        return isinstance(self.submission, Submission) and not self.submission.has_no_text()

    @property
    def is_provably_unanswered(self) -> bool:
        """Whether the student changed nothing in the notebook.

        Without a release nothing is known about the student's texts, so each answer cell decides, as in nbgrader.
        """
        if isinstance(self.submission, Rejection):
            return False
        return self.submission is None or self.submission.student_texts == ()

    def attach_to(self, resources: dict[str, Any]) -> None:
        """Make `get_context` return this context wherever it is called with ``resources``."""
        resources[_RESOURCES_KEY] = self

    def exercise_of(self, cell: Any) -> Exercise:
        """Return the exercise that a graded cell of the release belongs to."""
        assert self.course is not None, "a release with exercises belongs to a course"
        return self.course.exercise(function_of(cell))


def get_context(preprocessor: Any, resources: dict[str, Any]) -> GradingContext:
    """Return the context that was attached to ``resources``, or else read it from disk.

    `autograder grade` attaches it beforehand. Otherwise it is read from disk, never from the submission, so a student
    cannot choose how it is graded. Raises `CourseError` if course.yml is invalid.
    """
    if _RESOURCES_KEY not in resources:
        _context_on_disk(preprocessor, resources["nbgrader"]).attach_to(resources)
    context: GradingContext = resources[_RESOURCES_KEY]
    return context


def _context_on_disk(preprocessor: Any, ids: Mapping[str, str]) -> GradingContext:
    directory, course = course_directory(preprocessor), find_course(preprocessor)
    path, release = load_release(directory, ids["assignment"], ids["notebook"])
    if release is None:
        return GradingContext(None, course, 0, None)
    released_names = [released.name for released in path.parent.iterdir()]
    notebooks = [released.stem for released in path.parent.glob("*.ipynb")]
    folder = read_submitted_folder(submitted_path(directory, ids).parent, released_names)
    chosen = _chosen_file(folder.path, ids)
    if chosen:
        file = read_chosen_file(folder, chosen)
    else:
        file = find_notebook(folder, ids["notebook"], release, notebooks, released_names)
    submission = file if isinstance(file, Rejection) else parse_notebook(file, release)
    root = Path(directory.root)
    siblings = {} if isinstance(file, Rejection) else file.siblings
    return GradingContext(release, course or load_course(root), _seed(root, ids), submission, siblings=siblings)


def _seed(root: Path, ids: Mapping[str, str]) -> int:
    """Return the seed that the submission was graded with before, otherwise the one of the course's secret."""
    with database.connect(ids["db_url"]) as connection:
        stored = secret_fingerprint.load_seeds(connection, ids["assignment"])
    student = ids["student"]
    return stored[student] if student in stored else seeds.seed_for(root, ids["assignment"], student)


def _chosen_file(folder: Path, ids: Mapping[str, str]) -> str:
    """Return the file that an instructor chose as the student's notebook; empty if nobody did."""
    with database.connect(ids["db_url"]) as connection:
        acceptance = acceptances.load_acceptances(connection, ids["assignment"]).get(ids["student"])
    if acceptance is None or not acceptance.file:
        return ""
    return acceptance.file if acceptance.work == read_submitted_work(folder).fingerprint else ""


def load_release(directory: Any, assignment: str, notebook: str) -> tuple[Path, Notebook | None]:
    """Return where the released notebook is stored, and the notebook if this course built it or it has our exercises.

    Only such a release decides what is graded and how; nothing in a submission does. ``directory`` is an nbgrader
    ``CourseDirectory``. Raises ``ValueError``, ``LookupError`` or ``TypeError`` if the file is not a notebook.
    """
    path = release_path(directory, assignment, notebook)
    if not path.is_file():
        return path, None
    release = read_notebook(path)
    built_here = "autograder" in release["metadata"] or any(function_of(cell) for cell in release["cells"])
    return path, release if built_here else None


def release_path(directory: Any, assignment: str, notebook: str) -> Path:
    """Return where the released notebook is stored; ``directory`` is an nbgrader ``CourseDirectory``."""
    return Path(directory.format_path(directory.release_directory, ".", assignment)) / f"{notebook}.ipynb"


def read_notebook(path: Path) -> Notebook:
    """Read a notebook that the course built. Raises ``OSError``, or ``ValueError`` if it is not JSON."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def submitted_path(directory: Any, ids: Mapping[str, str]) -> Path:
    """Return where the submitted notebook is stored; ``ids`` are nbgrader's, of student, assignment and notebook."""
    folder = Path(directory.format_path(directory.submitted_directory, ids["student"], ids["assignment"]))
    return folder / f"{ids['notebook']}.ipynb"


def log_notes(log: Logger, submission: Submission | Rejection) -> None:
    """Log what was corrected in a submission or why it is not judged, without control characters of the student."""
    notes = [submission.message] if isinstance(submission, Rejection) else submission.notes
    for note in notes:
        log.warning("%s", strip_control_characters(note))


def function_of(cell: Any) -> str:
    """Return the function of the exercise that a graded cell belongs to; empty for any other cell."""
    grading_data, own_data = cell["metadata"].get("nbgrader"), cell["metadata"].get("autograder")
    if not (isinstance(grading_data, dict) and grading_data.get("grade") and isinstance(own_data, dict)):
        return ""
    return str(own_data.get("exercise", ""))


def has_exercise(cell: Any) -> bool:
    """Whether a cell is the graded cell of an exercise."""
    return bool(function_of(cell))
