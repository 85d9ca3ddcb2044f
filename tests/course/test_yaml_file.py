"""course.yml as a file: mistakes that YAML or the schema finds are reported with their line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.course.yaml_file import CourseError, find_schema_mistakes, line_of, read_course_file


def report_mistakes(path: Path) -> str:
    """Return what is wrong with a file, a line for each mistake."""
    try:
        content, lines = read_course_file(path)
    except CourseError as error:
        return str(error)
    return "\n".join(f"line {line_of(lines, key)}: {text}" for key, text in find_schema_mistakes(content))


MISTAKES = {
    "": "The shortest that works is: title: My course",
    "- a": "keys with values",
    "title: ''": "line 1: title is empty",
    "due: {}": "line 1: title is missing",
    "title: X\ntitel: Y": "line 2: there is no key titel. Did you mean title?",
    "title: X\ntitle: Y": "line 2: the key title is used twice",
    "title: X\n\tfoo: 1": "line 2: this is not YAML.*Indent with spaces",
    "title: [": "line 1: this is not YAML",
    "title: 3": "line 1: title is 3; it has to be text",
    "title: X\nlate: {grace: soon}": "line 2: late.grace is 'soon'.*15 minutes",
    "title: X\nlate: {per_day: 3}": "line 2: late.per_day is 3; it has to be at most 1",
    "title: X\nlimits: {seconds: fast}": "line 2: limits.seconds is 'fast'; it has to be a number",
    "title: X\nlimits: {seconds: 0}": "line 2: limits.seconds is 0; it has to be more than 0",
    "title: X\nlimits: {isolation: ful}": "line 2: limits.isolation is 'ful'. Did you mean full?",
    "title: X\ncourse_id: a b": "line 2: course_id is 'a b'. Use letters",
    "title: X\npoints: {softmax: {no overflow: -1}}": "line 2: points.softmax.no overflow is -1",
    "title: X\nleave_out: mask": "line 2: leave_out is 'mask'; it has to be a list",
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items(), ids=map(repr, MISTAKES))
def test_a_mistake_is_reported_with_its_line_and_what_to_write(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "course.yml"
    path.write_text(text, encoding="utf-8")
    assert re.search(message, report_mistakes(path), re.IGNORECASE)


def test_a_missing_course_yml_is_reported_with_the_command_that_makes_one(tmp_path: Path) -> None:
    assert "autograder init" in report_mistakes(tmp_path / "course.yml")


def test_bytes_that_are_not_text_are_reported(tmp_path: Path) -> None:
    (tmp_path / "course.yml").write_bytes(b"\xff\xfe\x80")
    assert "UTF-8" in report_mistakes(tmp_path / "course.yml")


def test_a_valid_file_has_no_mistakes_and_a_line_for_each_value(tmp_path: Path) -> None:
    path = tmp_path / "course.yml"
    path.write_text("title: X\nlate:\n  per_day: 0.1\nlessons:\n  - a\n  - b\n", encoding="utf-8")
    content, lines = read_course_file(path)
    assert list(find_schema_mistakes(content)) == []
    assert [line_of(lines, key) for key in (("late", "per_day"), ("lessons", 1), ("late", "missing"))] == [3, 6, 2]


KEYS = ("007", "0123456", "1234567", "12_34", "1e5", "0x1F", "12:30", "no", "null", "2027-01-01", "'008'", "~")


def test_a_key_is_the_text_that_is_written_whatever_yaml_would_make_of_it(tmp_path: Path) -> None:
    path = tmp_path / "course.yml"
    path.write_text("".join(f"{key}: 1\n" for key in KEYS))
    content, lines = read_course_file(path)
    assert [*content] == [key.strip("'") for key in KEYS]
    assert lines["12_34",] == 4


def test_the_same_key_with_and_without_quotes_is_a_duplicate(tmp_path: Path) -> None:
    path = tmp_path / "course.yml"
    path.write_text("title: X\nextensions:\n  3-softmax:\n    007: 1\n    '007': 2\n")
    assert "line 5: the key 007 is used twice" in report_mistakes(path)
