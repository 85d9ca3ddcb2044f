"""The checks of ``autograder doctor``, one function a subject: first the machine, then the course."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.commands import access_checks
from autograder.commands.finding import Finding
from autograder.course.settings import Course, load_course
from autograder.course.yaml_file import CourseError
from autograder.sandbox import HOW_TO_ENABLE, LEVEL_DESCRIPTIONS, Level, Sandbox

MIN_PYTHON = (3, 11)
MIN_VERSIONS = {
    "nbgrader": "0.9.6",
    "numpy": "1.26",
    "jupyterlab": "4",
    "pytest": "8",
    "matplotlib": "3.8",
    "jupytext": "1.16",
}
_GENERATE = "nbgrader generate_assignment NAME --force"


def run_checks(root: Path | None) -> Iterator[Finding]:
    """Check the machine, then the course in ``root``; None means that there is no course here."""
    yield check_python()
    yield from check_packages()
    yield check_alembic()
    yield check_isolation()
    if root is None:
        yield Finding(False, "no course here", "Change into a course directory, or make one: autograder init DIR")
        return
    try:
        course = load_course(root)
    except CourseError as error:
        yield Finding(False, f"course.yml: {error}")
        return
    yield Finding(True, f"course.yml: {course.title}, {len(course.lessons)} assignments, time zone {course.timezone}")
    yield from access_checks.check_course_access(course)
    yield from access_checks.check_exchange(course)
    yield from check_built_files(course)
    yield check_nbgrader_config(course)
    yield from check_gradebook(course)
    yield from check_timestamps(course)
    yield check_student_ids(course)


def check_python() -> Finding:
    """Check that this Python is new enough."""
    text = f"Python {'.'.join(map(str, sys.version_info[:3]))}"
    if sys.version_info < MIN_PYTHON:
        return Finding(False, text, f"Install Python {'.'.join(map(str, MIN_PYTHON))} or newer.")
    return Finding(True, text)


def check_packages() -> Iterator[Finding]:
    """Check that each package is installed, and new enough."""
    for package, minimum in MIN_VERSIONS.items():
        try:
            installed = version(package)
        except PackageNotFoundError:
            yield Finding(False, f"{package} is not installed", f"python -m pip install '{package}>={minimum}'")
            continue
        if _version_numbers(installed) < _version_numbers(minimum):
            advice = f"python -m pip install --upgrade '{package}>={minimum}'"
            yield Finding(False, f"{package} {installed} is too old", advice)
        else:
            yield Finding(True, f"{package} {installed}")


def check_alembic() -> Finding:
    """Check that nbgrader finds the program alembic, with which it upgrades a gradebook."""
    if shutil.which("alembic") is None:
        advice = f"nbgrader calls it from PATH: export PATH={Path(sys.executable).parent}:$PATH"
        return Finding(False, "alembic is not on PATH", advice)
    return Finding(True, "alembic on PATH")


def check_isolation() -> Finding:
    """Check how well student code is isolated here, and say what would make a better level available."""
    with Sandbox() as sandbox:
        level, unavailable = sandbox.level, sandbox.unavailable_reasons
    text = f"isolation {level}: {LEVEL_DESCRIPTIONS[level]}"
    next_better = list(unavailable)[-1:]
    advice = "".join(f"For {better}: {HOW_TO_ENABLE[better]}" for better in next_better)
    if level is Level.PROCESS:
        return Finding(False, text, f"Grade on an account or in a container that holds nothing else. {advice}")
    return Finding(True, text, advice)


def check_built_files(course: Course) -> Iterator[Finding]:
    """Check that solutions/ and assignments/ are what a build would make of the sources."""
    from autograder.authoring import build

    outdated = build.list_differences(course)
    if not outdated:
        yield Finding(True, "solutions/ and assignments/ are current")
    for line in outdated:
        yield Finding(False, line, "autograder build")


def check_nbgrader_config(course: Course) -> Finding:
    """Check that nbgrader would run the course's preprocessors."""
    from autograder.nbgrader_plugin import effective_config

    missing = effective_config.load_effective_config(course.root).missing_preprocessors
    if missing:
        return Finding(
            False,
            f"nbgrader's effective configuration lacks {', '.join(missing)}",
            "Let nbgrader_config.py call autograder.nbgrader_plugin.config.configure, "
            "as the one that `autograder init` writes does.",
        )
    return Finding(True, "nbgrader's effective configuration")


def check_gradebook(course: Course) -> Iterator[Finding]:
    """Check that the gradebook can be used, knows every built assignment, and agrees with its points."""
    from autograder.authoring import build
    from autograder.gradebook import inspection
    from autograder.nbgrader_plugin import effective_config

    config = effective_config.load_effective_config(course.root)
    problem = inspection.gradebook_problem(config.db_url)
    if problem:
        yield Finding(False, problem)
        return
    yield Finding(True, f"gradebook {config.gradebook}")
    known = inspection.summarize_assignments(config.db_url)
    built = [name for name in course.lessons if (course.root / "assignments" / name).is_dir()]
    absent = [name for name in built if name not in known]
    if not known:
        yield Finding(True, "no assignment is in the gradebook yet", _GENERATE)
    elif absent:
        yield Finding(False, f"built, but not in the gradebook: {', '.join(absent)}", _GENERATE)
    for text in build.list_needed_regrades(course):
        yield Finding(False, text)
    yield check_extensions(course, inspection.students(config.db_url))


def check_timestamps(course: Course) -> Iterator[Finding]:
    """Check that every timestamp.txt that was submitted names a time that can be believed."""
    from autograder.batch.student_submission import find_students
    from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
    from autograder.nbgrader_plugin.timestamps import time_rules
    from autograder.submission.timestamp import read_timestamp

    rules = time_rules(course)
    problems: list[str] = []
    with nbgrader_application(course.root) as app:
        for app.coursedir.assignment_id in course.lessons:
            folders = find_students(app.coursedir).values()
            problems += filter(None, (read_timestamp(folder, rules, course.root).problem for folder in folders))
    if not problems:
        yield Finding(True, "the time of every submission can be read")
    for problem in problems:
        yield Finding(False, problem)


def check_student_ids(course: Course) -> Finding:
    """Check that nbgrader's commands can use the ids of all who submitted, and that no two are nearly the same."""
    from autograder.batch import class_list

    students = _submitting_students(course)
    problems = [class_list.names_that_nbgrader_cannot_use(students)]
    for group in class_list.similar_groups(students):
        problems.append(f"{' and '.join(map(repr, group))} differ only by capitals, spaces or the form of letters.")
    text = " ".join(filter(None, problems))
    if text:
        return Finding(False, text, "Rename the folders in submitted/, or tell the students to use another id.")
    return Finding(True, "nbgrader's commands can use the ids of all students")


def check_extensions(course: Course, enrolled: set[str]) -> Finding:
    """Check that everybody who has an extension in course.yml is in the gradebook or submitted something."""
    from autograder.batch.class_list import unknown_extensions

    extended = {student for extensions in course.extensions.values() for student in extensions}
    text = unknown_extensions(extended, enrolled | _submitting_students(course))
    if text:
        return Finding(False, text, "Correct the id, or add the student: nbgrader db student add ID")
    return Finding(True, "every extension in course.yml is for a student")


def _submitting_students(course: Course) -> set[str]:
    """Return the students who submitted anything."""
    from autograder.batch.student_submission import find_students
    from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application

    students: set[str] = set()
    with nbgrader_application(course.root) as app:
        for app.coursedir.assignment_id in course.lessons:
            students |= find_students(app.coursedir).keys()
    return students


def _version_numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
