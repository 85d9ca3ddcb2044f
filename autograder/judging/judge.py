"""judge(exercise, ask) -> Verdict: pure. It owns reference, seed, inputs and comparison, and never runs student code.

``ask`` takes a `Call` to wherever the student's code lives and brings back a `Reply`: an array rebuilt from bytes, or
how the call ended without one.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercise import Call, Case, Criterion, Exercise, Misconception, Program
from autograder.sandbox import CallStatus, Reply, StudentError
from autograder.sandbox.inside import wire
from autograder.student_files.comparing import Answer, Expected, answers_agree, difference
from autograder.verdict import CriterionResult, Mark, Outcome, Reason, Verdict

Ask = Callable[[Call], Reply]

_MARKS = {
    CallStatus.RAISED: Mark.ERROR,
    CallStatus.CRASHED: Mark.ERROR,
    CallStatus.TIMED_OUT: Mark.TIMEOUT,
    CallStatus.OUT_OF_TIME: Mark.NOT_RUN,
}
_FATAL = (CallStatus.CRASHED, CallStatus.TIMED_OUT, CallStatus.OUT_OF_TIME)


@dataclass(frozen=True)
class DrawnCase:
    """A case with its hidden call and what is wanted."""

    case: Case
    call: Call
    wanted: tuple[Expected, ...]


@dataclass(frozen=True)
class _Asked:
    """A question, and how it went."""

    question: DrawnCase
    mark: Mark
    reply: Reply | None = None  # None: not run


class ReferenceAnswers:
    """The questions of an exercise under one seed, and what programs of ours answer: each is worked out once.

    Nothing in it comes from a submission, so whoever judges many under the same seed keeps it.
    """

    def __init__(self, exercise: Exercise, seed: int) -> None:
        self.exercise = exercise
        self.seed = seed
        self._questions: dict[str, DrawnCase] = {}
        self._replies: dict[tuple[Program, int], Reply] = {}
        self._answers: dict[tuple[Program, int], Answer] = {}

    def question(self, case: Case) -> DrawnCase:
        """The question of one case."""
        if case.name not in self._questions:
            call = draw_input(case, self.seed)
            self._questions[case.name] = DrawnCase(case, call, expected_parts(self.exercise, call))
        return self._questions[case.name]

    def reply(self, program: Program, call: Call) -> Reply:
        """What a program of ours replies to a question's call, which this sheet keeps alive: so its id is its own."""
        if (program, id(call)) not in self._replies:
            self._replies[program, id(call)] = run_trusted(program, call)
        return self._replies[program, id(call)]

    def answer(self, program: Program, call: Call) -> Answer:
        """The same as an answer."""
        if (program, id(call)) not in self._answers:
            self._answers[program, id(call)] = to_answer(self.reply(program, call), call)
        return self._answers[program, id(call)]


def judge(exercise: Exercise, ask: Ask, *, seed: int) -> Verdict:
    """Ask every case of every criterion; say what the answers are worth, and why.

    The same answers under the same seed give the same verdict, in whichever order the cases stand.
    """
    return judge_with(ReferenceAnswers(exercise, seed), ask)


def judge_with(sheet: ReferenceAnswers, ask: Ask) -> Verdict:
    """The same as `judge`, with a sheet that may have served before."""
    exercise = sheet.exercise
    groups = [_ask_all(sheet, criterion, ask) for criterion in exercise.criteria]
    named = _explain(sheet, [asked for group in groups for asked in group])
    outcomes: list[Outcome] = []
    results: list[CriterionResult] = []
    for criterion, group in zip(exercise.criteria, groups, strict=True):
        outcomes += [_outcome(exercise, criterion, asked, named) for asked in group]
        first = next((asked for asked in group if asked.mark is not Mark.PASS), None)
        reason = _reason(exercise, first, named) if first else None
        points = 0 if reason else criterion.points
        results.append(CriterionResult(criterion.name, points, criterion.points, reason))
    return Verdict(tuple(outcomes), tuple(results))


def passes_all(sheet: ReferenceAnswers, ask: Ask) -> bool:
    """Whether every case passes; asks no further after the first that does not."""
    questions = (sheet.question(case) for criterion in sheet.exercise.criteria for case in criterion.cases)
    return all(_mark(question, ask(question.call)) is Mark.PASS for question in questions)


def unjudged_verdict(exercise: Exercise, why: str) -> Verdict:
    """The verdict on a function that could not be asked at all: no points, and one reason for every criterion."""
    outcomes = [
        Outcome(case.name, criterion.name, case.clause, Mark.NOT_RUN)
        for criterion in exercise.criteria
        for case in criterion.cases
    ]
    reason = Reason(why, "", "", "")
    return Verdict(tuple(outcomes), tuple(CriterionResult(c.name, 0, c.points, reason) for c in exercise.criteria))


def draw_input(case: Case, seed: int) -> Call:
    """The hidden call of a case under a seed; it depends on nothing else."""
    return case.draw(np.random.default_rng([seed, zlib.crc32(case.name.encode())]))


def run_trusted(program: Program, call: Call) -> Reply:
    """Answer a call with a program of ours, in this process, exactly as the sandbox would answer with a student's."""
    args, kwargs = _fresh(call)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = wire.round_trip(program(*args, **kwargs))
    except Exception as error:
        return Reply(CallStatus.RAISED, error=StudentError(type(error).__name__, str(error)))
    return Reply(CallStatus.RETURNED, result, (*args, *kwargs.values()))


