"""Which submissions have to be graded: the new, the changed, and those that an option asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.batch import change_reasons, student_submission
from autograder.batch.assignment_bundle import (
    AssignmentBundle,
    BatchError,
    assignment_fingerprint,
    assignment_parts,
)
from autograder.batch.class_list import ClassList, doubtful_students
from autograder.batch.student_submission import StudentSubmission
from autograder.course import seeds
from autograder.course.settings import Course
from autograder.errors import did_you_mean
from autograder.gradebook.acceptances import Acceptance
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin.timestamps import time_rules
from autograder.submission.submitted_file import Rejection
from autograder.submission.submitted_work import read_submitted_work
from autograder.verdict import Status


@dataclass(frozen=True)
class Options:
    """The options of ``autograder grade``."""

    students: tuple[str, ...] = ()  # none: all
    force: bool = False
    failed: bool = False
    dry_run: bool = False
    list_all: bool = False  # a dry run lists results that stay, too
    feedback: bool = False
    workers: int = 0  # 0: one for each core
    lower: bool = False  # replace stored marks by lower ones, too
    new_secret: bool = False  # go on with another course secret than before
    scheduler: str = ""  # address of a Dask scheduler; empty: this machine


@dataclass(frozen=True)
class SkippedStudent:
    """A student whose submission is not graded in this run.

    ``result`` is how it was graded earlier, why it cannot be graded, or None if no option asks for it.
    """

    student: str
    result: GradingRecord | Rejection | None


class Plan:
    """The submissions of an assignment that a run is about."""

    def __init__(self, course: Course, course_directory: Any, options: Options) -> None:
        """Find the submissions. Raises `BatchError` if there are none, or none of a student that was asked for.

        ``course_directory`` is an nbgrader ``CourseDirectory``.
        """
        self._course, self._course_directory, self._options = course, course_directory, options
        self.folders = self._find_folders()
        self._doubtful: Mapping[str, str] = {}

    def compare_with(self, class_list: ClassList) -> None:
        """Set aside the folders that may not belong to a student of the class."""
        self._doubtful = doubtful_students(student_submission.find_students(self._course_directory), class_list)

    def submissions(
        self,
        bundle: AssignmentBundle,
        records: Mapping[str, GradingRecord],
        acceptances: Mapping[str, Acceptance],
        known_seeds: Mapping[str, int],
        held: Collection[str],
        has_graded_notebooks: Callable[[str], bool],
    ) -> Iterator[StudentSubmission | SkippedStudent]:
        """Read each submission; yield it if it has to be graded, otherwise say why not.

        ``records`` says how submissions were graded earlier, ``acceptances`` what an instructor decided about them,
        ``known_seeds`` are those that they were graded with. The newest results of the students in ``held`` were held
        back. ``has_graded_notebooks`` says whether a student's graded files are still there.
        """
        common_fingerprint, rules = assignment_fingerprint(bundle, self._course), time_rules(self._course)
        common_parts = assignment_parts(bundle, self._course)
        for student, folder in self.folders.items():
            problem = student_submission.student_id_problem(student)
            if problem:
                yield SkippedStudent(student, Rejection(Status.UNREADABLE, problem))
                continue
            if student in self._doubtful:
                yield SkippedStudent(student, Rejection(Status.NEEDS_LOOK, self._doubtful[student]))
                continue
            record, acceptance = records.get(student), acceptances.get(student)
            work = read_submitted_work(folder)
            submission = student_submission.read_student_submission(
                student,
                folder,
                bundle,
                self._course,
                known_seeds[student] if student in known_seeds else self._seed(student),
                common_fingerprint,
                rules,
                work,
                acceptance.file if acceptance and acceptance.work == work.fingerprint else "",
            )
            parts = {**common_parts, "extension": self._extension(student), "chosen file": submission.chosen_file}
            submission = replace(submission, parts=change_reasons.format_parts(parts))
            if record is not None and record.is_of(work.fingerprint, work.modified):
                submission = replace(submission, is_new_work=False)
            if self._needs_grading(submission, record, student in held, has_graded_notebooks):
                yield submission
            else:
                yield SkippedStudent(student, record)

    def _needs_grading(
        self,
        submission: StudentSubmission,
        record: GradingRecord | None,
        is_held: bool,
        has_graded_notebooks: Callable[[str], bool],
    ) -> bool:
        if self._options.failed:
            return record is not None and (record.status.retry or is_held)
        if record is None or self._options.force or is_held:
            return True
        # Where the grader failed, it may work by now.
        changed = record.fingerprint != submission.fingerprint or record.status == Status.NOT_GRADED
        return changed or not has_graded_notebooks(submission.student)

    def _extension(self, student: str) -> str:
        return str(self._course.extensions.get(self._course_directory.assignment_id, {}).get(student, ""))

    def _seed(self, student: str) -> int:
        if self._options.dry_run and not (self._course.root / seeds.SECRET_FILE).exists():
            # A dry run must not create the secret, and any seed gives the same verdict.
            return seeds.fresh_seed()
        return seeds.seed_for(self._course.root, self._course_directory.assignment_id, student)

    def _find_folders(self) -> dict[str, Path]:
        directory = self._course_directory
        folders = student_submission.find_students(directory)
        if not folders:
            place = directory.format_path(directory.submitted_directory, "STUDENT", directory.assignment_id)
            raise BatchError(f"nothing was submitted: there is no {place}. Run nbgrader collect or zip_collect first.")
        for student in self._options.students:
            if student not in folders:
                raise BatchError(f"{student} submitted nothing. {did_you_mean(student, folders)}")
        return {student: folders[student] for student in self._options.students} or folders
