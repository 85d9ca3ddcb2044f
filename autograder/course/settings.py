"""Load course.yml into a `Course`. An error names the file, the line, what is wrong, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder.contract import CLAUSES
from autograder.course import catalogue, yaml_file
from autograder.course.late_policy import LatePolicy
from autograder.course.yaml_file import CourseError, KeyPath
from autograder.errors import did_you_mean
from autograder.exercise import Exercise
from autograder.sandbox import Limits, modules_of_package

COURSE_FILE = "course.yml"
_PATTERN_CHARACTERS = "*?[]{}"
Mistakes = Iterator[tuple[KeyPath, str]]


@dataclass(frozen=True)
class Course:
    """A course directory and the settings in its course.yml, with defaults filled in."""

    root: Path
    title: str
    course_id: str
    exchange: Path
    timezone: ZoneInfo
    lessons: tuple[str, ...]
    due: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    late: LatePolicy = field(default_factory=LatePolicy)
    limits: Limits = field(default_factory=Limits)
    points: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rubrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()

    @property
    def packages(self) -> tuple[str, ...]:
        """The modules that cells may import because course.yml allows their packages."""
        return tuple(module for package in self.limits.packages for module in modules_of_package(package))

    def exercise(self, function: str) -> Exercise:
        """Return an exercise with this course's points, and without the clauses that the course leaves out."""
        exercise = catalogue.load_exercise(function, self.root)
        return exercise.without(self.leave_out).with_points(self.points.get(function, {}))

    def lessons_in_order(self) -> list[catalogue.Lesson]:
        """Return the lessons in the order of course.yml."""
        by_assignment = catalogue.load_lessons(self.root)
        return [by_assignment[assignment] for assignment in self.lessons]


def find_course(start: Path) -> Path | None:
    """Return the nearest folder with a course.yml, from ``start`` upwards, or None."""
    return next((folder for folder in [start, *start.parents] if (folder / COURSE_FILE).is_file()), None)


def unusable_folder(root: Path) -> str:
    """Return why nbgrader cannot work in a course directory of this name; empty if it can."""
    found = sorted({character for character in str(root) if character in _PATTERN_CHARACTERS})
    if not found and str(root).isprintable():
        return ""
    return (
        f"the path {root} has {' '.join(found) or 'control characters'} in it. nbgrader takes that for a pattern of "
        "file names, and would find no submission. Rename the folder: use letters, digits, spaces, dots, - and _ only."
    )


def load_course(root: Path) -> Course:
    """Read and check ``root/course.yml``.

    Raises `CourseError` with every mistake in it, or if nbgrader cannot work in a folder of this name.
    """
    path = root / COURSE_FILE
    unusable = unusable_folder(root)
    if unusable:
        raise CourseError(unusable)
    content, lines = yaml_file.read_course_file(path)
    mistakes = [*yaml_file.find_schema_mistakes(content)] or [*_find_mistakes(content, root)]
    if mistakes:
        texts = (f"{path}, line {yaml_file.line_of(lines, key_path)}: {text}" for key_path, text in mistakes)
        raise CourseError("\n".join(dict.fromkeys(texts)))
    return _course(content, root)


def _course(content: dict[str, Any], root: Path) -> Course:
    late = content.get("late", {})
    grace = _parse_duration(late.get("grace", "0 minutes"))
    return Course(
        root=root,
        title=content["title"],
        course_id=content.get("course_id", "attention"),
        exchange=(root / content.get("exchange", "exchange")).absolute(),
        timezone=ZoneInfo(content.get("time_zone", "UTC")),
        lessons=tuple(content.get("lessons") or catalogue.load_lessons(root)),
        due=_parse_dates(content.get("due", {})),
        extensions={name: _parse_dates(dates) for name, dates in content.get("extensions", {}).items()},
        late=LatePolicy(grace, late.get("per_day", 0.0), late.get("last_day")),
        limits=Limits(**content.get("limits", {}), packages=tuple(content.get("packages", ()))),
        points=content.get("points", {}),
        rubrics=content.get("rubrics", {}),
        leave_out=tuple(content.get("leave_out", ())),
    )


def _find_mistakes(content: dict[str, Any], root: Path) -> Mistakes:
    """Yield what a schema cannot check: names that must exist, and dates that need a time zone."""
    if "time_zone" in content:
        yield from _check_time_zone(content)
    known_lessons = catalogue.load_lessons(root)
    yield from _check_assignments(content, known_lessons)
    yield from _check_dates(content, _time_zone(content))
    yield from _check_packages(content.get("packages", ()))
    for index, clause in enumerate(content.get("leave_out", ())):
        if clause not in CLAUSES:
            yield ("leave_out", index), f"there is no clause {clause}. {did_you_mean(clause, CLAUSES)}"
    yield from _check_points(content, catalogue.load_exercises(root))
    yield from _check_rubrics(content.get("rubrics", {}), known_lessons)


