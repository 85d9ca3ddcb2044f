"""explain(exercise, verdict, ask) -> Verdict: put what a *public* example shows into each reason. Pure, like the judge.

``ask`` must reach a process that has seen no hidden input: what the student's function answers here is shown to the
student, and a function can remember.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.exercise import Example, Exercise
from autograder.judge import Ask, as_answer, want
from autograder.released.comparing import complaint, show_call
from autograder.sandbox import Ending
from autograder.verdict import CriterionResult, Mark, Verdict


def explain(exercise: Exercise, verdict: Verdict, ask: Ask) -> Verdict:
    """The same verdict, with the first public example that the student's function gets wrong in each reason.

    A criterion whose cases ran out of time is left as it is: its examples would only cost the same time again.
    """
    slow = {o.criterion for o in verdict.outcomes if o.mark in (Mark.TIMEOUT, Mark.NOT_RUN)}
    examples = {criterion.name: criterion.examples for criterion in exercise.criteria}
    return replace(
        verdict,
        criteria=tuple(
            result if result.name in slow else _with_example(exercise, result, examples[result.name], ask)
            for result in verdict.criteria
        ),
    )


def _with_example(
    exercise: Exercise, result: CriterionResult, examples: Sequence[Example], ask: Ask
) -> CriterionResult:
    if result.reason is None:
        return result
    shown = next(filter(None, (_shown(exercise, example, ask) for example in examples)), result.reason.seen)
    return replace(result, reason=replace(result.reason, seen=shown))


def _shown(exercise: Exercise, example: Example, ask: Ask) -> str:
    """What the student's function makes of one example; empty where it is right."""
    reply = ask(example.call)
    shown = show_call(exercise.function, example.call.args, example.call.kwargs)
    match reply.ending:
        case Ending.TIMED_OUT | Ending.OUT_OF_TIME:
            return f"{shown} did not end in time."
        case Ending.CRASHED:
            return f"{shown} ended the Python process."
        case Ending.RAISED:
            problem = reply.problem
            return f"{shown} raised {problem.error}: {problem.text}" if problem else f"{shown} raised an exception."
    answer = as_answer(reply, example.call)
    return complaint(shown, want(exercise, example.call), answer, pure=example.clause == "pure")
