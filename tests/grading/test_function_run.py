"""One run loads a program, and judges the function that it leaves."""

from __future__ import annotations

from autograder.course import catalogue
from autograder.grading.function_run import run_function
from autograder.sandbox import CallStatus, Limits, Program

SOFTMAX = catalogue.load_exercise("softmax")
LIMITS = Limits(seconds=60, total_seconds=300)


def program(source: str) -> Program:
    return Program((("the file", source),), "softmax")


def test_without_a_function_there_is_no_verdict() -> None:
    run = run_function(program("x = 1"), SOFTMAX, 7, LIMITS)
    assert (run.loaded.status, run.verdict, run.replies) == (CallStatus.RETURNED, None, ())


def test_a_call_that_imports_a_module_which_is_not_installed_needs_it() -> None:
    missing = run_function(program("def softmax(scores, axis=-1): import no_such_module"), SOFTMAX, 7, LIMITS)
    assert missing.needs_a_missing_module
    other = run_function(program("def softmax(scores, axis=-1): raise KeyError"), SOFTMAX, 7, LIMITS)
    assert other.verdict is not None
    assert other.verdict.score == 0
    assert not other.needs_a_missing_module
