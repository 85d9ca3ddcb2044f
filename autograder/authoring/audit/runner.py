"""Judge every program whose right verdict is known. The work is divided into jobs for all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from autograder.authoring.audit.exceptions_file import read_exceptions
from autograder.authoring.audit.known_programs import (
    correct_programs,
    load_program,
    misconception_program,
    mutant_survives,
)
from autograder.authoring.audit.mutants import make_mutants
from autograder.authoring.audit.results import ExerciseAudit, MutationResult, ProgramResult, SandboxResult
from autograder.course import catalogue
from autograder.course.catalogue import Lesson
from autograder.exercise import Call, Case, Exercise
from autograder.grading import grader
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, draw_input, run_trusted
from autograder.sandbox.inside import wire
from autograder.submission.reader import Submission
from autograder.verdict import Mark, Verdict

# A course directory and a function. Jobs get this key because an exercise cannot be pickled.
ExerciseKey = tuple[Path | None, str]
# Receives the function, the number of finished jobs, and the number of all jobs.
ProgressCallback = Callable[[str, int, int], None]

_SEEDS_PER_JOB = 10
_MUTANT_SEEDS = (1, 2, 3)  # a survivor passes under each of these


def run_audits(exercises: Sequence[ExerciseKey], *, seeds: int, progress: ProgressCallback) -> Iterator[ExerciseAudit]:
    """Audit exercises one after another, each on all cores, under the seeds from 1 to ``seeds``."""
    with ProcessPoolExecutor(initializer=_silence_output) as pool:
        for key in exercises:
            yield _audit(key, pool, seeds, progress)


def _audit(key: ExerciseKey, pool: ProcessPoolExecutor, seeds: int, progress: ProgressCallback) -> ExerciseAudit:
    lesson, exercise = _load(key)
    starts = range(1, seeds + 1, _SEEDS_PER_JOB)
    chunks = [range(start, min(start + _SEEDS_PER_JOB, seeds + 1)) for start in starts]
    mutation_jobs = [pool.submit(_judge_mutants, key, name) for name in correct_programs(lesson)]
    judging_jobs = [pool.submit(_judge_programs, key, chunk) for chunk in chunks]
    sandbox_job = pool.submit(_judge_in_sandbox, key)
    _wait_for([*mutation_jobs, *judging_jobs, sandbox_job], partial(progress, exercise.function))

    results = _merge_runs([job.result() for job in judging_jobs])
    broken_clause = {misconception.slug: misconception.clause for misconception in exercise.misconceptions}
    return ExerciseAudit(
        function=exercise.function,
        max_score=exercise.max_score,
        seeds=seeds,
        cases=_cases_by_clause(exercise),
        criteria=tuple(criterion.name for criterion in exercise.criteria),
        broken_clause=broken_clause,
        fixed_input_cases=tuple(case.name for case in _cases(exercise) if _has_fixed_input(case)),
        correct=tuple(result for result in results if result.program not in broken_clause),
        misconceptions=tuple(result for result in results if result.program in broken_clause),
        mutations=tuple(job.result() for job in mutation_jobs),
        sandbox=sandbox_job.result(),
        expected=read_exceptions(lesson.source.parent),
    )


def _wait_for(jobs: list[Future[Any]], report: Callable[[int, int], None]) -> None:
    for done, _ in enumerate(as_completed(jobs), start=1):
        report(done, len(jobs))


def _judge_programs(key: ExerciseKey, seeds: Sequence[int]) -> list[ProgramResult]:
    """Judge every correct program and every misconception under some seeds."""
    lesson, exercise = _load(key)
    correct = {name: load_program(text, exercise.function) for name, text in correct_programs(lesson).items()}
    runs = []
    for seed in seeds:
        answers = ReferenceAnswers(exercise, seed)
        verdicts = {name: judge_function(answers, partial(run_trusted, program)) for name, program in correct.items()}
        for misconception in exercise.misconceptions:
            # Shares the answers of misconceptions with the judge, which asks for them to name a mistake.
            verdicts[misconception.slug] = judge_function(answers, partial(answers.reply, misconception.program))
        runs.append([_result(name, verdict, seed) for name, verdict in verdicts.items()])
    return _merge_runs(runs)


def _merge_runs(runs: Sequence[Sequence[ProgramResult]]) -> list[ProgramResult]:
    """Return each program's first result, with the first seed that gave another verdict."""
    merged = []
    for results in zip(*runs, strict=True):
        first = results[0]
        differing = (
            result.differs_at_seed or result.seed
            for result in results
            if result.differs_at_seed or not result.same_verdict(first)
        )
        merged.append(replace(first, differs_at_seed=next(differing, None)))
    return merged


