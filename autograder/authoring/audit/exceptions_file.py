"""``audit.yml`` beside a card: what an audit would complain of, and the reason why it is right as it is."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from autograder.errors import AutograderError

NAME = "audit.yml"


class ExceptionsFileError(AutograderError):
    """audit.yml cannot be read; the text says what would work."""


@dataclass(frozen=True)
class ExpectedExceptions:
    """What is known and allowed, each with its reason."""

    untested: dict[str, str] = field(default_factory=dict)  # clauses of the contract that the function cannot break
    criteria: dict[str, str] = field(default_factory=dict)  # that catch nothing which the others let pass
    twins: dict[str, str] = field(
        default_factory=dict
    )  # "slug, named": a misconception that another one's name explains
    equivalents: dict[str, str] = field(default_factory=dict)  # mutants that are as right as what they come from


def read_exceptions(folder: Path) -> ExpectedExceptions:
    """The list of an exercise's folder; an empty one where there is no such file."""
    path = folder / NAME
    if not path.is_file():
        return ExpectedExceptions()
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        words = [one.name for one in fields(ExpectedExceptions)]
        if unknown := sorted(set(raw) - set(words)):
            raise ValueError(f"it has {', '.join(unknown)}")
        return ExpectedExceptions(**{word: dict(_reasons(raw.get(word) or [])) for word in words})
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ExceptionsFileError(
            f"{path}: {error}. Below untested, criteria, twins or equivalents write entries of `because` and `which`."
        ) from None


def _reasons(groups: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(str(name), str(group["because"])) for group in groups for name in group["which"]]
