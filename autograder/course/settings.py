"""course.yml -> Course, validated. An error names the file, the line, what is wrong, and what would work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder.contract import CLAUSES
from autograder.course import catalogue, yaml_file
from autograder.course.late_policy import LateRules
from autograder.course.yaml_file import CourseError, Where, near
from autograder.exercise import Exercise
from autograder.sandbox import Limits

COURSE_FILE = "course.yml"


@dataclass(frozen=True)
class Course:
    """A course directory and everything that its course.yml says, with the defaults filled in."""

    root: Path
    title: str
    course_id: str
    exchange: Path
    timezone: ZoneInfo
    lessons: tuple[str, ...]
    due: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    late: LateRules = field(default_factory=LateRules)
    limits: Limits = field(default_factory=Limits)
    points: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rubrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()

    def exercise(self, function: str) -> Exercise:
        """The exercise as this course has it: its points, without the clauses that it leaves out."""
        card = catalogue.exercise(function, self.root)
        return card.without(self.leave_out).with_points(self.points.get(function, {}))

    def lessons_in_order(self) -> list[catalogue.Lesson]:
        """The lessons in the order of course.yml."""
        found = catalogue.lessons(self.root)
        return [found[name] for name in self.lessons]


def find_course(start: Path) -> Path | None:
    """The nearest folder with a course.yml, from ``start`` upwards; None where there is none."""
    return next((folder for folder in [start, *start.parents] if (folder / COURSE_FILE).is_file()), None)


def load_course(root: Path) -> Course:
    """Read and check ``root/course.yml``; `CourseError` with every mistake in it."""
    path = root / COURSE_FILE
    raw, lines = yaml_file.read_yaml(path)
    problems = [*yaml_file.check_shape(raw)]
    if not problems:
        problems = [*_meaning(raw, root)]
    if problems:
        texts = (f"{path}, line {yaml_file.line_of(lines, where)}: {text}" for where, text in problems)
        raise CourseError("\n".join(dict.fromkeys(texts)))
    limits = raw.get("limits", {})
    late = raw.get("late", {})
    return Course(
        root=root,
        title=raw["title"],
        course_id=raw.get("course_id", "attention"),
        exchange=(root / raw.get("exchange", "exchange")).absolute(),
        timezone=ZoneInfo(raw.get("time_zone", "UTC")),
        lessons=tuple(raw.get("lessons") or catalogue.lessons(root)),
        due={name: _moment(value) for name, value in raw.get("due", {}).items()},
        extensions={
            name: {student: _moment(value) for student, value in students.items()}
            for name, students in raw.get("extensions", {}).items()
        },
        late=LateRules(_span(late.get("grace", "0 minutes")), late.get("per_day", 0.0), late.get("last_day")),
        limits=Limits(**limits),
        points=raw.get("points", {}),
        rubrics=raw.get("rubrics", {}),
        leave_out=tuple(raw.get("leave_out", ())),
    )


def _meaning(raw: dict[str, Any], root: Path) -> Iterator[tuple[Where, str]]:
    """What a shape cannot say: names that must exist, dates with a zone, criteria that are left out."""
    if "time_zone" in raw:
        yield from _time_zone(raw["time_zone"])
    known = catalogue.lessons(root)
    lessons = raw.get("lessons", list(known))
    for number, name in enumerate(lessons):
        if name not in known:
            yield ("lessons", number), f"there is no assignment {name}. {near(name, known)}"
    for key in ("due", "extensions", "rubrics"):
        for name in raw.get(key, {}):
            if name not in lessons:
                yield (key, name), f"there is no assignment {name}. {near(str(name), lessons)}"
    for name, value in raw.get("due", {}).items():
        yield from _date(("due", name), value)
    for name, students in raw.get("extensions", {}).items():
        for student, value in students.items():
            yield from _date(("extensions", name, student), value)
    for number, clause in enumerate(raw.get("leave_out", ())):
        if clause not in CLAUSES:
            yield ("leave_out", number), f"there is no clause {clause}. {near(clause, CLAUSES)}"
    yield from _points(raw, catalogue.exercises(root))
    for name, cells in raw.get("rubrics", {}).items():
        there = known[name].hand_graded() if name in known else []
        for cell in cells:
            if name in known and cell not in there:
                advice = near(str(cell), there) if there else "Delete this line."
                yield ("rubrics", name, cell), f"{name} has no answer {cell} to mark by hand. {advice}"


def _time_zone(name: str) -> Iterator[tuple[Where, str]]:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        yield ("time_zone",), f"there is no time zone {name}. Write one such as Europe/Berlin or America/New_York."


def _date(where: Where, value: Any) -> Iterator[tuple[Where, str]]:
    """A date-time with a zone; YAML turns one without quotes into a datetime already."""
    example = "2027-03-12 23:59:00+01:00"
    try:
        moment = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    except ValueError:
        yield where, f"{value} is no date. Write, for example: {example}"
        return
    if not isinstance(moment, datetime):
        yield where, f"{value} has no time of day. Write, for example: {example}"
    elif moment.tzinfo is None:
        yield where, f"{value} has no zone, so it could mean any of 24 hours. Write, for example: {value}+01:00"


def _points(raw: dict[str, Any], exercises: Mapping[str, Exercise]) -> Iterator[tuple[Where, str]]:
    left_out = tuple(clause for clause in raw.get("leave_out", ()) if clause in CLAUSES)
    for function, points in raw.get("points", {}).items():
        if function not in exercises:
            yield ("points", function), f"there is no exercise {function}. {near(str(function), exercises)}"
            continue
        everything = [criterion.name for criterion in exercises[function].criteria]
        kept = [criterion.name for criterion in exercises[function].without(left_out).criteria]
        for name in points:
            where = ("points", function, name)
            if name not in everything:
                yield where, f"{function} has no criterion {name!r}. {near(str(name), everything)}"
            elif name not in kept:
                yield (
                    where,
                    f"leave_out takes the criterion {name!r} away. Delete this line, or the clause in leave_out.",
                )


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _span(text: str) -> timedelta:
    number, unit = text.split(" ")
    return timedelta(**{f"{unit.rstrip('s')}s": float(number)})