def _time_zone(content: dict[str, Any]) -> ZoneInfo | None:
    """Return the zone that course.yml names; None if it names none, or one that does not exist."""
    try:
        return ZoneInfo(content["time_zone"])
    except (KeyError, ValueError, OSError):
        return None


def _check_time_zone(content: dict[str, Any]) -> Mistakes:
    if _time_zone(content) is None:
        name = content["time_zone"]
        yield ("time_zone",), f"there is no time zone {name}. Write one such as Europe/Berlin or America/New_York."


def _check_assignments(content: dict[str, Any], known_lessons: Mapping[str, catalogue.Lesson]) -> Mistakes:
    lessons = content.get("lessons", list(known_lessons))
    for index, name in enumerate(lessons):
        if name not in known_lessons:
            yield ("lessons", index), f"there is no assignment {name}. {did_you_mean(name, known_lessons)}"
    for key in ("due", "extensions", "rubrics"):
        for name in content.get(key, {}):
            if name not in lessons:
                yield (key, name), f"there is no assignment {name}. {did_you_mean(str(name), lessons)}"


def _check_packages(packages: Sequence[str]) -> Mistakes:
    for index, package in enumerate(packages):
        try:
            modules_of_package(package)
        except ValueError as error:
            yield ("packages", index), str(error)


def _check_dates(content: dict[str, Any], zone: ZoneInfo | None) -> Mistakes:
    for name, value in content.get("due", {}).items():
        yield from _check_date(("due", name), value, zone)
    for name, students in content.get("extensions", {}).items():
        for student, value in students.items():
            yield from _check_date(("extensions", name, student), value, zone)


def _check_date(key_path: KeyPath, value: Any, zone: ZoneInfo | None) -> Mistakes:
    """Require a date, a time and an offset that the course's zone has then. YAML has already parsed most dates."""
    example = "2027-03-12 23:59:00+01:00"
    try:
        moment = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    except ValueError:
        yield key_path, f"{value} is not a date. Write, for example: {example}"
        return
    if not isinstance(moment, datetime):
        yield key_path, f"{value} has no time of day. Write, for example: {example}"
    elif moment.tzinfo is None:
        complete = moment.replace(tzinfo=zone) if zone else f"{value}+01:00"
        yield key_path, f"{value} has no time zone. Add its offset from UTC, for example: {complete}"
    elif zone and moment.astimezone(zone).utcoffset() != moment.utcoffset():
        yield key_path, _offset_mistake(".".join(map(str, key_path)), moment, zone)


def _offset_mistake(name: str, moment: datetime, zone: ZoneInfo) -> str:
    same_clock, same_instant = moment.replace(tzinfo=zone), moment.astimezone(zone)
    return (
        f"{name}: {moment} has an offset from UTC that {zone.key} does not have at that time. Write {same_clock}; "
        f"or, if {same_instant:%H:%M} by the clocks there is what you mean, {same_instant}."
    )


def _check_points(content: dict[str, Any], exercises: Mapping[str, Exercise]) -> Mistakes:
    left_out = tuple(clause for clause in content.get("leave_out", ()) if clause in CLAUSES)
    for function, points in content.get("points", {}).items():
        if function not in exercises:
            yield ("points", function), f"there is no exercise {function}. {did_you_mean(str(function), exercises)}"
            continue
        all_criteria = [criterion.name for criterion in exercises[function].criteria]
        kept_criteria = [criterion.name for criterion in exercises[function].without(left_out).criteria]
        for name in points:
            key_path = ("points", function, name)
            if name not in all_criteria:
                yield key_path, f"{function} has no criterion {name!r}. {did_you_mean(str(name), all_criteria)}"
            elif name not in kept_criteria:
                text = f"leave_out removes the criterion {name!r}. Delete this line, or the clause in leave_out."
                yield key_path, text


def _check_rubrics(rubrics: dict[str, Any], known_lessons: Mapping[str, catalogue.Lesson]) -> Mistakes:
    for name, cells in rubrics.items():
        if name not in known_lessons:
            continue  # already reported
        known_cells = known_lessons[name].manually_graded_cells()
        for cell in cells:
            if cell not in known_cells:
                advice = did_you_mean(str(cell), known_cells) if known_cells else "Delete this line."
                yield ("rubrics", name, cell), f"{name} has no manually graded answer {cell}. {advice}"


def _parse_dates(values: Mapping[str, Any]) -> dict[str, datetime]:
    return {
        name: value if isinstance(value, datetime) else datetime.fromisoformat(value) for name, value in values.items()
    }


def _parse_duration(text: str) -> timedelta:
    number, unit = text.split(" ")
    return timedelta(**{f"{unit.rstrip('s')}s": float(number)})
