"""The sentences about a student's marks."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from autograder.history.entries import Author, Entry, Key, Kind
from autograder.history.letter import write_letter

GRADER, RESTORE = (Author(command, "teacher", "host") for command in ("autograder grade 3", "autograder restore 2"))
VERDICT: dict[str, Any] = {
    "score": 5.0,
    "max_score": 5.0,
    "status": "graded",
    "message": "",
    "criteria": [{"name": "no overflow", "points": 1.0, "reason": None}],
    "version": "0.1.0",
    "fingerprint": "f",
    "work": "w",
    "graded_at": "2027-05-03T08:00:00.123",
}
LOST = {"name": "no overflow", "points": 0.0, "reason": {"seen": "It gave nan."}}


def entry(kind: Kind, value: Any, at: str, author: Author = GRADER, is_noticed: bool = False) -> Entry:
    subject = "softmax" if kind is Kind.VERDICT else "3/check-softmax"
    return Entry(1, Key("ann", "3", kind, subject), value, is_noticed, author, at)


def letter(*entries: Entry) -> list[str]:
    return [line.strip() for line in write_letter(entries, ZoneInfo("Europe/Berlin"))]


def test_verdicts_and_manual_marks_of_an_exercise_read_as_one_story() -> None:
    lower = VERDICT | {"score": 4.0, "criteria": [LOST], "fingerprint": "g", "graded_at": "2027-05-05T08:00:00"}
    assert letter(
        entry(Kind.VERDICT, VERDICT, "2027-05-03T08:00:01"),
        entry(Kind.VERDICT, lower, "2027-05-05T08:00:01"),
        entry(Kind.MANUAL_SCORE, 5.0, "2027-05-06T08:00:00", is_noticed=True),
        entry(Kind.VERDICT, VERDICT, "2027-05-07T08:00:00", RESTORE),
    ) == [
        "3:",
        "softmax:",
        "5 of 5 on 3 May 2027, 10:00 by the grader (autograder grade 3, teacher on host).",
        "4 of 5 on 5 May 2027, 10:00 by the grader (autograder grade 3, teacher on host). “no overflow” went from 1 "
        "to 0: It gave nan. The exercise or the course's settings changed.",
        "5 by manual mark, noticed on 6 May 2027, 10:00 by autograder grade 3.",
        "5 of 5 again since 7 May 2027, 10:00, by autograder restore 2, teacher on host: the verdict of 3 May 2027, "
        "10:00.",
    ]


def test_the_letter_says_why_a_verdict_differs_from_the_one_before() -> None:
    other = VERDICT | {"work": "x", "version": "0.2.0", "status": "student_error", "message": "It raised."}
    line = letter(
        entry(Kind.VERDICT, VERDICT, "2027-05-03T08:00:01"), entry(Kind.VERDICT, other, "2027-05-05T08:00:01")
    )
    assert line[-1].endswith(
        "Status student_error: It raised. Other files were submitted. The grader's version changed from 0.1.0 to 0.2.0."
    )


def test_a_verdict_that_no_run_gave_is_named_so() -> None:
    lines = letter(
        entry(Kind.VERDICT, VERDICT, "2027-05-03T08:00:01", is_noticed=True),
        entry(Kind.VERDICT, VERDICT | {"score": 9.0}, "2027-05-05T08:00:01", is_noticed=True),
        entry(Kind.VERDICT, None, "2027-05-06T08:00:01", is_noticed=True),
    )
    assert "found in the gradebook, noticed on 3 May" in lines[2]
    assert "9 of 5 changed in the gradebook without a run, noticed on 5 May" in lines[3]
    assert lines[4].startswith("The verdict was removed before 6 May")


def test_each_other_kind_of_entry_has_its_sentence() -> None:
    accepted = {"accepted_by": "teacher", "is_settled": True, "file": ""}
    values = [
        (Kind.EXTRA_CREDIT, 0.5),
        (Kind.COMMENT, "Nice."),
        (Kind.LATE_PENALTY, 1.0),
        (Kind.LATE_PENALTY, 2.0),
        (Kind.LATE_PENALTY, None),
        (Kind.EXTENSION, 86400.0),
        (Kind.ACCEPTANCE, accepted),
        (Kind.ACCEPTANCE, accepted | {"is_settled": False, "file": "a.ipynb"}),
        (Kind.AUTO_SCORE, 1.0),
    ]
    text = "\n".join(letter(*(entry(kind, value, "2027-05-03T08:00:00") for kind, value in values)))
    for words in (
        "Extra credit of 0.5, on 3 May",
        "Comment: “Nice.”",
        "Late penalty of 1, on",
        "Late penalty of 2, instead of 1, on",
        "The late penalty was removed",
        "Extension of 1 day",
        "Accepted by teacher",
        "teacher chose the file a.ipynb",
        "1 by nbgrader's automatic score",
    ):
        assert words in text
