"""Ask the hidden tests about every program that we know the answer for. The work is cut into pieces, for all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from autograder.authoring.audit import programs
from autograder.authoring.audit.exceptions_file import read_exceptions
from autograder.authoring.audit.findings import Audit, Known, Mutated, Repeated
from autograder.authoring.audit.mutants import mutants
from autograder.course import catalogue
from autograder.course.catalogue import Lesson
from autograder.exercise import Call, Exercise
from autograder.grading import grader
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, draw_input, run_trusted
from autograder.sandbox.inside import wire
from autograder.submission.reader import Submission
from autograder.verdict import Mark, Verdict

Which = tuple[Path | None, str]  # a course's directory and a function: an exercise itself cannot travel to a process
Progress = Callable[[str, int, int], None]  # hears the function, the pieces of work done, and all of them

_CHUNK = 10  # seeds in a piece of work
_SURVIVES = (1, 2, 3)  # a survivor passes under each of these seeds


def audit(which: Sequence[Which], *, seeds: int, progress: Progress) -> Iterator[Audit]:
    """Audit exercises, one after another on all cores, under the seeds from 1 on."""
    with ProcessPoolExecutor(initializer=_be_quiet) as pool:
        for one in which:
            yield _audit(one, pool, seeds, progress)


def _audit(which: Which, pool: ProcessPoolExecutor, seeds: int, progress: Progress) -> Audit:
    lesson, card = _exercise(which)
    chunks = [range(first, min(first + _CHUNK, seeds + 1)) for first in range(1, seeds + 1, _CHUNK)]
    mutated = [pool.submit(_mutate, which, name) for name in programs.right_texts(lesson)]
    judged = [pool.submit(_judge, which, chunk) for chunk in chunks]
    repeated = pool.submit(_repeat, which)
    pieces: list[Future[Any]] = [*mutated, *judged, repeated]
    for number, _ in enumerate(as_completed(pieces), start=1):
        progress(which[1], number, len(pieces))
    known = _join([piece.result() for piece in judged])
    wrong = {one.slug: one.clause for one in card.misconceptions}
    cases = [case for criterion in card.criteria for case in criterion.cases]
    return Audit(
        function=card.function,
        max_score=card.max_score,
        seeds=seeds,
        cases={clause: tuple(one.name for one in cases if one.clause == clause) for clause in _clauses(card)},
        criteria=tuple(criterion.name for criterion in card.criteria),
        own_clause=wrong,
        remembered=tuple(one.name for one in cases if _bytes(draw_input(one, 1)) == _bytes(draw_input(one, 2))),
        right=tuple(one for one in known if one.name not in wrong),
        wrong=tuple(one for one in known if one.name in wrong),
        mutated=tuple(piece.result() for piece in mutated),
        sandbox=repeated.result(),
        listed=read_exceptions(lesson.source.parent),
    )


def _judge(which: Which, seeds: Sequence[int]) -> list[Known]:
    """Judge every right program and every misconception under some seeds."""
    lesson, card = _exercise(which)
    right = {name: programs.load(text, card.function) for name, text in programs.right_texts(lesson).items()}
    wrong = {one.slug: one.program for one in card.misconceptions}
    runs = []
    for seed in seeds:
        sheet = ReferenceAnswers(card, seed)
        found = {name: judge_function(sheet, partial(run_trusted, program)) for name, program in right.items()}
        for slug, program in wrong.items():
            found[slug] = judge_function(sheet, partial(sheet.reply, program))
        runs.append([replace(_known(name, verdict), seed=seed) for name, verdict in found.items()])
    return _join(runs)


def _join(runs: Sequence[Sequence[Known]]) -> list[Known]:
    """The first run of each program; with the first seed of a run that came out otherwise."""
    joined = []
    for same in zip(*runs, strict=True):
        first = same[0]
        changes = (one.changes_at or one.seed for one in same if one.changes_at or not one.agrees(first))
        joined.append(replace(first, changes_at=next(changes, None)))
    return joined


def _mutate(which: Which, name: str) -> Mutated:
    """Make the mutants of one right program, and see which of them pass."""
    lesson, card = _exercise(which)
    sheets = [ReferenceAnswers(card, seed) for seed in _SURVIVES]
    made = list(mutants(name, programs.right_texts(lesson)[name]))
    alive = [one.name for one in made if all(programs.survives(sheet, one.text) for sheet in sheets)]
    return Mutated(name, len(made), tuple(alive))


def _repeat(which: Which) -> Repeated:
    """Judge every program once more, as a submission in the sandbox."""
    lesson, card = _exercise(which)
    sheet = ReferenceAnswers(card, 1)
    pairs = [(name, text, programs.load(text, card.function)) for name, text in programs.right_texts(lesson).items()]
    pairs += [(one.slug, programs.mistake_text(lesson, one.slug), one.program) for one in card.misconceptions]
    differ, isolation = [], ""
    for name, text, program in pairs:
        report = grader.grade_submission(Submission(((name, text),)), card, path=name, seed=sheet.seed)
        isolation = report.isolation
        if not _known(name, report.verdict).agrees(_known(name, judge_function(sheet, partial(run_trusted, program)))):
            differ.append(name)
    return Repeated(isolation, len(pairs), tuple(differ))


def _known(name: str, verdict: Verdict) -> Known:
    failed = (one.clause for one in verdict.outcomes if one.mark is not Mark.PASS)
    lost = tuple(one.name for one in verdict.criteria if not one.earned)
    return Known(name, verdict.score, lost, tuple(dict.fromkeys(failed)), verdict.misconceptions)


def _clauses(card: Exercise) -> list[str]:
    return list(dict.fromkeys(case.clause for criterion in card.criteria for case in criterion.cases))


def _bytes(call: Call) -> tuple[object, ...]:
    return wire.encode((*call.args, *call.kwargs.values()))


@cache
def _exercise(which: Which) -> tuple[Lesson, Exercise]:
    root, function = which
    lessons = [
        one for one in catalogue.load_lessons(root).values() if one.exercise and one.exercise.function == function
    ]
    card = catalogue.load_exercise(function, root)
    if not lessons:
        raise catalogue.CatalogueError(f"{function} has no lesson.py beside its card. An audit needs its solution.")
    return lessons[0], card


def _be_quiet() -> None:
    """Right programs may print."""
    for descriptor in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
