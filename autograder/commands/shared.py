"""Helpers for all subcommands: exit statuses, the usage error, finding the course, argument types."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import formatting
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course.settings import Course

OK, PROBLEM, USAGE, INTERRUPTED = 0, 1, 2, 130
READER_GONE = 141  # what a shell reports of a command that SIGPIPE has ended


class UsageError(AutograderError):
    """Raised where a command cannot be carried out as it was typed; the text ends with what to type instead."""


def course_root_here() -> Path | None:
    """Return the directory of the course that the current directory belongs to; None outside of any course."""
    from autograder.course.settings import find_course

    return find_course(Path.cwd())


def load_course_here() -> Course:
    """Load the course that the current directory belongs to, and let its graders use what this process writes.

    Raises `UsageError` outside of any course.
    """
    from autograder.course.file_access import file_access
    from autograder.course.settings import load_course

    root = course_root_here()
    if root is None:
        raise UsageError("there is no course here (no course.yml from here upwards). Make one: autograder init DIR")
    os.umask(file_access(root).umask)
    return load_course(root)


def print_lines(lines: Iterable[str]) -> None:
    """Print each line as it comes, without anything in it that a terminal would obey."""
    for line in lines:
        print(formatting.strip_control_characters(line), flush=True)


def print_paths(paths: Iterable[Path], *, if_none: str = "") -> None:
    """Print one path a line, relative to the current directory where it lies below that."""
    here = Path.cwd()
    print("\n".join(str(path.relative_to(here) if path.is_relative_to(here) else path) for path in paths) or if_none)


def positive_number(text: str) -> int:
    """Read an argument that counts something: a whole number from 1 on."""
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not such a number: write a whole number from 1 on")
    return int(text)
