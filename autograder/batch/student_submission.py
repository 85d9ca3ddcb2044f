"""One student's submission as it lies in ``submitted/``: read whole, so that it can be graded anywhere."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.batch.assignment_bundle import AssignmentBundle
from autograder.course.settings import Course
from autograder.submission import companion_files
from autograder.submission.submitted_folder import SubmittedFolder, find_submitted_folders, read_submitted_folder
from autograder.submission.submitted_work import SubmittedWork
from autograder.submission.timestamp import SubmissionTime, TimeRules, read_timestamp

# What other programs leave beside the folders of students; hidden files and folders are not found anyway.
NOT_STUDENTS = frozenset(
    {"__MACOSX", "Thumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information", "@eaDir"}
)
MAX_STUDENT_ID_LENGTH = 128  # characters of a student's id in nbgrader's tables


@dataclass(frozen=True)
class StudentSubmission:
    """A submission with its seed and fingerprint: all that a worker needs besides the bundle.

    ``work`` identifies the submitted files alone, ``parts`` is as in `GradingRecord`. ``is_new_work`` says whether
    others were graded before, or none; ``chosen_file`` is what an instructor said to grade as the notebook.
    """

    student: str
    seed: int
    folder: SubmittedFolder  # the files that may contain the notebooks
    files: Mapping[str, bytes]  # those that may lie beside a notebook
    fingerprint: str
    work: str = ""
    is_new_work: bool = True
    chosen_file: str = ""
    parts: str = ""
    time: SubmissionTime = field(default_factory=SubmissionTime)


def find_students(folder: Any) -> dict[str, Path]:
    """Return the folder of each student who submitted the assignment."""
    where = (folder.submitted_directory, "*", folder.assignment_id)
    pattern = re.compile(folder.format_path(where[0], "(?P<student>.*)", re.escape(where[2]), escape=True), re.DOTALL)
    left_out = set(folder.student_id_exclude.split(",")) if folder.student_id_exclude else set()
    found = {}
    for path in find_submitted_folders(folder.format_path(*where)):
        match = pattern.fullmatch(path)
        if match and match["student"] not in left_out | NOT_STUDENTS:
            found[match["student"]] = Path(path)
    return found


def student_id_problem(student: str) -> str:
    """Return why a folder's name cannot be a student id in the gradebook; empty if it can."""
    # A line's end stops nbgrader's own commands for everybody; half a character stands for bytes that are no UTF-8.
    if len(student) > MAX_STUDENT_ID_LENGTH or any(
        unicodedata.category(character) in ("Cc", "Cs") for character in student
    ):
        return (
            "The folder's name cannot be a student's: no plain text, "
            f"or longer than {MAX_STUDENT_ID_LENGTH} characters. Rename it."
        )
    return ""


def read_student_submission(
    student: str,
    folder: Path,
    task: AssignmentBundle,
    course: Course,
    seed: int,
    common: str,
    rules: TimeRules,
    work: SubmittedWork,
    chosen_file: str = "",
) -> StudentSubmission:
    """Read all files that a student submitted.

    ``common`` is the run's fingerprint; ``rules`` say which times the course expects; ``chosen_file`` is what an
    instructor said to grade as the notebook.
    """
    submitted = read_submitted_folder(folder, task.instructors)
    files = companion_files.read_folder(folder, task.ignored)
    until = course.extensions.get(task.assignment, {}).get(student)
    time = read_timestamp(folder, rules, course.root)
    state = [common, seed, str(until), bool(time.problem), work.fingerprint, chosen_file]
    digest = hashlib.sha256(json.dumps(state).encode())
    for name, data in sorted(submitted.files.items()):
        _add(digest, name, data)
    _add(digest, "", repr((submitted.problem, submitted.others, sorted(submitted.unusable.items()))).encode())
    for name, data in sorted(files.items()):
        _add(digest, name, data)
    return StudentSubmission(
        student, seed, submitted, files, digest.hexdigest(), work.fingerprint, chosen_file=chosen_file, time=time
    )


def _add(digest: Any, name: str, data: bytes) -> None:
    digest.update(f"{name!r} {len(data)}\n".encode())
    digest.update(data)