def _judge_mutants(key: ExerciseKey, program: str) -> MutationResult:
    """Make the mutants of one correct program, and find those that pass every case under every seed."""
    lesson, exercise = _load(key)
    answers_by_seed = [ReferenceAnswers(exercise, seed) for seed in _MUTANT_SEEDS]
    mutants = list(make_mutants(program, correct_programs(lesson)[program]))
    survivors = [
        mutant.name for mutant in mutants if all(mutant_survives(answers, mutant.text) for answers in answers_by_seed)
    ]
    return MutationResult(program, len(mutants), tuple(survivors))


def _judge_in_sandbox(key: ExerciseKey) -> SandboxResult:
    """Grade every program as a submission, and compare with the verdict that it gets without the sandbox."""
    lesson, exercise = _load(key)
    answers = ReferenceAnswers(exercise, seed=1)
    programs = [(name, text, load_program(text, exercise.function)) for name, text in correct_programs(lesson).items()]
    programs += [
        (misconception.slug, misconception_program(lesson, misconception.slug), misconception.program)
        for misconception in exercise.misconceptions
    ]
    differing, isolation = [], ""
    for name, text, program in programs:
        report = grader.grade_submission(Submission(((name, text),)), exercise, path=name, seed=answers.seed)
        isolation = report.isolation
        direct = judge_function(answers, partial(run_trusted, program))
        if not _result(name, report.verdict, answers.seed).same_verdict(_result(name, direct, answers.seed)):
            differing.append(name)
    return SandboxResult(isolation, len(programs), tuple(differing))


def _result(program: str, verdict: Verdict, seed: int) -> ProgramResult:
    failed = dict.fromkeys(outcome.clause for outcome in verdict.outcomes if outcome.mark is not Mark.PASS)
    lost = tuple(criterion.name for criterion in verdict.criteria if not criterion.earned)
    return ProgramResult(program, verdict.score, lost, tuple(failed), verdict.misconceptions, seed)


def _cases(exercise: Exercise) -> list[Case]:
    return [case for criterion in exercise.criteria for case in criterion.cases]


def _cases_by_clause(exercise: Exercise) -> dict[str, tuple[str, ...]]:
    cases: dict[str, tuple[str, ...]] = {}
    for case in _cases(exercise):
        cases[case.clause] = (*cases.get(case.clause, ()), case.name)
    return cases


def _has_fixed_input(case: Case) -> bool:
    return _encode(draw_input(case, 1)) == _encode(draw_input(case, 2))


def _encode(call: Call) -> tuple[object, ...]:
    return wire.encode((*call.args, *call.kwargs.values()))


@cache
def _load(key: ExerciseKey) -> tuple[Lesson, Exercise]:
    root, function = key
    exercise = catalogue.load_exercise(function, root)
    for lesson in catalogue.load_lessons(root).values():
        if lesson.exercise and lesson.exercise.function == function:
            return lesson, exercise
    raise catalogue.CatalogueError(f"{function} has no lesson.py next to exercise.py. An audit needs its solution.")


def _silence_output() -> None:
    """Discard what the programs print."""
    for descriptor in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
