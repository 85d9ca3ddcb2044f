"""nbgrader's own commands, called in this process."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from autograder.nbgrader_plugin.nbgrader_commands import CommandError, NbgraderCommands, nbgrader_application
from tests.helpers.stock_course import StockCourse

NAME = "3-softmax"


def test_the_working_directory_is_restored_even_after_an_error(tmp_path: Path) -> None:
    directory = Path.cwd()
    with contextlib.suppress(KeyError), nbgrader_application(tmp_path):
        assert Path.cwd() == tmp_path
        raise KeyError
    assert Path.cwd() == directory


@pytest.mark.slow
@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
def test_a_command_that_fails_raises_what_it_logged(course: StockCourse) -> None:
    with pytest.raises(CommandError, match="Did you mean"):
        NbgraderCommands(course.app, "no-such-assignment").generate()


@pytest.mark.slow
def test_scores_are_read_with_penalty_and_timestamp(course: StockCourse) -> None:
    course.grade("scored", NAME, course.answered())
    assert NbgraderCommands(course.app, NAME).scores()["scored"] == (5, 0, None)
