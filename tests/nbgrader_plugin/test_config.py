"""The nbgrader configuration of a course directory."""

from __future__ import annotations

import os
from inspect import isclass, isfunction
from pathlib import Path

import pytest
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.course.file_access import restrict_new_files
from autograder.nbgrader_plugin import config
from autograder.nbgrader_plugin.config import configure


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A directory with a valid course.yml."""
    (tmp_path / "course.yml").write_text("title: X\n")
    return tmp_path


def configured(root: Path) -> Config:
    settings = Config()
    with restrict_new_files():  # which sets the umask back
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


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "permissions"), [(0o755, 0o600, 600), (0o2770, 0o660, 660)], ids=["private", "shared"]
)
def test_what_nbgrader_writes_is_for_the_graders_only(
    course: Path, folder_mode: int, file_mode: int, permissions: int
) -> None:
    course.chmod(folder_mode)
    settings = Config()
    with restrict_new_files():
        os.umask(0)
        configure(settings, course)
        (course / "new").touch()
    assert (course / "new").stat().st_mode & 0o777 == file_mode
    assert settings.CourseDirectory.groupshared == (file_mode == 0o660)
    converters = [Autograde, GenerateAssignment, GenerateFeedback]
    found = [converter(coursedir=CourseDirectory(config=settings), config=settings) for converter in converters]
    assert {converter.permissions for converter in found} == {permissions}


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
