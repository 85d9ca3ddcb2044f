"""course.yml as a file: its content, the line of everything in it, and whether it has the right shape."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastjsonschema
import yaml

from autograder.errors import AutograderError

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Where = tuple[str | int, ...]  # where a value stands in the file: ("late", "per_day")
_SCHEMA = Path(__file__).with_name("course_schema.yml")


class CourseError(AutograderError):
    """course.yml cannot be used; the text has a line for each mistake."""


def read_yaml(path: Path) -> tuple[dict[str, Any], dict[Where, int]]:
    """The file's content, and the line of everything in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read: {error.strerror}. A course begins with: autograder init DIR"
        ) from None
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        tab = " Indent with spaces, never with tabs." if "\\t" in str(error.problem) else ""
        raise CourseError(f"{path}, line {line}: this is not YAML: {error.problem}.{tab}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise CourseError(f"{path}: this is not YAML: {error}.") from None
    if not isinstance(raw, dict):
        raise CourseError(f"{path}: it has to be keys with values. The least that works is: title: My course")
    lines: dict[Where, int] = {}
    problems = [*_lines(node, (), lines)]
    if problems:
        raise CourseError("\n".join(f"{path}, line {line}: {text}" for line, text in problems))
    return raw, lines


def _lines(node: yaml.Node | None, where: Where, lines: dict[Where, int]) -> Iterator[tuple[int, str]]:
    """Note the line of everything below a node; yield keys that stand twice, which YAML would silently merge."""
    if node is None:
        return
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                yield line, f"{key.value} stands here a second time. Keep one of them."
            seen.add(key.value)
            lines[*where, key.value] = line
            yield from _lines(value, (*where, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _lines(item, (*where, number), lines)


def line_of(lines: Mapping[Where, int], where: Where) -> int:
    """The line of a value, or of the nearest thing around it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.safe_load(_SCHEMA.read_text(encoding="utf-8"))
    return schema


@cache
def _quick_check() -> Callable[[Any], Any]:
    check: Callable[[Any], Any] = fastjsonschema.compile(_schema())
    return check


def check_shape(raw: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    """What the schema finds, in words."""
    try:
        _quick_check()(raw)
        return
    except fastjsonschema.JsonSchemaValueException:
        from jsonschema import Draft202012Validator  # finds every mistake, and takes half a second to load
    errors = Draft202012Validator(_schema()).iter_errors(raw)
    for error in sorted(errors, key=lambda error: list(map(str, error.absolute_path))):
        where = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = dict(error.schema)["properties"]
            for key in sorted(set(map(str, error.instance)) - set(known)):
                yield (*where, key), f"there is no key {key}. {near(key, known)}"
        else:
            yield where, _in_words(error, ".".join(map(str, where)))


def _in_words(error: ValidationError, name: str) -> str:
    given, wanted = error.instance, error.validator_value
    match error.validator:
        case "required":
            return "title is missing. Write, for example: title: Attention, spring 2027"
        case "type":
            kinds = {
                "object": "keys with values",
                "array": "a list such as [mask]",
                "string": "text",
                "number": "a number",
                "integer": "a whole number",
            }
            what = kinds[str(wanted)]
            return f"{name} is {given!r}; it has to be {what}."
        case "minimum" | "exclusiveMinimum" | "maximum":
            words = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
            return f"{name} is {given}; it has to be {words[str(error.validator)]} {wanted}."
        case "pattern" if name == "late.grace":
            return f"late.grace is {given!r}. Write a number and a unit, such as: 15 minutes"
        case "pattern":
            return f"{name} is {given!r}. Use letters, digits, dots, - and _ only."
        case "enum":
            return f"{name} is {given!r}. {near(str(given), wanted if isinstance(wanted, list) else ())}"
        case "uniqueItems":
            return f"{name} names something twice. Keep one of them."
    return f"{name} is empty. Fill it in, or leave the key out."


def near(word: str, known: Iterable[str]) -> str:
    """What would have worked instead of ``word``: the nearest known name, or all of them."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1)
    return f"Did you mean {close[0]}?" if close else f"There are: {', '.join(names)}."
