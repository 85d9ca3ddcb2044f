"""Explain why a submission has its score, for an instructor who answers a student's question.

The submission is judged again with the student's own seed, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from autograder.contract import CLAUSES
from autograder.course import catalogue, seeds
from autograder.course.settings import Course
from autograder.diagnosis.public_examples import describe_example
from autograder.errors import AutograderError
from autograder.exercise import Case, Exercise, Misconception
from autograder.formatting import DisplayableVerdict, format_points, format_score, format_verdict
from autograder.grading import grader
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, draw_input, expected_parts, run_trusted
from autograder.student_files.comparing import format_call, format_value
from autograder.submission import companion_files
from autograder.submission.finder import find_notebook, read_chosen_file
from autograder.submission.reader import load_release, parse_notebook
from autograder.submission.submitted_file import Rejection, SubmittedFile
from autograder.submission.submitted_folder import read_submitted_folder
from autograder.submission.submitted_work import read_submitted_work
from autograder.verdict import Mark, Report


class ExplainError(AutograderError):
    """Raised if there is no such submission to explain; the text ends with what to do."""


def explain_score(course: Course, student: str, assignment: str, *, hidden: bool = False) -> Iterator[str]:
    """Yield lines: the verdict, each case in words, the named mistake, the gradebook's verdict, how to repeat it.

    With ``hidden``, failed cases show their hidden input and the right answer: for the eyes of instructors only.
    Raises `ExplainError` if the assignment has no exercise or the student has no submission.
    """
    exercise = _exercise_of(course, assignment)
    folder = course.root / "submitted" / student / assignment
    if not folder.exists():
        raise ExplainError(f"{folder} does not exist. Collect the submission first: nbgrader collect {assignment}")
    release = load_release(course.root / "assignments", assignment)
    seed, chosen_file, ignored = _stored_decisions(course, student, assignment, folder)
    instructors = companion_files.read_folder(course.root / "solutions" / assignment, ignored)
    submitted = read_submitted_folder(folder, instructors)
    if chosen_file:
        file = read_chosen_file(submitted, chosen_file, instructors)
    else:
        file = find_notebook(submitted, assignment, release, [assignment], instructors)
    siblings = {} if isinstance(file, Rejection) else file.siblings
    files = companion_files.merge_files(instructors, siblings)
    files = companion_files.merge_files(files, companion_files.read_folder(folder, ignored))
    submission = file if isinstance(file, Rejection) else parse_notebook(file, release)
    report = grader.grade_submission(
        submission, exercise, path=f"{assignment}.ipynb", seed=seed, limits=course.limits, files=files
    )
    path = file.path if isinstance(file, SubmittedFile) and file.path.is_file() else folder
    yield format_verdict(report)
    yield ""
    yield from _explain_cases(exercise, report, hidden=hidden)
    yield ""
    yield from _explain_mistakes(exercise, report)
    yield _recorded_verdict(course, report, student, assignment)
    yield from _review_state(course, student, assignment)
    yield f"again      autograder judge {_relative(path)} --exercise {exercise.function} --seed {report.seed}"


def _exercise_of(course: Course, assignment: str) -> Exercise:
    lessons = catalogue.load_lessons(course.root)
    lesson = lessons.get(assignment)
    if lesson is None or lesson.exercise is None:
        with_exercise = [name for name, lesson in lessons.items() if lesson.exercise]
        raise ExplainError(f"{assignment} has no exercise to explain. There are: {', '.join(with_exercise)}.")
    return course.exercise(lesson.exercise.function)


def _stored_decisions(course: Course, student: str, assignment: str, folder: Path) -> tuple[int, str, tuple[str, ...]]:
    """Return the seed, the file that an instructor chose as the notebook, if any, and what nbgrader ignores."""
    from autograder.gradebook import acceptances, database, secret_fingerprint
    from autograder.nbgrader_plugin import effective_config

    config = effective_config.load_effective_config(course.root)
    db_url = config.db_url
    path, stored, acceptance = database.database_file(db_url), None, None
    if not path or path.exists():
        with database.connect(db_url) as connection:
            stored = secret_fingerprint.load_seeds(connection, assignment).get(student)
            acceptance = acceptances.load_acceptances(connection, assignment).get(student)
    seed = seeds.seed_for(course.root, assignment, student) if stored is None else stored
    is_of_this_work = acceptance and acceptance.work == read_submitted_work(folder).fingerprint
    return seed, acceptance.file if acceptance and is_of_this_work else "", config.ignored


def _explain_cases(exercise: Exercise, report: Report, *, hidden: bool) -> Iterator[str]:
    cases = {case.name: case for criterion in exercise.criteria for case in criterion.cases}
    not_run = [outcome.case for outcome in report.verdict.outcomes if outcome.mark is Mark.NOT_RUN]
    if not_run:
        yield f"{Mark.NOT_RUN:8}  {len(not_run)} of {len(report.verdict.outcomes)} cases"
    for outcome in report.verdict.outcomes:
        if outcome.mark is Mark.NOT_RUN:
            continue
        if outcome.mark is Mark.PASS:
            yield f"{outcome.mark:8}  {outcome.case}"
            continue
        yield f"{outcome.mark:8}  {outcome.case} ({CLAUSES[outcome.clause].meaning})"
        if hidden:
            yield from _hidden_question(exercise, cases[outcome.case], report.seed)


def _hidden_question(exercise: Exercise, case: Case, seed: int) -> Iterator[str]:
    """Yield the hidden input of a case and the right answer to it."""
    call = draw_input(case, seed)
    parts = [part.array for part in expected_parts(exercise, call)]
    answer = parts[0] if len(parts) == 1 else tuple(parts)
    yield f"          {format_call(exercise.function, call.args, call.kwargs)}"
    yield f"          should give {format_value(answer)}"


def _explain_mistakes(exercise: Exercise, report: Report) -> Iterator[str]:
    """Yield each named mistake with an example of it, and what the score would be without it."""
    for mistake in exercise.misconceptions:
        if mistake.slug not in report.verdict.misconceptions:
            continue
        verdict = judge_function(ReferenceAnswers(exercise, report.seed), partial(run_trusted, mistake.program))
        lost_points = exercise.max_score - verdict.score
        score_without = (report.score or 0) + lost_points
        yield f"mistake    {mistake.slug} ({mistake.clause}): {mistake.hint}"
        yield f"example    {_counterexample(exercise, mistake)}"
        yield f"without it {format_score(score_without, exercise.max_score)}"
        if mistake.source:
            yield f"seen in    {mistake.source}"


def _counterexample(exercise: Exercise, mistake: Misconception) -> str:
    """Return a public call, what it should give, and what the mistake gives; empty if no example tells them apart."""
    for criterion in exercise.criteria:
        for example in criterion.examples:
            description = describe_example(exercise, example, run_trusted(mistake.program, example.call))
            if description:
                return description
    return ""


def _recorded_verdict(course: Course, report: Report, student: str, assignment: str) -> str:
    """Return the gradebook's verdict, and today's if it differs."""
    from autograder.gradebook import verdict_table  # nbgrader takes a second to import
    from autograder.nbgrader_plugin import effective_config

    db_url = effective_config.load_effective_config(course.root).db_url
    verdicts = verdict_table.load_verdicts(db_url, assignment, [student])
    if not verdicts:
        return f"gradebook  nothing yet: nbgrader autograde {assignment} --student {student}"
    recorded = verdicts[0]
    graded_at = f"{recorded.graded_at:%Y-%m-%d %H:%M} UTC"
    line = f"gradebook  {_result(recorded)}, version {recorded.version}, {graded_at}"
    if (recorded.score, recorded.status) == (report.score, report.status):
        return line
    return f"{line}; now {_result(report)}"


def _result(verdict: DisplayableVerdict) -> str:
    points = "not marked yet," if verdict.score is None else format_points(verdict.score)
    return f"{points} {verdict.status}"


def _review_state(course: Course, student: str, assignment: str) -> Iterator[str]:
    """Yield what was accepted when, or marked manually, and what a person still has to do and why."""
    from autograder.gradebook import database, review
    from autograder.nbgrader_plugin import effective_config

    db_url = effective_config.load_effective_config(course.root).db_url
    path = database.database_file(db_url)
    if path and not path.exists():
        return
    with database.connect(db_url) as connection:
        state = review.load_submission_states(connection, assignment).get(student)
    if state is None:
        return
    if state.is_settled and state.acceptance:
        file = f", {state.acceptance.file}" if state.acceptance.file else ""
        yield f"accepted   by {state.acceptance.accepted_by}, {state.acceptance.accepted_at:%Y-%m-%d %H:%M} UTC{file}"
    marked = [
        f"{cell.name} {format_points(cell.manual_score)}" for cell in state.cells if cell.manual_score is not None
    ]
    if marked:
        yield f"marked     manually: {', '.join(marked)}"
    if state.waits_for:
        yield f"waits      {state.waits_for}"


def _relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
