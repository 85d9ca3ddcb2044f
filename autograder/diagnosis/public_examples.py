"""Put what *public* examples show into each reason of a verdict. Pure, like the judge.

They are asked before the first hidden input reaches the process: what the student's function answers here is shown to
the student, and a function can remember.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.diagnosis.numeric_mistakes import ExampleResult, describe_numeric_mistake
from autograder.exercise import Example, Exercise
from autograder.judging.judge import Ask, expected_parts, to_answer
from autograder.sandbox import CallStatus, Reply, StudentError
from autograder.student_files.comparing import NAME_ERRORS, NAME_HINT, describe_mismatch, format_call
from autograder.verdict import CriterionResult, Reason, Verdict

ExampleReplies = Mapping[str, Sequence[tuple[Example, Reply]]]  # what each criterion's examples were answered with

_ENDINGS = 2


def run_public_examples(exercise: Exercise, ask: Ask) -> ExampleReplies:
    """Ask the public examples; after a second one that ends its process no more, for each may cost a deadline."""
    asked: dict[str, list[tuple[Example, Reply]]] = {}
    endings = 0
    for criterion in exercise.criteria:
        asked[criterion.name] = []
        for example in criterion.examples if endings < _ENDINGS else ():
            reply = ask(example.call)
            asked[criterion.name].append((example, reply))
            if reply.status not in (CallStatus.RETURNED, CallStatus.RAISED):
                endings += 1
                break
    return asked


def add_example_results(exercise: Exercise, verdict: Verdict, asked: ExampleReplies) -> Verdict:
    """The same verdict, with the first public example that the student's function gets wrong in each reason."""
    # A named mistake says it all; where there is none, a number may.
    number = "" if verdict.misconceptions else _number(exercise, [pair for pairs in asked.values() for pair in pairs])
    results: list[CriterionResult] = []
    told: dict[StudentError | str, str] = {}  # exceptions and mistakes, and the criterion that tells of them
    for result in verdict.criteria:
        if reason := result.reason:
            problem = None if verdict.misconceptions else _first_problem(exercise, asked[result.name])
            trouble = problem or next(iter(verdict.misconceptions), "")
            if trouble in told:
                what = f"the same {problem.type_name}" if problem else "the same mistake"
                result = replace(result, reason=Reason(f"This is {what}.", "", "", f'Mend "{told[trouble]}" first.'))
            else:
                told |= {trouble: result.name} if trouble else {}
                more = [number, _writes(asked[result.name])]
                result = replace(result, reason=_reason(exercise, reason, asked[result.name], problem, more))
                number = ""  # once is enough
        results.append(result)
    return replace(verdict, criteria=tuple(results))


def _reason(
    exercise: Exercise,
    reason: Reason,
    asked: Sequence[tuple[Example, Reply]],
    problem: StudentError | None,
    more: Sequence[str],
) -> Reason:
    """The reason with what the first example that goes wrong shows."""
    first = next(filter(None, (describe_example(exercise, *pair) for pair in asked)), reason.seen)
    seen = " ".join(filter(None, [first, *more]))
    if problem and problem.type_name in NAME_ERRORS:
        return Reason(NAME_HINT["holds"], seen, NAME_HINT["question"], NAME_HINT["advice"])
    return replace(reason, seen=seen)


def _first_problem(exercise: Exercise, asked: Sequence[tuple[Example, Reply]]) -> StudentError | None:
    """The exception of the first example that goes wrong, if it is one."""
    wrong = (reply for example, reply in asked if describe_example(exercise, example, reply))
    return next((reply.error for reply in wrong), None)


def _number(exercise: Exercise, asked: Sequence[tuple[Example, Reply]]) -> str:
    """The number in a mistake, where one explains every example that came out with numbers of the right shape."""
    seen = []
    for example, reply in asked:
        value = to_answer(reply, example.call).value
        given = value if isinstance(value, tuple) else (value,)
        wanted = tuple(part.array for part in expected_parts(exercise, example.call))
        if [array.shape for array in wanted] == [_shape(one) for one in given]:
            seen.append(ExampleResult(example.call, wanted, given))
    return describe_numeric_mistake(exercise, seen)


def _shape(value: Any) -> Any:
    """The shape of an array of finite real numbers; None for anything else."""
    if type(value) is not np.ndarray or value.dtype.kind not in "fiu" or not np.isfinite(value).all():
        return None
    return value.shape


def describe_example(exercise: Exercise, example: Example, reply: Reply) -> str:
    """What a function makes of one example, beside what is wanted; empty where it is right."""
    shown = format_call(exercise.function, example.call.args, example.call.kwargs)
    match reply.status:
        case CallStatus.TIMED_OUT | CallStatus.OUT_OF_TIME:
            return f"{shown} did not end in time."
        case CallStatus.CRASHED:
            return f"{shown} ended the Python process."
        case CallStatus.RAISED:
            problem = reply.error
            return (
                f"{shown} raised {problem.type_name}: {problem.message}{_place(problem)}"
                if problem
                else f"{shown} raised."
            )
    answer = to_answer(reply, example.call)
    return describe_mismatch(shown, expected_parts(exercise, example.call), answer, pure=example.clause == "pure")


def _writes(asked: Sequence[tuple[Example, Reply]]) -> str:
    """The line that writes into an argument: where one is changed, the line that fails with a read-only one."""
    problems = [reply.error for _, reply in asked if reply.error and "read-only" in reply.error.message]
    if not problems or not any(to_answer(reply, example.call).changed for example, reply in asked):
        return ""
    problem = problems[0]
    return f"Line {problem.line} of {problem.source_name} writes into an argument." if problem.source_name else ""


def _place(problem: StudentError) -> str:
    return f" (line {problem.line} of {problem.source_name})" if problem.source_name and problem.line else ""
