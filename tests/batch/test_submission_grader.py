"""A worker grades one submission without the gradebook and without the course secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.batch.assignment_bundle import load_bundle
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import SubmissionGrader
from autograder.course.settings import load_course
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from autograder.submission.submitted_file import Rejection
from autograder.submission.submitted_folder import SubmittedFolder
from autograder.verdict import Status
from tests.helpers.classroom import RIGHT, WRONG, Classroom

pytestmark = pytest.mark.slow
NAME = "3-softmax"
ClassAndGrader = tuple[Classroom, SubmissionGrader]


@pytest.fixture(scope="module")
def class_and_grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClassAndGrader]:
    """A class, and a grader that has the course's files and no gradebook."""
    folder = tmp_path_factory.mktemp("course")
    classroom = Classroom(folder, f"sqlite:///{folder / 'gradebook.db'}", NAME)
    with nbgrader_application(folder) as app:
        app.coursedir.assignment_id = NAME
        bundle = load_bundle(app.coursedir, app.config, load_course(folder))
        assert bundle is not None
        yield classroom, SubmissionGrader(bundle, copy_files(bundle.course_files, tmp_path_factory.mktemp("worker")))


def copy_files(files: object, root: Path) -> Path:
    assert isinstance(files, dict)
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def submission(classroom: Classroom, answer: str = RIGHT, **files: bytes) -> StudentSubmission:
    notebook = json.dumps(classroom.notebook(NAME, softmax=answer)).encode()
    return StudentSubmission("novak", 7, SubmittedFolder(Path(NAME), {f"{NAME}.ipynb": notebook}), files, "f" * 64)


def test_the_record_holds_status_fingerprint_and_isolation(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    graded = grader.grade(submission(classroom))
    record = graded.record
    assert (record.student, record.assignment, record.status) == ("novak", NAME, Status.GRADED)
    assert (record.fingerprint, record.message) == ("f" * 64, "All criteria hold.")
    assert record.isolation
    assert record.seconds > 0


def test_scores_are_collected_before_outputs_are_cleaned(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    scores = [grader.grade(submission(classroom, answer)).scores_by_cell() for answer in (RIGHT, WRONG)]
    assert scores == [{"check-softmax": 5}, {"check-softmax": 4}]


def test_a_graded_notebook_shows_the_reasons(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    text = grader.grade(submission(classroom, WRONG)).texts[NAME]
    assert "no overflow" in text
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "The file is empty."), (b"hello", "The file is not a notebook"), (b"[1]", "any cells")],
)
def test_a_file_that_is_no_notebook_is_unreadable(class_and_grader: ClassAndGrader, data: bytes, message: str) -> None:
    classroom, grader = class_and_grader
    graded = grader.grade(replace(submission(classroom), folder=SubmittedFolder(Path(NAME), {f"{NAME}.ipynb": data})))
    assert graded.record.status is Status.UNREADABLE
    assert message in graded.record.message
    assert graded.scores_by_cell() == {"check-softmax": None}


def test_a_renamed_notebook_is_graded_with_a_note(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    original = submission(classroom)
    files = {"mine.ipynb": original.folder.files[f"{NAME}.ipynb"]}
    graded = grader.grade(replace(original, folder=SubmittedFolder(Path(NAME), files)))
    assert (graded.record.status, graded.scores_by_cell()) == (Status.GRADED, {"check-softmax": 5})
    assert any("mine.ipynb" in warning for warning in graded.warnings)


def test_a_likely_notebook_is_judged_and_needs_review(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    files = {"softmax.py": b"import numpy as np\n" + RIGHT.encode()}
    graded = grader.grade(replace(submission(classroom), folder=SubmittedFolder(Path(NAME), files)))
    (report,) = graded.reports
    assert (graded.record.status, report.status, report.score) == (Status.NEEDS_LOOK, Status.NEEDS_LOOK, 5)
    assert "softmax.py" in report.message


def test_nothing_of_a_rejected_submission_is_judged(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    graded = grader.reject(submission(classroom), Rejection(Status.NOT_GRADED, "The grader failed."))
    assert (graded.record.status, graded.record.message) == (Status.NOT_GRADED, "The grader failed.")
    assert graded.scores_by_cell() == {"check-softmax": None}


def test_warnings_belong_to_one_submission(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    warned = grader.reject(submission(classroom), Rejection(Status.UNREADABLE, "It cannot be read."))
    assert warned.warnings == ("It cannot be read.",)
    assert grader.grade(submission(classroom)).warnings == ()


def test_a_submission_may_be_graded_twice_with_the_same_result(class_and_grader: ClassAndGrader) -> None:
    classroom, grader = class_and_grader
    first, second = (grader.grade(submission(classroom, WRONG)) for _ in range(2))
    assert first.texts == second.texts
    assert first.notebooks == second.notebooks
