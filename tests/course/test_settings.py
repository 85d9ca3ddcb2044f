"""course.yml: everything has a default but the title, and each mistake is told with its line and what would work."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.authoring.new_course import TEMPLATE
from autograder.course.late_policy import LateRules
from autograder.course.settings import find_course, load_course
from autograder.course.yaml_file import CourseError
from autograder.sandbox import Limits

ROOT = Path(__file__).parents[2]


def write(folder: Path, text: str) -> Path:
    (folder / "course.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_title_is_enough(tmp_path: Path) -> None:
    course = load_course(write(tmp_path, "title: Mine"))
    assert (course.title, course.limits, course.late, course.leave_out) == ("Mine", Limits(), LateRules(), ())
    assert course.exchange == tmp_path / "exchange"
    assert course.lessons[0] == "0-start"
    assert course.lessons[-1] == "6-reflection"


def test_the_courses_own_file_is_valid_and_new_courses_begin_with_it() -> None:
    course = load_course(ROOT)
    assert list(course.lessons) == [lesson.assignment for lesson in course.lessons_in_order()]
    assert all(when.tzinfo for when in course.due.values())
    assert (ROOT / "course.yml").read_text() == (TEMPLATE / "course.yml").read_text()


def test_everything_that_can_be_said_is_read(tmp_path: Path) -> None:
    text = """
