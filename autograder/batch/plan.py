"""What has to be graded: what was never graded, what changed since, and what somebody asks for again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.batch import student_submission as submissions
from autograder.batch.assignment_bundle import AssignmentBundle, BatchError, fingerprint
from autograder.batch.student_submission import StudentSubmission
from autograder.course import seeds
from autograder.course.settings import Course
from autograder.errors import did_you_mean
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin.grading_context import Rejection
from autograder.verdict import Status


@dataclass(frozen=True)
class Options:
    """How to grade."""

    students: tuple[str, ...] = ()  # all, where none is named
    force: bool = False
    failed: bool = False
    dry_run: bool = False
    feedback: bool = False
    workers: int = 0  # 0: one for each core
    scheduler: str = ""


class Plan:
    """The submissions of an assignment, and what was done with them before."""

    def __init__(self, course: Course, folder: Any, options: Options) -> None:
        """``folder`` is an nbgrader ``CourseDirectory``; `TaskError` where there is nothing to grade."""
        self._course, self._folder, self._options = course, folder, options
        self.found = self._found()

    def submissions(
        self, task: AssignmentBundle, previous: Mapping[str, GradingRecord], is_there: Callable[[str], bool]
    ) -> Iterator[tuple[str, StudentSubmission | GradingRecord | Rejection | None]]:
        """Each student with the submission, where it has to be graded.

        Otherwise with what came of it before, with why it cannot be graded, or with None where nobody asks for it.
        ``is_there`` says whether a student's graded notebooks lie where they should.
        """
        common = fingerprint(task, self._course)
        for student, folder in self.found.items():
            unfit = submissions.student_id_problem(student)
            if unfit:
                yield student, Rejection(Status.UNREADABLE, unfit)
                continue
            submitted = submissions.read_student_submission(
                student, folder, task, self._course, self._seed(student), common
            )
            before = previous.get(student)
            yield student, submitted if self._has_to_be(submitted, before, is_there) else before

    def _has_to_be(
        self, submitted: StudentSubmission, before: GradingRecord | None, is_there: Callable[[str], bool]
    ) -> bool:
        if before is None:
            return not self._options.failed
        if self._options.failed:
            return Status(before.status).retry
        changed = before.fingerprint != submitted.fingerprint or not is_there(submitted.student)
        ours = before.status == Status.NOT_GRADED  # our side failed, and may work by now
        return self._options.force or changed or ours

    def _seed(self, student: str) -> int:
        if self._options.dry_run and not (self._course.root / seeds.SECRET_FILE).exists():
            return seeds.fresh_seed()  # nothing is written, and no verdict hangs on the seed
        return seeds.seed_for(self._course.root, self._folder.assignment_id, student)

    def _found(self) -> dict[str, Path]:
        found = submissions.find_students(self._folder)
        if not found:
            where = self._folder.format_path(self._folder.submitted_directory, "STUDENT", self._folder.assignment_id)
            raise BatchError(f"nothing was handed in: there is no {where}. Run nbgrader collect or zip_collect first.")
        for student in self._options.students:
            if student not in found:
                raise BatchError(f"{student} handed in nothing. {did_you_mean(student, list(found))}")
        return {student: found[student] for student in self._options.students} or found
