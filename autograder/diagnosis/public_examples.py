"""Add to each reason of a verdict what the student's function returns for a public example.

The examples are asked before the first hidden input reaches the student's process: what the function answers to them is
shown to the student, and a function can remember its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.diagnosis.numeric_mistakes import ExampleResult, describe_numeric_mistake
from autograder.exercise import Example, Exercise
from autograder.judging.reference_answers import Ask, expected_parts, to_answer
from autograder.sandbox import CallStatus, Reply, StudentError
from autograder.student_files.comparing import NAME_ERRORS, NAME_HINT, describe_mismatch, format_call
from autograder.verdict import CriterionResult, Reason, Verdict

AskedExample = tuple[Example, Reply]
# By the name of the criterion.
ExampleReplies = Mapping[str, Sequence[AskedExample]]

# Each example that ends its process may take as long as the time limit of a call.
_MAX_ENDED_PROCESSES = 2


def run_public_examples(exercise: Exercise, ask: Ask) -> ExampleReplies:
    """Call the student's function with the public examples of each criterion, up to one that ends its process.

    After the second example that does, no more are asked.
    """
    replies: dict[str, list[AskedExample]] = {}
    ended_processes = 0
    for criterion in exercise.criteria:
        replies[criterion.name] = []
        for example in criterion.examples if ended_processes < _MAX_ENDED_PROCESSES else ():
            reply = ask(example.call)
            replies[criterion.name].append((example, reply))
            if reply.status not in (CallStatus.RETURNED, CallStatus.RAISED):
                ended_processes += 1
                break
    return replies


def add_example_results(exercise: Exercise, verdict: Verdict, replies: ExampleReplies) -> Verdict:
    """Add to each reason of a verdict the first public example that the student's function gets wrong.

    A cause that several criteria share is described in the first of them, and the others refer to it.
    """
    mistake = next(iter(verdict.misconceptions), "")
    # A named mistake explains everything; a number is worth looking for only where there is none.
    number = "" if mistake else _describe_number(exercise, [pair for pairs in replies.values() for pair in pairs])
    described_in: dict[StudentError | str, str] = {}
    results: list[CriterionResult] = []
    for result in verdict.criteria:
        if result.reason is None:
            results.append(result)
            continue
        asked = replies[result.name]
        error = None if mistake else _first_error(exercise, asked)
        cause = error or mistake
        if cause in described_in:
            reason = _refer_to(described_in[cause], error)
        else:
            if cause:
                described_in[cause] = result.name
            reason = _extend_reason(exercise, result.reason, asked, error, number)
            number = ""  # said once
        results.append(replace(result, reason=reason))
    return replace(verdict, criteria=tuple(results))


def describe_example(exercise: Exercise, example: Example, reply: Reply) -> str:
    """Describe how a reply to an example differs from the expected result; empty where it is correct."""
    call = format_call(exercise.function, example.call.args, example.call.kwargs)
    match reply.status:
        case CallStatus.TIMED_OUT | CallStatus.OUT_OF_TIME:
            return f"{call} did not end in time."
        case CallStatus.CRASHED:
            return f"{call} ended the Python process."
        case CallStatus.RAISED:
            return f"{call} raised{_describe_error(reply.error)}"
    answer = to_answer(reply, example.call)
    return describe_mismatch(call, expected_parts(exercise, example.call), answer, pure=example.clause == "pure")


def _extend_reason(
    exercise: Exercise, reason: Reason, asked: Sequence[AskedExample], error: StudentError | None, number: str
) -> Reason:
    mismatches = (describe_example(exercise, example, reply) for example, reply in asked)
    first_mismatch = next(filter(None, mismatches), reason.seen)
    writing_error = _writing_error(asked)
    seen = " ".join(filter(None, [first_mismatch, number, _describe_writing(writing_error)]))
    errors = filter(None, [_first_error(exercise, asked), writing_error])
    place = next((error for error in errors if error.source_name and error.line), StudentError(""))
    if error and error.type_name in NAME_ERRORS:
        reason = Reason(NAME_HINT["holds"], seen, NAME_HINT["question"], NAME_HINT["advice"])
    return replace(reason, seen=seen, source_name=place.source_name, line=place.line)


def _refer_to(criterion: str, error: StudentError | None) -> Reason:
    """Return a reason that points at the criterion where the same cause is described."""
    cause = error.type_name if error else "mistake"
    return Reason(f"This is the same {cause}.", "", "", f'Fix "{criterion}" first.')


def _first_error(exercise: Exercise, asked: Sequence[AskedExample]) -> StudentError | None:
    """Return the exception of the first example with a wrong result, if that one raised."""
    wrong = (reply for example, reply in asked if describe_example(exercise, example, reply))
    return next((reply.error for reply in wrong), None)


def _describe_number(exercise: Exercise, asked: Sequence[AskedExample]) -> str:
    """Describe the number in a mistake, if one explains all examples whose results have the right shape."""
    results = []
    for example, reply in asked:
        value = to_answer(reply, example.call).value
        given = value if isinstance(value, tuple) else (value,)
        expected = tuple(part.array for part in expected_parts(exercise, example.call))
        if [array.shape for array in expected] == [_real_shape(part) for part in given]:
            results.append(ExampleResult(example.call, expected, given))
    return describe_numeric_mistake(exercise, results)


def _real_shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of an array of finite real numbers; None for anything else."""
    if type(value) is not np.ndarray or value.dtype.kind not in "fiu" or not np.isfinite(value).all():
        return None
    shape: tuple[int, ...] = value.shape
    return shape


def _writing_error(asked: Sequence[AskedExample]) -> StudentError | None:
    """Return the error of the line that writes into an argument.

    It is the line that fails on a read-only argument, provided that another example shows a changed argument.
    """
    errors = [reply.error for _, reply in asked if reply.error and "read-only" in reply.error.message]
    if not errors or not any(to_answer(reply, example.call).changed for example, reply in asked):
        return None
    return errors[0] if errors[0].source_name else None


def _describe_writing(error: StudentError | None) -> str:
    return f"Line {error.line} of {error.source_name} writes into an argument." if error else ""


def _describe_error(error: StudentError | None) -> str:
    """Complete the sentence "f(x) raised"."""
    if error is None:
        return "."
    place = f" (line {error.line} of {error.source_name})" if error.source_name and error.line else ""
    return f" {error.type_name}: {error.message}{place}"
