"""The nbgrader configuration of a course directory."""

from __future__ import annotations

from inspect import isclass, isfunction
from pathlib import Path

import pytest
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.nbgrader_plugin import config
from autograder.nbgrader_plugin.config import configure


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A directory with a valid course.yml."""
    (tmp_path / "course.yml").write_text("title: X\n")
    return tmp_path


def configured(root: Path) -> Config:
    settings = Config()
    configure(settings, root)
    return settings


def test_everything_that_the_configuration_names_exists() -> None:
    names = {value for name, value in vars(config).items() if name.isupper() and isinstance(value, str)}
    assert len(names) == 14
    assert isfunction(import_item(config.MARKDOWN_FILTER))
    for name in names - {config.MARKDOWN_FILTER}:
        assert isclass(import_item(name))


def test_nbgraders_own_preprocessors_keep_their_order(course: Path) -> None:
    settings = configured(course).Autograde
    names = [getattr(entry, "__name__", entry) for entry in settings.autograde_preprocessors]
    assert names == [
        config.JUDGE_CELLS,
        "IgnorePattern",
        "ClearMetadataPreprocessor",
        "LimitOutput",
        config.SAVE_SCORES,
        config.APPLY_LATE_PENALTIES,
        "CheckCellMetadata",
        config.CLEAN_NOTEBOOK,
    ]
    assert settings.sanitize_preprocessors[0] == config.RESTORE_SUBMISSION


def test_the_exchange_of_course_yml_is_created_in_the_course(course: Path) -> None:
    assert configured(course).Exchange.root == str(course / "exchange")
    assert (course / "exchange").is_dir()


def test_an_invalid_course_yml_is_reported_and_grading_stays_configured(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "course.yml").write_text("title: [\n")
    settings = configured(course)
    assert "nbgrader_config.py: " in capsys.readouterr().err
    assert config.JUDGE_CELLS in settings.Autograde.autograde_preprocessors
    assert "Exchange" not in settings
