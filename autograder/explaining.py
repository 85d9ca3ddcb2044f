"""explain(exercise, verdict, ask) -> Verdict: put what a *public* example shows into each reason. Pure, like the judge.

``ask`` must reach a process that has seen no hidden input: what the student's function answers here is shown to the
student, and a function can remember.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.estimating import Seen, estimate
from autograder.exercise import Call, Example, Exercise
from autograder.judge import Ask, as_answer, want
from autograder.released.comparing import complaint, show_call
from autograder.sandbox import Ending, Problem, Reply
from autograder.verdict import CriterionResult, Mark, Reason, Verdict

_NAMES = ("NameError", "UnboundLocalError", "AttributeError", "ImportError", "ModuleNotFoundError")


def explain(exercise: Exercise, verdict: Verdict, ask: Ask) -> Verdict:
    """The same verdict, with the first public example that the student's function gets wrong in each reason.

    A criterion whose cases ran out of time is left as it is: its examples would only cost the same time again.
    """
    slow = {o.criterion for o in verdict.outcomes if o.mark in (Mark.TIMEOUT, Mark.NOT_RUN)}
    asked = {
        criterion.name: list(_ask_all(criterion.examples, ask))
        for criterion in exercise.criteria
        if criterion.name not in slow
    }
    # A named mistake says it all; where there is none, a number may.
    number = "" if verdict.misconceptions else _number(exercise, [pair for pairs in asked.values() for pair in pairs])
    results: list[CriterionResult] = []
    told: dict[Problem | str, str] = {}  # exceptions and mistakes, and the criterion that tells of them
    for result in verdict.criteria:
        if (reason := result.reason) and result.name in asked:
            problem = None if verdict.misconceptions else _first_problem(exercise, asked[result.name])
            trouble = problem or next(iter(verdict.misconceptions), "")
            if trouble in told:
                what = f"the same {problem.error}" if problem else "the same mistake"
                result = replace(result, reason=Reason(f"This is {what}.", "", "", f'Mend "{told[trouble]}" first.'))
            else:
                told |= {trouble: result.name} if trouble else {}
                changed = [example for example, reply in asked[result.name] if as_answer(reply, example.call).changed]
                more = [number, _writes(ask, changed[0]) if changed else ""]
                result = replace(result, reason=_reason(exercise, reason, asked[result.name], problem, more))
                number = ""  # once is enough
        results.append(result)
    return replace(verdict, criteria=tuple(results))


def _reason(
    exercise: Exercise,
    reason: Reason,
    asked: Sequence[tuple[Example, Reply]],
    problem: Problem | None,
    more: Sequence[str],
) -> Reason:
    """The reason with what the first example that goes wrong shows."""
    first = next(filter(None, (on_example(exercise, *pair) for pair in asked)), reason.seen)
    seen = " ".join(filter(None, [first, *more]))
    if problem and problem.error in _NAMES:
        return Reason(
            reason.holds, seen, "", "Check the spelling of that name. Then restart the kernel and run all cells."
        )
    return replace(reason, seen=seen)


def _first_problem(exercise: Exercise, asked: Sequence[tuple[Example, Reply]]) -> Problem | None:
    """The exception of the first example that goes wrong, if it is one."""
    wrong = (reply for example, reply in asked if on_example(exercise, example, reply))
    return next((reply.problem for reply in wrong), None)


def _ask_all(examples: Sequence[Example], ask: Ask) -> Iterator[tuple[Example, Reply]]:
    """Ask examples until one ends the process: the next would only cost the same time again."""
    for example in examples:
        reply = ask(example.call)
        yield example, reply
        if reply.ending not in (Ending.RETURNED, Ending.RAISED):
            return


def _number(exercise: Exercise, asked: Sequence[tuple[Example, Reply]]) -> str:
    """The number in a mistake, where one explains every example that came out with numbers of the right shape."""
    seen = []
    for example, reply in asked:
        value = as_answer(reply, example.call).value
        given = value if isinstance(value, tuple) else (value,)
        wanted = tuple(part.array for part in want(exercise, example.call))
        if [array.shape for array in wanted] == [_shape(one) for one in given]:
            seen.append(Seen(example.call, wanted, given))
    return estimate(exercise, seen)


def _shape(value: Any) -> Any:
    """The shape of an array of finite real numbers; None for anything else."""
    if type(value) is not np.ndarray or value.dtype.kind not in "fiu" or not np.isfinite(value).all():
        return None
    return value.shape


def on_example(exercise: Exercise, example: Example, reply: Reply) -> str:
    """What a function makes of one example, beside what is wanted; empty where it is right."""
    shown = show_call(exercise.function, example.call.args, example.call.kwargs)
    match reply.ending:
        case Ending.TIMED_OUT | Ending.OUT_OF_TIME:
            return f"{shown} did not end in time."
        case Ending.CRASHED:
            return f"{shown} ended the Python process."
        case Ending.RAISED:
            problem = reply.problem
            return f"{shown} raised {problem.error}: {problem.text}{_place(problem)}" if problem else f"{shown} raised."
    answer = as_answer(reply, example.call)
    return complaint(shown, want(exercise, example.call), answer, pure=example.clause == "pure")


def _writes(ask: Ask, example: Example) -> str:
    """The line that writes into an argument: the one that fails where arguments are read-only."""
    call = Call(tuple(map(_read_only, example.call.args)), {n: _read_only(v) for n, v in example.call.kwargs.items()})
    problem = ask(call).problem
    if problem is None or problem.error != "ValueError" or "read-only" not in problem.text or not problem.where:
        return ""
    return f"Line {problem.line} of {problem.where} writes into an argument."


def _read_only(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    frozen = value.copy(order="K")
    frozen.flags.writeable = False
    return frozen


def _place(problem: Problem) -> str:
    return f" (line {problem.line} of {problem.where})" if problem.where and problem.line else ""
