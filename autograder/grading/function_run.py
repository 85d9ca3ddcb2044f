"""Load a program in the sandbox and judge its function: what one run of a submission gives."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.diagnosis.public_examples import add_example_results, run_public_examples
from autograder.exercise import Call, Exercise
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers
from autograder.sandbox import CallStatus, FunctionSession, Limits, LoadResult, Program, Reply
from autograder.verdict import Verdict


@dataclass(frozen=True)
class FunctionRun:
    """What loading a program left, and how its function did; ``verdict`` is None if there was no function to call.

    ``replies`` are those to the hidden cases.
    """

    isolation: str
    loaded: LoadResult
    verdict: Verdict | None = None
    replies: tuple[Reply, ...] = ()

    @property
    def needs_a_missing_module(self) -> bool:
        """Whether a call failed because a module is not installed."""
        return any(reply.error and reply.error.type_name == "ModuleNotFoundError" for reply in self.replies)


def run_function(program: Program, exercise: Exercise, seed: int, limits: Limits) -> FunctionRun:
    """Load a program in a new session, and judge its function with the inputs of this seed."""
    replies: list[Reply] = []
    with FunctionSession(program, limits) as session:
        isolation = str(session.isolation)
        loaded = session.load()
        if loaded.status is not CallStatus.RETURNED or not loaded.function_source:
            return FunctionRun(isolation, loaded)

        def ask(call: Call) -> Reply:
            replies.append(session.call(call.args, call.kwargs))
            return replies[-1]

        # Public examples come before any hidden input, because their answers are shown to the student.
        example_replies = run_public_examples(exercise, lambda call: session.call(call.args, call.kwargs))
        verdict = judge_function(ReferenceAnswers(exercise, seed), ask)
    verdict = add_example_results(exercise, verdict, example_replies)
    return FunctionRun(isolation, loaded, verdict, tuple(replies))
