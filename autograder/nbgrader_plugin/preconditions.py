"""What must hold before the first submission of an assignment is graded, by `autograder grade` and nbgrader alike.

A forgotten command leaves course.yml, release and gradebook in disagreement, and a lost secret changes the hidden
inputs. Grading then would replace the marks of a whole class, so it does not begin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.api import Notebook as Row

from autograder.course import seeds
from autograder.course.settings import Course
from autograder.errors import AutograderError
from autograder.gradebook import database, secret_fingerprint
from autograder.nbgrader_plugin import grading_context
from autograder.student_files.loading import Notebook

_GRADING_KEYS = ("grade", "solution", "locked", "task")


class PreconditionError(AutograderError):
    """Raised if grading would spoil marks as things are; the text ends with the command that puts that right."""


def require_agreement(course: Course, directory: Any) -> None:
    """Raise `PreconditionError` unless course.yml, the release and the gradebook give the same cells the same points.

    ``directory`` is an nbgrader ``CourseDirectory``. What is missing altogether, or cannot be read, is left to those
    who read it.
    """
    assignment = directory.assignment_id
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            rows = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            return
        for row in rows:
            problem = next(_disagreements(course, directory, row), "")
            if problem:
                raise PreconditionError(problem)


def require_release(course: Course, directory: Any) -> None:
    """Raise `PreconditionError` if a notebook of one of the course's own assignments has no release."""
    assignment = directory.assignment_id
    if assignment not in course.lessons:
        return
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            names = [row.name for row in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry:
            return
    for name in names:
        path = grading_context.release_path(directory, assignment, name)
        if not path.exists():
            raise PreconditionError(
                f"{path} does not exist, and submissions are graded by it. Run: {_generate(assignment)}"
            )


def require_secret(course_root: Path, db_url: str, assignment: str) -> None:
    """Raise `PreconditionError` if the course's secret is not the one that the gradebook was graded with."""
    with database.connect(db_url) as connection:
        expected = secret_fingerprint.load_fingerprint(connection)
        known_seeds = [] if expected else secret_fingerprint.load_latest_seeds(connection)
    if not expected and not known_seeds:
        return
    path = course_root / seeds.SECRET_FILE
    is_missing = not path.exists()
    if not is_missing and expected and seeds.fingerprint(course_root) == expected:
        return
    if not is_missing and any(seeds.seed_for(course_root, *names) == seed for *names, seed in known_seeds):
        return
    state = "is missing" if is_missing else "is not the one that this gradebook was graded with"
    raise PreconditionError(
        f"{path} {state}, and hidden inputs are drawn from it. Restore the file from a backup. If there is none, run: "
        f"autograder grade {assignment} --new-secret (submissions that were graded keep their hidden inputs)"
    )


def _disagreements(course: Course, directory: Any, row: Row) -> Iterator[str]:
    """Yield what course.yml, release and gradebook say differently about a notebook, with the command that helps."""
    assignment = directory.assignment_id
    try:
        _, release = grading_context.load_release(directory, assignment, row.name)
    except (ValueError, LookupError, TypeError):
        return
    if release is None:
        return
    generate, build = _generate(assignment), f"autograder build && {_generate(assignment)}"
    released = _points(release)
    for cell, points, name in _course_points(course, assignment, release):
        if released.get(cell) != points:
            others = f"{released[cell]:g}" if cell in released else "none"
            yield (f"course.yml gives {name} {points:g} points, the release of {assignment} {others}. Run: {build}")
    missing = {cell.name for cell in row.source_cells} ^ _cell_names(release)
    if missing and row.submissions:
        yield (
            f"the release of {assignment} and the gradebook have different cells ({', '.join(sorted(missing))}), and "
            f"nbgrader cannot change that after submissions came in. Put the former lesson, or "
            f"solutions/{assignment} and assignments/{assignment} of a backup, back in place; then run: {generate}"
        )
    if missing:
        yield (
            f"the release of {assignment} and the gradebook have different cells ({', '.join(sorted(missing))}). "
            f"Run: {generate}"
        )
    recorded = {cell.name: float(cell.max_score) for cell in (*row.grade_cells, *row.task_cells)}
    for cell in sorted(recorded.keys() & released.keys()):
        if recorded[cell] != released[cell]:
            yield (
                f"the release of {assignment} gives {cell} {released[cell]:g} points, the gradebook "
                f"{recorded[cell]:g}. Run: "
                f"{generate if _solution_points(directory, row.name).get(cell) == released[cell] else build}"
            )


def _course_points(course: Course, assignment: str, release: Notebook) -> Iterator[tuple[str, float, str]]:
    """Yield each graded cell to which course.yml or an exercise gives points, the points, and what to call it."""
    for cell in release["cells"]:
        function = grading_context.function_of(cell)
        if function:
            yield cell["metadata"]["nbgrader"]["grade_id"], course.exercise(function).max_score, function
    for name, points in course.rubrics.get(assignment, {}).items():
        yield name, points, name


def _points(notebook: Notebook) -> dict[str, float]:
    """Return the points of each graded cell of a notebook."""
    graded = (data for data in map(_grading_data, notebook["cells"]) if data.get("grade") or data.get("task"))
    return {data["grade_id"]: float(data["points"]) for data in graded}


def _cell_names(notebook: Notebook) -> set[str]:
    """Return the names of the cells that nbgrader keeps in the gradebook."""
    grading_data = map(_grading_data, notebook["cells"])
    return {data["grade_id"] for data in grading_data if any(data.get(key) for key in _GRADING_KEYS)}


def _grading_data(cell: Any) -> Mapping[str, Any]:
    data: Mapping[str, Any] = cell["metadata"].get("nbgrader", {})
    return data


def _solution_points(directory: Any, notebook: str) -> dict[str, float]:
    """Return the points in the notebook from which nbgrader generates the release; none if it cannot be read."""
    folder = Path(directory.format_path(directory.source_directory, ".", directory.assignment_id))
    try:
        return _points(grading_context.read_notebook(folder / f"{notebook}.ipynb"))
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _generate(assignment: str) -> str:
    return f"nbgrader generate_assignment {assignment} --force"
