"""``audit.yml`` in an exercise's folder: findings of an audit that are correct as they are, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from autograder.errors import AutograderError

NAME = "audit.yml"


class ExceptionsFileError(AutograderError):
    """Raised if audit.yml cannot be read."""


@dataclass(frozen=True)
class ExpectedExceptions:
    """The expected findings of an audit, each with the reason why it is not a problem."""

    # Clauses of the contract that the function cannot break.
    untested: dict[str, str] = field(default_factory=dict)
    # Criteria that catch no misconception which the other criteria let pass.
    criteria: dict[str, str] = field(default_factory=dict)
    # "slug, named": misconceptions that no input tells apart from the one that is named.
    twins: dict[str, str] = field(default_factory=dict)
    # Mutants that are as correct as the program they come from.
    equivalents: dict[str, str] = field(default_factory=dict)


def read_exceptions(folder: Path) -> ExpectedExceptions:
    """Read the audit.yml of an exercise's folder; without the file, nothing is expected."""
    path = folder / NAME
    if not path.is_file():
        return ExpectedExceptions()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        keys = [field.name for field in fields(ExpectedExceptions)]
        if unknown := sorted(set(content) - set(keys)):
            raise ValueError(f"unknown keys: {', '.join(unknown)}")
        return ExpectedExceptions(**{key: _reasons(content.get(key) or []) for key in keys})
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ExceptionsFileError(
            f"{path}: {error}. Below untested, criteria, twins or equivalents write entries of `because` and `which`."
        ) from None


def _reasons(groups: list[dict[str, Any]]) -> dict[str, str]:
    return {str(name): str(group["because"]) for group in groups for name in group["which"]}
