"""Feedback points at a line only where a check shows it, and says a thing once."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import catalogue
from autograder.diagnosis.public_examples import run_public_examples
from autograder.exercise import Call
from autograder.grading.grader import grade_file
from autograder.sandbox import CallStatus, Reply
from autograder.verdict import Reason

SOFTMAX = catalogue.load_exercise("softmax")
HEAD = "import numpy as np\n\n\ndef softmax(scores, axis=-1):\n"


def reasons(tmp_path: Path, body: str) -> dict[str, Reason]:
    """The reasons of the criteria that this softmax does not earn."""
    path = tmp_path / "mine.py"
    path.write_text(HEAD + body, encoding="utf-8")
    report = grade_file(path, SOFTMAX, seed=3)
    return {criterion.name: criterion.reason for criterion in report.criteria if criterion.reason}


WRITES = """\
    largest = scores.max(axis=axis, keepdims=True)
    scores -= largest
    powers = np.exp(scores)
    return powers / powers.sum(axis=axis, keepdims=True)
"""


def test_the_line_that_writes_into_an_argument_is_named(tmp_path: Path) -> None:
    (reason,) = reasons(tmp_path, WRITES).values()
    assert "Line 6 of the file writes into an argument." in reason.seen
    assert (reason.source_name, reason.line) == ("the file", 6)


def test_no_line_is_named_where_read_only_arguments_raise_nothing(tmp_path: Path) -> None:
    careful = WRITES.replace("    scores -= largest\n", "    if scores.flags.writeable:\n        scores -= largest\n")
    for reason in reasons(tmp_path, careful).values():
        assert "writes into" not in reason.seen
        assert reason.line is None


def test_a_misspelt_name_is_reported_once_with_its_line(tmp_path: Path) -> None:
    first, *rest = reasons(tmp_path, "    return np.exq(scores)\n").values()
    assert "(line 5 of the file)" in first.seen
    assert (first.source_name, first.line) == ("the file", 5)
    assert "Is it misspelt" in first.question
    assert "Fix that name" in first.advice
    assert {str(reason) for reason in rest} == {'This is the same AttributeError.\nFix "rows are weights" first.'}


def test_a_named_mistake_is_reported_once(tmp_path: Path) -> None:
    body = "    powers = np.exp(scores - scores.max(axis=0))\n    return powers / powers.sum(axis=0)\n"
    first, *rest = reasons(tmp_path, body).values()
    assert "Whose attention should total 1" in first.question
    assert {str(reason) for reason in rest} == {'This is the same mistake.\nFix "rows are weights" first.'}


def test_another_exception_keeps_the_hint_of_its_clause(tmp_path: Path) -> None:
    first, *_ = reasons(tmp_path, "    return np.exp(scores) / 0 // None\n").values()
    assert "TypeError" in first.seen
    assert first.question == SOFTMAX.hint("core").question


def test_two_different_exceptions_are_both_reported(tmp_path: Path) -> None:
    body = "    if scores.ndim == 2 and axis == -1:\n        return np.exq(scores)\n    return np.logg(scores)\n"
    texts = [reason.seen for reason in reasons(tmp_path, body).values()]
    assert "exq" in texts[0]
    assert "logg" in texts[1]


@pytest.mark.parametrize("text", ["cell <script>", "x\x1b[31m"])
def test_a_place_that_a_student_made_up_is_only_text(tmp_path: Path, text: str) -> None:
    body = f"    exec(compile('1/0', {text!r}, 'exec'))\n"
    for reason in reasons(tmp_path, body).values():
        assert "\x1b" not in str(reason)
        assert "script" not in str(reason)


def test_after_a_second_example_that_ends_its_process_no_more_are_asked() -> None:
    asked: list[Call] = []

    def ask(call: Call) -> Reply:
        asked.append(call)
        return Reply(CallStatus.TIMED_OUT)

    shown = run_public_examples(SOFTMAX, ask)
    assert len(asked) == 2
    assert [len(pairs) for pairs in shown.values()] == [1, 1, 0, 0]
