"""The steps of a notebook in a batch, and the configurations under which nbgrader would take others."""

from __future__ import annotations

from typing import Any

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.batch.preprocessing import AUTOGRADE_PREPROCESSORS, SANITIZE_PREPROCESSORS, unsupported_reason
from autograder.nbgrader_plugin.config import set_preprocessors


def configured(**sections: dict[str, Any]) -> Config:
    """The configuration of a course, with some settings changed."""
    config = Config()
    set_preprocessors(config)
    config.merge(Config(sections))
    return config


def reason(config: Config) -> str:
    return unsupported_reason(CourseDirectory(config=config), config)


def test_the_configuration_of_a_course_is_supported() -> None:
    assert reason(configured()) == ""


def test_preprocessors_are_the_ones_that_nbgrader_would_run() -> None:
    converter = Autograde(config=configured())
    for listed, expected in (
        (converter.sanitize_preprocessors, SANITIZE_PREPROCESSORS),
        (converter.autograde_preprocessors, AUTOGRADE_PREPROCESSORS),
    ):
        assert [getattr(entry, "__name__", str(entry).rpartition(".")[2]) for entry in listed] == [
            preprocessor.__name__ for preprocessor in expected
        ]


@pytest.mark.parametrize("name", ["sanitize_preprocessors", "autograde_preprocessors"])
def test_another_list_of_preprocessors_is_refused_by_name(name: str) -> None:
    config = configured()
    config.Autograde[name] = config.Autograde[name][:-1]
    assert reason(config) == f"Autograde.{name} is another list than the course's own."


@pytest.mark.parametrize("name", ["RestoreSubmission", "OverwriteKernelspec", "SaveScores", "ApplyLatePenalties"])
def test_a_step_that_somebody_switched_off_is_refused_by_name(name: str) -> None:
    assert reason(configured(**{name: {"enabled": False}})) == f"{name} is switched off."


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"Autograde": {"post_convert_hook": "os.path.exists"}}, "Autograde has a hook."),
        ({"Autograde": {"create_student": False}}, "Autograde.create_student"),
        ({"CourseDirectory": {"notebook_id": "one"}}, "CourseDirectory.notebook_id is set."),
    ],
)
def test_settings_that_a_batch_does_not_follow_are_refused(sections: dict[str, Any], message: str) -> None:
    assert message in reason(configured(**sections))