title: Mine
time_zone: America/New_York
lessons: [3-softmax]
due: {3-softmax: 2027-04-30 23:59:00-04:00}
extensions: {3-softmax: {novak: "2027-05-07T23:59:00-04:00"}}
late: {grace: 1.5 hours, per_day: 0.25, last_day: 3}
limits: {seconds: 2, total_seconds: 9.5, memory_mb: 512, isolation: full}
points: {softmax: {no overflow: 2.5}}
leave_out: [axis]
"""
    course = load_course(write(tmp_path, text))
    assert course.due["3-softmax"].utcoffset() == timedelta(hours=-4)
    assert course.extensions["3-softmax"]["novak"] > course.due["3-softmax"]
    assert course.late == LateRules(timedelta(hours=1.5), 0.25, 3)
    assert course.limits == Limits(2, 9.5, 512, "full")
    softmax = course.exercise("softmax")
    assert {c.name: c.points for c in softmax.criteria} == {
        "rows are weights": 2,
        "no overflow": 2.5,
        "any array of numbers": 1,
    }
    assert "axis" not in {m.clause for m in softmax.misconceptions}


def test_leaving_mask_out_takes_its_dependents_along(tmp_path: Path) -> None:
    attention = load_course(write(tmp_path, "title: X\nleave_out: [mask]")).exercise("scaled_dot_product_attention")
    clauses = {case.clause for criterion in attention.criteria for case in criterion.cases}
    assert not clauses & {"mask", "mask-broadcast", "fully-masked"}
    whole = load_course(ROOT).exercise("scaled_dot_product_attention")
    assert attention.max_score < whole.max_score


MISTAKES = {
    "": "The least that works is: title: My course",
    "- a": "keys with values",
    "title: ''": "line 1: title is empty",
    "due: {}": "line 1: title is missing",
    "title: X\ntitel: Y": "line 2: there is no key titel. Did you mean title?",
    "title: X\ntitle: Y": "line 2: title stands here a second time",
    "title: X\n\tfoo: 1": "line 2: this is not YAML.*Indent with spaces",
    "title: [": "line 1: this is not YAML",
    "title: 3": "line 1: title is 3; it has to be text",
    "title: X\nlate: {grace: soon}": "line 2: late.grace is 'soon'.*15 minutes",
    "title: X\nlate: {per_day: 3}": "line 2: late.per_day is 3; it has to be at most 1",
    "title: X\nlimits: {seconds: fast}": "line 2: limits.seconds is 'fast'; it has to be a number",
    "title: X\nlimits: {seconds: 0}": "line 2: limits.seconds is 0; it has to be more than 0",
    "title: X\nlimits: {isolation: ful}": "line 2: limits.isolation is 'ful'. Did you mean full?",
    "title: X\ntime_zone: Mars/Olympus": "line 2: there is no time zone Mars/Olympus.*Europe/Berlin",
    "title: X\ncourse_id: a b": "line 2: course_id is 'a b'. Use letters",
    "title: X\nlessons: [3-sofmax]": "line 2: there is no assignment 3-sofmax. Did you mean 3-softmax?",
    "title: X\ndue: {3-sofmax: 2027-04-16 23:59:00+02:00}": "line 2: there is no assignment 3-sofmax",
    "title: X\ndue: {3-softmax: 2027-04-16 23:59:00}": r"line 2:.* has no zone.*write.*2027-04-16 23:59:00\+01:00",
    "title: X\ndue: {3-softmax: 2027-04-16}": "line 2: 2027-04-16 has no time of day",
    "title: X\ndue:\n  3-softmax: tomorrow": "line 3: tomorrow is no date",
    "title: X\nextensions: {3-softmax: {novak: 2027-04-16 10:00:00}}": "line 2:.* has no zone",
    "title: X\npoints: {softmax: {no overflow: -1}}": "line 2: points.softmax.no overflow is -1",
    "title: X\npoints: {softmax: {no overflw: 1}}": "line 2: softmax has no criterion .*Did you mean no overflow?",
    "title: X\npoints: {sofmax: {no overflow: 1}}": "line 2: there is no exercise sofmax. Did you mean softmax?",
    "title: X\nleave_out: mask": "line 2: leave_out is 'mask'; it has to be a list",
    "title: X\nleave_out: [maks]": "line 2: there is no clause maks. Did you mean mask?",
    "title: X\nleave_out: [stable]\npoints: {softmax: {no overflow: 2}}": "line 3: leave_out takes the criterion",
    "title: X\nrubrics: {6-reflection: {sense: 3}}": "line 2: .*no answer sense to mark by hand. Did you mean senses",
    "title: X\nrubrics: {3-softmax: {whi: 3}}": "line 2: .*no answer whi to mark by hand. Did you mean why",
    "title: X\nrubrics: {0-start: {why: 3}}": "line 2: .*no answer why to mark by hand. Delete this line",
    "title: X\ndue: {3-softmax: 2027-13-45 23:59:00+02:00}": "month must be in 1..12",
}


@pytest.mark.parametrize(("text", "words"), MISTAKES.items(), ids=map(repr, MISTAKES))
def test_a_mistake_is_told_with_its_file_its_line_and_what_would_work(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CourseError, match=f"(?i){words}") as caught:
        load_course(write(tmp_path, text))
    assert str(tmp_path / "course.yml") in str(caught.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        load_course(write(tmp_path, "title: X\nleave_out: [maks]\nlessons: [9-none]\ntime_zone: Nowhere"))
    assert [f"line {number}" in str(caught.value) for number in (2, 3, 4)] == [True] * 3


def test_bytes_that_are_no_text_and_a_course_that_is_not_there_are_told_too(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="autograder init"):
        load_course(tmp_path)
    (tmp_path / "course.yml").write_bytes(b"\xff\xfe\x80")
    with pytest.raises(CourseError, match="UTF-8"):
        load_course(tmp_path)


def test_the_nearest_course_upwards_is_found(tmp_path: Path) -> None:
    below = write(tmp_path, "title: X") / "a" / "b"
    below.mkdir(parents=True)
    assert find_course(below) == tmp_path
    assert find_course(Path(tmp_path.anchor)) is None


def test_dates_without_quotes_and_with_quotes_are_the_same(tmp_path: Path) -> None:
    text = "title: X\ndue: {3-softmax: 2027-04-30 23:59:00+02:00, 2-scaling: '2027-04-30T23:59:00+02:00'}"
    due = load_course(write(tmp_path, text)).due
    assert due["3-softmax"] == due["2-scaling"] == datetime.fromisoformat("2027-04-30T21:59:00+00:00")
