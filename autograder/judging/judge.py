"""Ask every hidden case, mark the answers and explain the failures.

Pure: student code runs elsewhere. An ``ask`` function takes a `Call` to it and brings back a `Reply`: an array that was
rebuilt from bytes, or how the call ended without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.contract import Hint
from autograder.exercise import Case, Criterion, Exercise, Misconception
from autograder.judging.reference_answers import Ask, ReferenceAnswers, passes, to_answer
from autograder.sandbox import CallStatus, Reply
from autograder.student_files.comparing import Answer, answers_agree
from autograder.verdict import CriterionResult, Mark, Outcome, Reason, Verdict

_MARKS = {
    CallStatus.RAISED: Mark.ERROR,
    CallStatus.CRASHED: Mark.ERROR,
    CallStatus.TIMED_OUT: Mark.TIMEOUT,
    CallStatus.OUT_OF_TIME: Mark.NOT_RUN,
}
_ENDS_PROCESS = (CallStatus.CRASHED, CallStatus.TIMED_OUT, CallStatus.OUT_OF_TIME)


@dataclass(frozen=True)
class _MarkedCase:
    """A case of a criterion with the student's reply and its mark."""

    criterion: Criterion
    case: Case
    mark: Mark
    reply: Reply | None = None  # None: not run

    @property
    def ended_process(self) -> bool:
        """Whether no further call of the criterion can be made."""
        return self.reply is None or self.reply.status in _ENDS_PROCESS


def judge_function(references: ReferenceAnswers, ask: Ask) -> Verdict:
    """Ask every case of every criterion; return the points, and a reason for each criterion that earned none.

    The same answers under the same seed give the same verdict, in any order of the cases.
    """
    exercise = references.exercise
    groups = [_ask_criterion(references, criterion, ask) for criterion in exercise.criteria]
    marked_cases = [marked for group in groups for marked in group]
    mistakes = _matching_misconceptions(references, marked_cases)
    outcomes = tuple(_outcome(exercise, marked, mistakes) for marked in marked_cases)
    results = zip(exercise.criteria, groups, strict=True)
    return Verdict(outcomes, tuple(_result(exercise, criterion, group, mistakes) for criterion, group in results))


def unjudged_verdict(exercise: Exercise, reason: Reason) -> Verdict:
    """Return the verdict on a function that could not be called: no points, and one reason for every criterion."""
    outcomes = [
        Outcome(case.name, criterion.name, case.clause, Mark.NOT_RUN)
        for criterion in exercise.criteria
        for case in criterion.cases
    ]
    results = [CriterionResult(criterion.name, 0, criterion.points, reason) for criterion in exercise.criteria]
    return Verdict(tuple(outcomes), tuple(results))


def _ask_criterion(references: ReferenceAnswers, criterion: Criterion, ask: Ask) -> list[_MarkedCase]:
    """Ask the cases of one criterion. After a call that ends its process, the other cases are not run."""
    group: list[_MarkedCase] = []
    for case in criterion.cases:
        if group and group[-1].ended_process:
            group.append(_MarkedCase(criterion, case, Mark.NOT_RUN))
            continue
        reply = ask(references.call(case))
        group.append(_MarkedCase(criterion, case, _mark(references, case, reply), reply))
    return group


def _mark(references: ReferenceAnswers, case: Case, reply: Reply) -> Mark:
    if reply.status is not CallStatus.RETURNED:
        return _MARKS[reply.status]
    return Mark.PASS if passes(references, case, reply) else Mark.FAIL


def _matching_misconceptions(
    references: ReferenceAnswers, marked_cases: Sequence[_MarkedCase]
) -> tuple[Misconception, ...]:
    """Return the misconceptions that agree with the student on every case that ran; none if every case passed."""
    ran = [
        (marked.case, marked.mark, marked.reply)
        for marked in marked_cases
        if marked.reply and marked.reply.status in (CallStatus.RETURNED, CallStatus.RAISED)
    ]
    if all(mark is Mark.PASS for _, mark, _ in ran):
        return ()
    # Failed cases come first, because they tell programs apart soonest.
    ran.sort(key=lambda asked: asked[1] is Mark.PASS)
    answers = [(case, to_answer(reply, references.call(case))) for case, _, reply in ran]
    return tuple(
        misconception
        for misconception in references.exercise.misconceptions
        if all(_agrees(references, misconception, case, answer) for case, answer in answers)
    )


def _agrees(references: ReferenceAnswers, misconception: Misconception, case: Case, student_answer: Answer) -> bool:
    answer = references.answer(misconception.program, references.call(case))
    return answers_agree(student_answer, answer, [part.tolerance for part in references.expected(case)])


def _outcome(exercise: Exercise, marked: _MarkedCase, mistakes: Sequence[Misconception]) -> Outcome:
    case, mark = marked.case, marked.mark
    if mark is Mark.PASS:
        return Outcome(case.name, marked.criterion.name, case.clause, mark)
    if mark is Mark.NOT_RUN:
        return Outcome(case.name, marked.criterion.name, case.clause, mark, hint=_describe_ending(marked))
    hint = str(_hint(exercise, marked, mistakes))
    if mark is not Mark.FAIL and not mistakes:
        hint = f"{_describe_ending(marked)} {hint}"
    slugs = tuple(mistake.slug for mistake in mistakes)
    return Outcome(case.name, marked.criterion.name, case.clause, mark, slugs, hint)


def _result(
    exercise: Exercise, criterion: Criterion, group: Sequence[_MarkedCase], mistakes: Sequence[Misconception]
) -> CriterionResult:
    failed = next((marked for marked in group if marked.mark is not Mark.PASS), None)
    if failed is None:
        return CriterionResult(criterion.name, criterion.points, criterion.points)
    return CriterionResult(criterion.name, 0, criterion.points, _reason(exercise, failed, mistakes))


def _reason(exercise: Exercise, failed: _MarkedCase, mistakes: Sequence[Misconception]) -> Reason:
    """Return what holds, how the case ended, a question, and one thing to try."""
    hint = _hint(exercise, failed, mistakes)
    if failed.ended_process:
        advice = "Look for an endless loop or a call that quits Python."
        return Reason(hint.holds, _describe_ending(failed), "", advice)
    return Reason(hint.holds, _describe_ending(failed), hint.question, hint.advice)


def _hint(exercise: Exercise, failed: _MarkedCase, mistakes: Sequence[Misconception]) -> Hint:
    return mistakes[0].hint if mistakes else exercise.hint(failed.case.clause)


def _describe_ending(marked: _MarkedCase) -> str:
    """Say how a hidden call ended, without a word of the student's or of the hidden input."""
    if marked.reply is None:
        return "Not run, because an earlier call of this criterion ended the process."
    match marked.reply.status:
        case CallStatus.OUT_OF_TIME:
            return "Not run, because the time for the whole submission was used up."
        case CallStatus.TIMED_OUT:
            return "A call took longer than a call may take, and was stopped."
        case CallStatus.CRASHED:
            return "A call ended the Python process instead of returning."
        case CallStatus.RAISED:
            return "A call raised an exception."
    return "On a hidden input of this kind the result was different."
