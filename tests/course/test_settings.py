"""course.yml: every key but the title has a default, and each mistake is reported with its line and what to write."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.authoring.new_course import TEMPLATE
from autograder.course.late_policy import LatePolicy
from autograder.course.settings import find_course, load_course
from autograder.course.yaml_file import CourseError
from autograder.sandbox import Limits

ROOT = Path(__file__).parents[2]


def write(folder: Path, text: str) -> Path:
    (folder / "course.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_title_is_enough(tmp_path: Path) -> None:
    course = load_course(write(tmp_path, "title: Mine"))
    assert (course.title, course.limits, course.late, course.leave_out) == ("Mine", Limits(), LatePolicy(), ())
    assert course.exchange == tmp_path / "exchange"
    assert course.lessons[0] == "0-start"
    assert course.lessons[-1] == "6-reflection"


def test_a_new_course_begins_with_the_repositorys_valid_course_yml() -> None:
    course = load_course(ROOT)
    assert list(course.lessons) == [lesson.assignment for lesson in course.lessons_in_order()]
    assert all(when.tzinfo for when in course.due.values())
    assert (ROOT / "course.yml").read_text() == (TEMPLATE / "course.yml").read_text()


def test_every_key_of_course_yml_is_read(tmp_path: Path) -> None:
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
    assert course.late == LatePolicy(timedelta(hours=1.5), 0.25, 3)
    assert course.limits == Limits(2, 9.5, 512, "full")
    softmax = course.exercise("softmax")
    assert {c.name: c.points for c in softmax.criteria} == {
        "rows are weights": 2,
        "no overflow": 2.5,
        "any array of numbers": 1,
    }
    assert "axis" not in {m.clause for m in softmax.misconceptions}


def test_packages_become_limits_and_modules_that_may_be_imported(tmp_path: Path) -> None:
    course = load_course(write(tmp_path, "title: X\npackages: [PyYAML]"))
    assert (course.limits.packages, course.packages) == (("PyYAML",), ("_yaml", "yaml"))


def test_leaving_out_masks_also_leaves_out_the_clauses_that_need_them(tmp_path: Path) -> None:
    attention = load_course(write(tmp_path, "title: X\nleave_out: [mask]")).exercise("scaled_dot_product_attention")
    clauses = {case.clause for criterion in attention.criteria for case in criterion.cases}
    assert not clauses & {"mask", "mask-broadcast", "fully-masked"}
    complete = load_course(ROOT).exercise("scaled_dot_product_attention")
    assert attention.max_score < complete.max_score


MISTAKES = {
    "title: X\ntime_zone: Mars/Olympus": "line 2: there is no time zone Mars/Olympus.*Europe/Berlin",
    "title: X\nlessons: [3-sofmax]": "line 2: there is no assignment 3-sofmax. Did you mean 3-softmax?",
    "title: X\ndue: {3-sofmax: 2027-04-16 23:59:00+02:00}": "line 2: there is no assignment 3-sofmax",
    "title: X\ndue: {3-softmax: 2027-04-16 23:59:00}": r"line 2:.* has no time zone.*2027-04-16 23:59:00\+01:00",
    "title: X\ndue: {3-softmax: 2027-04-16}": "line 2: 2027-04-16 has no time of day",
    "title: X\ndue: {3-softmax: 2027-13-45 23:59:00+02:00}": "line 2: 2027-13-45 23:59:00.02:00 is not a date",
    "title: X\ndue:\n  3-softmax: tomorrow": "line 3: tomorrow is not a date",
    "title: X\nextensions: {3-softmax: {novak: 2027-04-16 10:00:00}}": "line 2:.* has no time zone",
    "title: X\npoints: {softmax: {no overflw: 1}}": "line 2: softmax has no criterion .*Did you mean no overflow?",
    "title: X\npoints: {sofmax: {no overflow: 1}}": "line 2: there is no exercise sofmax. Did you mean softmax?",
    "title: X\nleave_out: [maks]": "line 2: there is no clause maks. Did you mean mask?",
    "title: X\npackages:\n- jinja2\n- no-such-package": "line 4: no package no-such-package is installed here.",
    "title: X\npackages: [attention-course]": "line 2: attention-course contains the hidden tests",
    "title: X\nleave_out: [stable]\npoints: {softmax: {no overflow: 2}}": "line 3: leave_out removes the criterion",
    "title: X\nrubrics: {6-reflection: {sense: 3}}": "line 2: .*no manually graded answer sense. Did you mean senses",
    "title: X\nrubrics: {3-softmax: {whi: 3}}": "line 2: .*no manually graded answer whi. Did you mean why",
    "title: X\nrubrics: {0-start: {why: 3}}": "line 2: .*no manually graded answer why. Delete this line",
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items(), ids=map(repr, MISTAKES))
def test_a_mistake_is_reported_with_file_line_and_what_to_write(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CourseError, match=f"(?i){message}") as caught:
        load_course(write(tmp_path, text))
    assert str(tmp_path / "course.yml") in str(caught.value)


def test_all_mistakes_are_reported_together(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        load_course(write(tmp_path, "title: X\nleave_out: [maks]\nlessons: [9-none]\ntime_zone: Nowhere"))
    assert [f"line {number}" in str(caught.value) for number in (2, 3, 4)] == [True] * 3


def test_the_nearest_course_upwards_is_found(tmp_path: Path) -> None:
    below = write(tmp_path, "title: X") / "a" / "b"
    below.mkdir(parents=True)
    assert find_course(below) == tmp_path
    assert find_course(Path(tmp_path.anchor)) is None


def test_a_date_means_the_same_with_and_without_quotes(tmp_path: Path) -> None:
    text = "title: X\ndue: {3-softmax: 2027-04-30 23:59:00+02:00, 2-scaling: '2027-04-30T23:59:00+02:00'}"
    due = load_course(write(tmp_path, text)).due
    assert due["3-softmax"] == due["2-scaling"] == datetime.fromisoformat("2027-04-30T21:59:00+00:00")


OFFSETS = {
    ("Europe/Berlin", "2027-04-30 23:59:00+02:00"): "",
    ("Europe/Berlin", "2027-04-30 23:59:00+01:00"): "2027-04-30 23:59:00.02:00; or, if 00:59 .* 2027-05-01 00:59:00",
    ("Europe/Berlin", "2027-01-30 23:59:00+02:00"): "Write 2027-01-30 23:59:00.01:00",
    ("Europe/Berlin", "2027-04-30 21:59:00Z"): "Write 2027-04-30 21:59:00.02:00; or, if 23:59",
    ("Europe/Berlin", "'2027-04-30T23:59+01:00'"): "Write 2027-04-30 23:59:00.02:00",
    ("Europe/Berlin", "2027-10-31 02:30:00+02:00"): "",
    ("Europe/Berlin", "2027-10-31 02:30:00+01:00"): "",
    ("America/New_York", "2027-03-20 23:59:00-05:00"): "Write 2027-03-20 23:59:00-04:00",
    ("Asia/Kolkata", "2027-03-20 23:59:00+05:30"): "",
    ("UTC", "2027-03-20 23:59:00Z"): "",
}


@pytest.mark.parametrize(("written", "message"), OFFSETS.items(), ids=lambda value: str(value))
@pytest.mark.parametrize("key", ["due: {3-softmax: DATE}", "extensions: {3-softmax: {novak: DATE}}"])
def test_an_offset_that_the_courses_zone_does_not_have_then_is_reported(
    tmp_path: Path, written: tuple[str, str], message: str, key: str
) -> None:
    zone, text = written
    folder = write(tmp_path, f"title: X\ntime_zone: {zone}\n{key.replace('DATE', text)}")
    if not message:
        load_course(folder)
        return
    with pytest.raises(CourseError, match=f"line 3: .*3-softmax.* {zone} does not have at that time. .*{message}"):
        load_course(folder)


def test_without_a_time_zone_any_offset_is_right(tmp_path: Path) -> None:
    load_course(write(tmp_path, "title: X\ndue: {3-softmax: 2027-04-30 23:59:00+01:00}"))


def test_a_date_without_offset_is_answered_with_that_of_the_courses_zone(tmp_path: Path) -> None:
    text = "title: X\ntime_zone: Europe/Berlin\ndue: {3-softmax: 2027-04-30 23:59:00}"
    with pytest.raises(CourseError, match=r"for example: 2027-04-30 23:59:00\+02:00"):
        load_course(write(tmp_path, text))


def test_extensions_of_ids_that_are_digits_belong_to_the_ids_as_written(tmp_path: Path) -> None:
    ids = ("1234567", "007", "0123456", "12_34", "1e5", "0x1F", "no")
    lines = "".join(f"\n    {student}: 2027-05-07 23:59:00+02:00" for student in ids)
    assert (
        tuple(load_course(write(tmp_path, f"title: X\nextensions:\n  3-softmax:{lines}")).extensions["3-softmax"])
        == ids
    )


@pytest.mark.parametrize("name", ["attention [2027]", "a*b", "a?b", "a]b", "{a}", "two\nlines"])
def test_a_course_in_a_folder_that_nbgrader_takes_for_a_pattern_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "below").mkdir(parents=True)
    with pytest.raises(CourseError, match=r"nbgrader takes that for a pattern .*Rename the folder"):
        load_course(write(tmp_path / name / "below", "title: X"))


@pytest.mark.parametrize("name", ["attention (2027)", "a+b", "50%", "übung", "it's", "a b"])
def test_a_course_in_a_folder_of_any_other_name_is_loaded(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert load_course(write(tmp_path / name, "title: X")).title == "X"
