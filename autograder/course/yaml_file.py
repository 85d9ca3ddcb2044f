"""Read course.yml as YAML: its content, the line number of each value, and the mistakes that its schema finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastjsonschema
import yaml

from autograder.errors import AutograderError, did_you_mean

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

KeyPath = tuple[str | int, ...]  # the keys that lead to a value, such as ("late", "per_day")
_SCHEMA = Path(__file__).with_name("course_schema.yml")
_TYPE_NAMES = {
    "object": "keys with values",
    "array": "a list such as [mask]",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
}
_LIMIT_WORDS = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}


class CourseError(AutograderError):
    """Raised if course.yml cannot be used. The text has one line for each mistake."""


class _CourseLoader(yaml.SafeLoader):
    """Loads YAML with each key as the text that is written: ids such as 007, 12_34 or no are not numbers or truths."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        self.flatten_mapping(node)
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        """Return a date, or the text if there is no such date: an error can then name its line."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_CourseLoader.add_constructor("tag:yaml.org,2002:timestamp", _CourseLoader.construct_yaml_timestamp)


def read_course_file(path: Path) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """Return the content of course.yml and the line of each value. Raises `CourseError` if it is not valid YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        root_node = yaml.compose(text, Loader=_CourseLoader)
        content = yaml.load(text, Loader=_CourseLoader)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read: {error.strerror}. Create a course with: autograder init DIR"
        ) from None
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        tab = " Indent with spaces, never with tabs." if "\\t" in str(error.problem) else ""
        raise CourseError(f"{path}, line {line}: this is not YAML: {error.problem}.{tab}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise CourseError(f"{path}: this is not YAML: {error}.") from None
    if not isinstance(content, dict):
        raise CourseError(f"{path} must contain keys with values. The shortest that works is: title: My course")
    lines: dict[KeyPath, int] = {}
    duplicates = [*_record_lines(root_node, (), lines)]
    if duplicates:
        raise CourseError("\n".join(f"{path}, line {line}: {text}" for line, text in duplicates))
    return content, lines


def _record_lines(node: yaml.Node | None, key_path: KeyPath, lines: dict[KeyPath, int]) -> Iterator[tuple[int, str]]:
    """Fill ``lines`` for everything below a node. Yield duplicate keys, of which YAML would silently keep the last."""
    if node is None:
        return
    lines.setdefault(key_path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                yield line, f"the key {key.value} is used twice. Keep one of them."
            seen.add(key.value)
            lines[*key_path, key.value] = line
            yield from _record_lines(value, (*key_path, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _record_lines(item, (*key_path, index), lines)


def line_of(lines: Mapping[KeyPath, int], key_path: KeyPath) -> int:
    """Return the line of a value, or of the innermost key around it that is in the file."""
    while key_path and key_path not in lines:
        key_path = key_path[:-1]
    return lines.get(key_path, 1)


def find_schema_mistakes(content: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Yield each value that does not fit the schema, with a sentence that says what is wrong and what to write."""
    try:
        _fast_validator()(content)
        return
    except fastjsonschema.JsonSchemaValueException:
        # fastjsonschema stops at the first mistake. jsonschema finds all of them, but takes half a second to import.
        from jsonschema import Draft202012Validator
    errors = Draft202012Validator(_schema()).iter_errors(content)
    for error in sorted(errors, key=lambda error: list(map(str, error.absolute_path))):
        key_path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = dict(error.schema)["properties"]
            for key in sorted(set(map(str, error.instance)) - set(known)):
                yield (*key_path, key), f"there is no key {key}. {did_you_mean(key, known)}"
        else:
            yield key_path, _describe(error, ".".join(map(str, key_path)))


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.safe_load(_SCHEMA.read_text(encoding="utf-8"))
    return schema


@cache
def _fast_validator() -> Callable[[Any], Any]:
    validator: Callable[[Any], Any] = fastjsonschema.compile(_schema())
    return validator


def _describe(error: ValidationError, key: str) -> str:
    value, rule = error.instance, error.validator_value
    match error.validator:
        case "required":
            return "title is missing. Write, for example: title: Attention, spring 2027"
        case "type":
            return f"{key} is {value!r}; it has to be {_TYPE_NAMES[str(rule)]}."
        case "minimum" | "exclusiveMinimum" | "maximum":
            return f"{key} is {value}; it has to be {_LIMIT_WORDS[str(error.validator)]} {rule}."
        case "pattern" if key == "late.grace":
            return f"late.grace is {value!r}. Write a number and a unit, such as: 15 minutes"
        case "pattern":
            return f"{key} is {value!r}. Use letters, digits, dots, - and _ only."
        case "enum":
            return f"{key} is {value!r}. {did_you_mean(str(value), rule if isinstance(rule, list) else ())}"
        case "uniqueItems":
            return f"{key} names something twice. Keep one of them."
    return f"{key} is empty. Give it a value, or delete the key."
