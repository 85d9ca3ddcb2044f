"""``autograder explain`` and ``autograder compare``: what people need who answer for a score.

For the instructor's eyes. Both judge submissions again with the student's own seed, and write nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from autograder.contract import CLAUSES
from autograder.course import catalogue, seeds
from autograder.course.settings import Course
from autograder.diagnosis.public_examples import describe_example
from autograder.errors import AutograderError
from autograder.exercise import Exercise, Misconception
from autograder.formatting import format_points, format_verdict
from autograder.grading import grader
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, draw_input, expected_parts, run_trusted
from autograder.student_files.comparing import format_call
from autograder.student_files.comparing import format_value as shown
from autograder.verdict import Mark, Report


class ExplainError(AutograderError):
    """There is no such submission to explain; the text says what would work."""


def explain_score(course: Course, student: str, assignment: str, *, hidden: bool = False) -> Iterator[str]:
    """The verdict, its cases in words, the named mistake, what the gradebook has, and how to repeat it."""
    exercise = _exercise(course, assignment)
    path = _submission(course, student, assignment)
    if not path.parent.exists():
        raise ExplainError(f"{path.parent} does not exist. Collect the submission first: nbgrader collect {assignment}")
    report = _judge(course, exercise, student, assignment)
    yield format_verdict(report)
    yield ""
    yield from _cases(exercise, report, hidden=hidden)
    yield from _mistake(exercise, report)
    yield from _recorded(course, report, student, assignment)
    yield f"again      autograder judge {_short(path)} --exercise {exercise.function} --seed {report.seed}"


def preview_regrade(course: Course, assignment: str, *, everybody: bool = False) -> Iterator[str]:
    """What a regrade would change: the gradebook's verdicts beside those that the judge gives now."""
    from autograder.gradebook import verdict_table  # nbgrader takes a second to import
    from autograder.nbgrader_plugin import effective_config

    exercise = _exercise(course, assignment)
    recorded = {
        row.student: row
        for row in verdict_table.load_verdicts(effective_config.load_effective_config(course.root).db_url, assignment)
    }
    notebooks = (course.root / "submitted").glob(f"*/{assignment}/{assignment}.ipynb")
    handed_in = sorted(path.parents[1].name for path in notebooks)
    if not handed_in:
        raise ExplainError(f"nothing is handed in for {assignment}. Collect first: nbgrader collect {assignment}")
    width = max(map(len, handed_in))
    changed = 0
    for student in handed_in:
        report = _judge(course, exercise, student, assignment)
        now = _verdict(report.score, report.status, report.verdict.misconceptions)
        row = recorded.get(student)
        then = _verdict(row.score, row.status, row.misconceptions) if row else "not graded yet"
        changed += then != now
        if then != now or everybody:
            yield f"{student:{width}}  {then:44}  {'->' if then != now else '  '}  {now}"
    yield f"{changed} of {len(handed_in)} would change." + (
        f" Regrade: nbgrader autograde {assignment} --force" if changed else ""
    )


def _exercise(course: Course, assignment: str) -> Exercise:
    lesson = catalogue.load_lessons(course.root).get(assignment)
    if lesson is None or lesson.exercise is None:
        graded = [name for name, one in catalogue.load_lessons(course.root).items() if one.exercise]
        raise ExplainError(f"{assignment} has no exercise to explain. There are: {', '.join(graded)}.")
    return course.exercise(lesson.exercise.function)


def _submission(course: Course, student: str, assignment: str) -> Path:
    """The notebook; where it has another name, and is the only one, that one."""
    path = course.root / "submitted" / student / assignment / f"{assignment}.ipynb"
    others = [] if path.exists() else sorted(path.parent.glob("*.ipynb"))
    return others[0] if len(others) == 1 else path


def _judge(course: Course, exercise: Exercise, student: str, assignment: str) -> Report:
    """Judge a submission as `nbgrader autograde` does."""
    seed = seeds.seed_for(course.root, assignment, student)
    path, releases = _submission(course, student, assignment), course.root / "assignments"
    return grader.grade_file(path, exercise, seed=seed, limits=course.limits, releases=releases)


def _verdict(score: float | None, status: str, named: Sequence[str]) -> str:
    """A verdict in a few words."""
    return " ".join([format_points(score), status, *named[:1]])


def _cases(exercise: Exercise, report: Report, *, hidden: bool) -> Iterator[str]:
    """Each case in words; with ``hidden``, the input and the right answer of those that failed."""
    cases = {case.name: case for criterion in exercise.criteria for case in criterion.cases}
    for outcome in report.verdict.outcomes:
        passed = outcome.mark is Mark.PASS
        yield f"{outcome.mark:8}  {outcome.case}" + ("" if passed else f" ({CLAUSES[outcome.clause].meaning})")
        if hidden and not passed:
            call = draw_input(cases[outcome.case], report.seed)
            right = [part.array for part in expected_parts(exercise, call)]
            yield f"          {format_call(exercise.function, call.args, call.kwargs)}"
            yield f"          should give {shown(right[0] if len(right) == 1 else tuple(right))}"
    yield ""


def _mistake(exercise: Exercise, report: Report) -> Iterator[str]:
    """The named mistake as a program, and what the score would be without it."""
    named = [one for one in exercise.misconceptions if one.slug in report.verdict.misconceptions]
    for one in named:
        costs = judge_function(ReferenceAnswers(exercise, report.seed), partial(run_trusted, one.program))
        lost = exercise.max_score - costs.score
        yield f"mistake    {one.slug} ({one.clause}): {one.hint}"
        yield f"example    {_counterexample(exercise, one)}"
        yield f"without it {format_points((report.score or 0) + lost)} / {format_points(exercise.max_score)}"
        if one.source:
            yield f"seen in    {one.source}"


def _counterexample(exercise: Exercise, mistake: Misconception) -> str:
    """A public call, what the contract gives, and what the mistake gives."""
    examples = (example for criterion in exercise.criteria for example in criterion.examples)
    answered = ((example, run_trusted(mistake.program, example.call)) for example in examples)
    return next(filter(None, (describe_example(exercise, *pair) for pair in answered)), "")


def _recorded(course: Course, report: Report, student: str, assignment: str) -> Iterator[str]:
    """What the gradebook has, beside what the judge says now."""
    from autograder.gradebook import verdict_table  # nbgrader takes a second to import
    from autograder.nbgrader_plugin import effective_config

    row = next(
        (
            r
            for r in verdict_table.load_verdicts(effective_config.load_effective_config(course.root).db_url, assignment)
            if r.student == student
        ),
        None,
    )
    if row is None:
        yield f"gradebook  nothing yet: nbgrader autograde {assignment} --student {student}"
        return
    now = f"{format_points(report.score)} {report.status}"
    then = f"{format_points(row.score)} {row.status}, version {row.version}, {row.graded_at:%Y-%m-%d %H:%M} UTC"
    yield f"gradebook  {then}" + ("" if (row.score, row.status) == (report.score, report.status) else f"; now {now}")


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
