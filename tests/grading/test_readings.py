"""Of several definitions the one that works counts; where two differ, or work may be elsewhere, a person decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.course import catalogue
from autograder.grading.readings import grade_readings
from autograder.judging.judge import unjudged_verdict
from autograder.student_files.notebook_code import KEEP_ONE
from autograder.submission.reader import Submission
from autograder.submission.student_work import Place, StudentText
from autograder.verdict import CriterionResult, Reason, Report, Status, Verdict

SOFTMAX = catalogue.load_exercise("softmax")
EARLIER, LATER = "def softmax(scores): return 1", "def softmax(scores): return 2"


def submission(*sources: str, own_texts: tuple[StudentText, ...] | None = None) -> Submission:
    labelled = tuple((f"code cell {number}", source) for number, source in enumerate(sources, start=1))
    return Submission(labelled, student_texts=own_texts)


def report(points: float, status: Status = Status.GRADED) -> Report:
    verdict = replace(unjudged_verdict(SOFTMAX, Reason("", "", "", "")), criteria=(CriterionResult("all", points, 5),))
    return Report("", "softmax", status, "A message.", 5, "", 0, verdict)


def graded(earlier: float, later: float) -> Report:
    def grade(reading: Submission) -> Report:
        return report(later if LATER in dict(reading.sources).values() else earlier)

    return grade_readings(submission(EARLIER, LATER), SOFTMAX, grade)


@pytest.mark.parametrize(
    ("earlier", "later", "status", "score", "words"),
    [
        (5, 5, Status.GRADED, 5, ""),
        (0, 5, Status.GRADED, 5, ""),
        (3, 3, Status.GRADED, 3, ""),
        (5, 0, Status.GRADED, 5, "The one that works best counts"),
        (2, 0, Status.GRADED, 2, "The one that works best counts"),
        (5, 3, Status.NEEDS_LOOK, 5, ""),
        (2, 3, Status.GRADED, 3, ""),
    ],
)
def test_the_definition_that_works_counts(
    earlier: float, later: float, status: Status, score: float, words: str
) -> None:
    result = graded(earlier, later)
    assert (result.status, result.verdict.score) == (status, score)
    assert words in " ".join(result.notes)


def test_full_points_need_no_other_reading() -> None:
    asked: list[Submission] = []
    grade_readings(submission(EARLIER, LATER), SOFTMAX, lambda reading: asked.append(reading) or report(5))
    assert len(asked) == 1


def test_a_failing_grader_is_not_asked_for_other_readings() -> None:
    result = grade_readings(submission(EARLIER, LATER), SOFTMAX, lambda _: report(0, Status.NOT_GRADED))
    assert result.status is Status.NOT_GRADED


@pytest.mark.parametrize(
    ("own_texts", "status"),
    [
        ((), Status.UNFINISHED),
        ((StudentText(Place.OWN, True, "def mine(scores): return 1"),), Status.NEEDS_LOOK),
        ((StudentText(Place.OWN, False, "I think …"),), Status.NEEDS_LOOK),
    ],
)
def test_an_unwritten_function_waits_for_a_person_if_there_is_other_work(
    own_texts: tuple[StudentText, ...], status: Status
) -> None:
    stub = "def softmax(scores): raise NotImplementedError"
    result = grade_readings(submission(stub, own_texts=own_texts), SOFTMAX, lambda _: report(0, Status.UNFINISHED))
    assert result.status is status
    assert isinstance(result.verdict, Verdict)


def test_a_student_reads_that_the_line_of_the_stub_is_left() -> None:
    begun = "def softmax(scores):\n    raise NotImplementedError()\n    return scores"
    texts = (StudentText(Place.ANSWER, True, begun, "def softmax(scores):\n    raise NotImplementedError()"),)
    result = grade_readings(submission(begun, own_texts=texts), SOFTMAX, lambda _: report(0, Status.UNFINISHED))
    assert (result.status, result.score) == (Status.NEEDS_LOOK, None)
    assert "Delete that line" in result.message


def test_that_the_best_definition_counts_is_said_once() -> None:
    noted = replace(submission(EARLIER, LATER), notes=(f"softmax is defined in two cells. {KEEP_ONE}",))

    def grade(reading: Submission) -> Report:
        return replace(report(0 if LATER in dict(reading.sources).values() else 5), notes=reading.notes)

    assert grade_readings(noted, SOFTMAX, grade).notes == (
        "softmax is defined in two cells. The one that works best counts.",
    )


def with_cells(*sources: str, own_texts: tuple[StudentText, ...]) -> Submission:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return replace(submission(*sources, own_texts=own_texts), notebook={"cells": cells})


@pytest.mark.parametrize(
    ("own_texts", "status"),
    [
        ((), Status.UNFINISHED),
        ((StudentText(Place.OWN, False, "I think …"),), Status.NEEDS_LOOK),
        ((StudentText(Place.ANSWER, True, LATER, "def softmax(): ..."),), Status.GRADED),
    ],
    ids=["nothing", "a text", "an answer"],
)
def test_a_definition_that_the_release_gives_earns_nothing(own_texts: tuple[StudentText, ...], status: Status) -> None:
    both = with_cells(EARLIER, LATER if status is Status.GRADED else "", own_texts=own_texts)
    assert grade_readings(both, SOFTMAX, lambda _: report(5)).status is status


def test_a_definition_that_the_release_gives_is_no_reading() -> None:
    both = with_cells(EARLIER, "def softmax(scores): raise NotImplementedError", own_texts=())
    assert list(both.other_readings("softmax")) == []
