"""Workers that die: each costs a repeat at most, and only its own submission."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import SubmissionGrader
from autograder.sandbox import Sandbox, SandboxError
from tests.helpers.classroom import Classroom

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_process_left")]
CLASS_SIZE = 40


def before_grading(act: Callable[[StudentSubmission], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers do something before they grade a submission."""
    grade = SubmissionGrader.grade

    def act_and_grade(grader: SubmissionGrader, submission: StudentSubmission) -> Any:
        act(submission)
        return grade(grader, submission)

    # Workers find a function by its name.
    act_and_grade.__module__, act_and_grade.__qualname__ = grade.__module__, grade.__qualname__
    monkeypatch.setattr(SubmissionGrader, "grade", act_and_grade)


def test_a_submission_that_kills_its_workers_is_not_graded_and_others_are(
    ungraded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    main_process = os.getpid()

    def act(submission: StudentSubmission) -> None:
        if os.getpid() == main_process:
            return  # it records the submission as not graded
        with (ungraded_class.root / f"seen-{submission.student}").open("a") as file:
            file.write("x")
        if submission.student in ("s03", "s20"):
            os.kill(os.getpid(), signal.SIGKILL)

    before_grading(act, monkeypatch)
    summary, _ = ungraded_class.grade()
    assert {item.student: item.status for item in summary.needs_review} == {"s03": "not_graded", "s20": "not_graded"}
    assert all("its process ended" in item.reason for item in summary.needs_review)
    seen = {path.name[5:]: len(path.read_text()) for path in ungraded_class.root.glob("seen-*")}
    assert seen == {student: 2 if student in ("s03", "s20") else 1 for student in seen}
    assert len(seen) == CLASS_SIZE
    assert summary.graded == sum(summary.statuses.values()) == CLASS_SIZE
    assert len(list((ungraded_class.root / "autograded").glob("*/3-softmax"))) == CLASS_SIZE
    monkeypatch.undo()
    summary, _ = ungraded_class.grade()
    assert (summary.graded, summary.unchanged, summary.clean) == (2, CLASS_SIZE - 2, True)


def test_a_worker_that_somebody_kills_costs_only_a_repeat(
    ungraded_class: Classroom, monkeypatch: pytest.MonkeyPatch, uninterrupted: Any
) -> None:
    killed = ungraded_class.root.parent / "killed"

    def act(submission: StudentSubmission) -> None:
        if submission.student == "s11" and not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    before_grading(act, monkeypatch)
    summary, _ = ungraded_class.grade(feedback=True)
    assert (summary.graded, summary.clean, killed.exists()) == (CLASS_SIZE, True, True)
    assert ungraded_class.results() == uninterrupted


def test_a_worker_that_dies_without_a_job_is_replaced(
    ungraded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, killed = GradebookWriter.save, []

    def kill_and_save(gradebook: GradebookWriter, submissions: Any) -> Any:
        if not killed:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)
            time.sleep(1)  # the jobs that wait for the worker find it dead
        return save(gradebook, submissions)

    monkeypatch.setattr("autograder.batch.result_writer.BATCH_SIZE", 3)
    monkeypatch.setattr(GradebookWriter, "save", kill_and_save)
    summary, _ = ungraded_class.grade()
    assert (summary.graded, summary.clean) == (CLASS_SIZE, True)


def test_submissions_whose_sandbox_failed_are_graded_by_the_next_run(
    ungraded_class: Classroom, monkeypatch: pytest.MonkeyPatch, uninterrupted: Any
) -> None:
    start_process = Sandbox.start_process
    unlucky = {"s05", "s06", "s33"}
    current: list[str] = []

    def fail_for_unlucky(sandbox: Sandbox, *arguments: Any, **options: Any) -> Any:
        if current[-1] in unlucky:
            raise SandboxError("no more processes")
        return start_process(sandbox, *arguments, **options)

    before_grading(lambda submission: current.append(submission.student), monkeypatch)
    monkeypatch.setattr(Sandbox, "start_process", fail_for_unlucky)
    summary, printed = ungraded_class.grade()
    assert {item.student for item in summary.needs_review if item.status == "not_graded"} == unlucky
    assert not summary.clean
    assert "no more processes" in printed
    monkeypatch.undo()
    summary, _ = ungraded_class.grade()
    assert (summary.graded, summary.clean) == (3, True)
    ungraded_class.grade(feedback=True)
    assert ungraded_class.results() == uninterrupted