def expected_parts(exercise: Exercise, call: Call) -> tuple[Expected, ...]:
    """What the reference gives for a call, and how exactly an answer has to match it."""
    reply = run_trusted(exercise.reference, call)
    if reply.status is not CallStatus.RETURNED:
        raise ValueError(f"{exercise.function}: the reference raised {reply.error}. Mend the reference or the case.")
    arrays = reply.result if isinstance(reply.result, tuple) else (reply.result,)
    args, kwargs = _fresh(call)
    return tuple(
        Expected(
            part.name,
            array,
            part.tolerance(array),
            part.may_be_integer,
            part.must_be_zero(*args, **kwargs) if part.must_be_zero else None,
        )
        for part, array in zip(exercise.returns, arrays, strict=True)
    )


def to_answer(reply: Reply, call: Call) -> Answer:
    """What a reply says: a value or an exception, and whether the call changed its arguments."""
    if reply.status is not CallStatus.RETURNED:
        return Answer(raised=reply.error.type_name if reply.error else reply.status.value)
    before = (*call.args, *call.kwargs.values())
    unchanged = len(before) == len(reply.arguments_after) and all(map(_same_bytes, before, reply.arguments_after))
    return Answer(reply.result, changed=not unchanged)


def _fresh(call: Call) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Copies of a call's arguments in the same memory layout, the way the sandbox gets them."""
    values = wire.round_trip((*call.args, *call.kwargs.values()))
    return values[: len(call.args)], dict(zip(call.kwargs, values[len(call.args) :], strict=True))


def _same_bytes(before: Any, after: Any) -> bool:
    if not isinstance(before, np.ndarray):
        return type(after) is type(before) and bool(after == before)
    if type(after) is not np.ndarray or after.dtype != before.dtype or after.shape != before.shape:
        return False
    return before.tobytes() == after.tobytes()


def _ask_all(sheet: ReferenceAnswers, criterion: Criterion, ask: Ask) -> list[_Asked]:
    """Ask the cases of one criterion. A call that ends its process ends the criterion; the rest is not run."""
    group: list[_Asked] = []
    for case in criterion.cases:
        question = sheet.question(case)
        if group and group[-1].mark is not Mark.PASS and _ended(group[-1]):
            group.append(_Asked(question, Mark.NOT_RUN))
            continue
        reply = ask(question.call)
        group.append(_Asked(question, _mark(question, reply), reply))
    return group


def _ended(asked: _Asked) -> bool:
    return asked.reply is None or asked.reply.status in _FATAL


def _mark(question: DrawnCase, reply: Reply) -> Mark:
    if reply.status is not CallStatus.RETURNED:
        return _MARKS[reply.status]
    if question.case.clause == "pure" and to_answer(reply, question.call).changed:
        return Mark.FAIL
    return Mark.FAIL if difference(question.wanted, reply.result) else Mark.PASS


def _explain(sheet: ReferenceAnswers, asked: Sequence[_Asked]) -> tuple[Misconception, ...]:
    """The wrong programs that agree with the student on every case that ran; none where every case passed."""
    ran = [one for one in asked if one.reply and one.reply.status in (CallStatus.RETURNED, CallStatus.RAISED)]
    if not any(one.mark is not Mark.PASS for one in ran):
        return ()
    ran.sort(key=lambda one: one.mark is Mark.PASS)  # what fails tells programs apart soonest
    theirs = [(one.question, to_answer(one.reply, one.question.call)) for one in ran if one.reply]
    return tuple(
        misconception
        for misconception in sheet.exercise.misconceptions
        if all(_agrees(sheet, misconception.program, question, answer) for question, answer in theirs)
    )


def _agrees(sheet: ReferenceAnswers, program: Program, question: DrawnCase, theirs: Answer) -> bool:
    return answers_agree(theirs, sheet.answer(program, question.call), [wanted.tolerance for wanted in question.wanted])


def _outcome(exercise: Exercise, criterion: Criterion, asked: _Asked, named: Sequence[Misconception]) -> Outcome:
    case, mark = asked.question.case, asked.mark
    if mark is Mark.PASS:
        return Outcome(case.name, criterion.name, case.clause, mark)
    if mark is Mark.NOT_RUN:
        return Outcome(case.name, criterion.name, case.clause, mark, hint=_how_it_ended(asked))
    hint = named[0].hint if named else exercise.hint(case.clause)
    text = str(hint) if mark is Mark.FAIL or named else f"{_how_it_ended(asked)} {hint}"
    slugs = tuple(misconception.slug for misconception in named)
    return Outcome(case.name, criterion.name, case.clause, mark, slugs, text)


def _reason(exercise: Exercise, failed: _Asked, named: Sequence[Misconception]) -> Reason:
    """Why a criterion was not earned: what holds, how a case went, a question, one thing to try."""
    hint = named[0].hint if named else exercise.hint(failed.question.case.clause)
    if _ended(failed):
        advice = "Look for a loop without an end or a call that quits Python."
        return Reason(hint.holds, _how_it_ended(failed), "", advice)
    return Reason(hint.holds, _how_it_ended(failed), hint.question, hint.advice)


def _how_it_ended(asked: _Asked) -> str:
    """How a hidden call ended, without a word of the student's or of the hidden input in it."""
    if asked.reply is None:
        return "Not run, because an earlier call of this criterion ended the process."
    match asked.reply.status:
        case CallStatus.OUT_OF_TIME:
            return "Not run, because the time for the whole submission was used up."
        case CallStatus.TIMED_OUT:
            return "A call did not end in the time that each call has, and was stopped."
        case CallStatus.CRASHED:
            return "A call ended the Python process instead of returning."
        case CallStatus.RAISED:
            return "A call raised an exception."
    return "On a hidden input of this kind the result was another."
