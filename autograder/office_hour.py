"""``autograder explain STUDENT ASSIGNMENT``: what a teaching assistant needs when a student asks about a score.

For the instructor's eyes: it judges the submission again with the student's own seed, and shows hidden inputs when
asked to.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder import catalogue, grading, seeds, show
from autograder.contract import CLAUSES
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.exercise import Exercise
from autograder.judge import draw, judge, run, want
from autograder.released.comparing import show as shown
from autograder.released.comparing import show_call
from autograder.verdict import Mark, Report


class ExplainError(AutograderError):
    """There is no such submission to explain; the text says what would work."""


def explain(course: Course, student: str, assignment: str, *, hidden: bool = False) -> Iterator[str]:
    """The verdict, its cases in words, the named mistake, what the gradebook has, and how to repeat it."""
    lesson = catalogue.lessons(course.root).get(assignment)
    if lesson is None or lesson.exercise is None:
        graded = [name for name, one in catalogue.lessons(course.root).items() if one.exercise]
        raise ExplainError(f"{assignment} has no exercise to explain. There are: {', '.join(graded)}.")
    path = course.root / "submitted" / student / assignment / f"{assignment}.ipynb"
    if not path.is_file():
        raise ExplainError(f"{path} does not exist. Collect the submission first: nbgrader collect {assignment}")
    exercise = course.exercise(lesson.exercise.function)
    seed = seeds.seed_for(course.root, assignment, student)
    releases = course.root / "assignments"
    report = grading.grade_file(path, exercise, seed=seed, limits=course.limits, releases=releases)
    yield show.verdict(report)
    yield ""
    yield from _cases(exercise, report, hidden=hidden)
    yield from _mistake(exercise, report)
    yield from _recorded(course, report, student, assignment)
    yield f"again      autograder judge {_short(path)} --exercise {exercise.function} --seed {seed}"


def _cases(exercise: Exercise, report: Report, *, hidden: bool) -> Iterator[str]:
    """Each case in words; with ``hidden``, the input and the right answer of those that failed."""
    cases = {case.name: case for criterion in exercise.criteria for case in criterion.cases}
    for outcome in report.verdict.outcomes:
        passed = outcome.mark is Mark.PASS
        yield f"{outcome.mark:8}  {outcome.case}" + ("" if passed else f" ({CLAUSES[outcome.clause].meaning})")
        if hidden and not passed:
            call = draw(cases[outcome.case], report.seed)
            right = [part.array for part in want(exercise, call)]
            yield f"          {show_call(exercise.function, call.args, call.kwargs)}"
            yield f"          should give {shown(right[0] if len(right) == 1 else tuple(right))}"
    yield ""


def _mistake(exercise: Exercise, report: Report) -> Iterator[str]:
    """The named mistake as a program, and what the score would be without it."""
    named = [one for one in exercise.misconceptions if one.slug in report.verdict.misconceptions]
    for one in named:
        costs = judge(exercise, lambda call, program=one.program: run(program, call), seed=report.seed)  # type: ignore[misc]
        lost = exercise.max_score - costs.score
        yield f"mistake    {one.slug} ({one.clause}): {one.hint}"
        yield f"without it {show.number((report.score or 0) + lost)} / {show.number(exercise.max_score)}"
        if one.source:
            yield f"seen in    {one.source}"


def _recorded(course: Course, report: Report, student: str, assignment: str) -> Iterator[str]:
    """What the gradebook has, beside what the judge says now."""
    from autograder.bridge import health, table  # nbgrader takes a second to import

    row = next((r for r in table.rows(health.in_force(course.root).db_url, assignment) if r.student == student), None)
    if row is None:
        yield f"gradebook  nothing yet: nbgrader autograde {assignment} --student {student}"
        return
    now = f"{show.number(report.score)} {report.status}"
    then = f"{show.number(row.score)} {row.status}, version {row.version}, {row.graded_at:%Y-%m-%d %H:%M} UTC"
    yield f"gradebook  {then}" + ("" if (row.score, row.status) == (report.score, report.status) else f"; now {now}")


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
