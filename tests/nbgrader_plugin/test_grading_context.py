"""What a notebook is graded with comes from the release and the course, never from the submission."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.grading_context import GradingContext
from autograder.submission.reader import Submission
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Status

EXERCISE = {"nbgrader": {"grade": True}, "autograder": {"exercise": "softmax"}}


def write_release(root: Path, metadata: dict[str, Any], cell_metadata: dict[str, Any]) -> CourseDirectory:
    path = root / "assignments" / "a" / "n.ipynb"
    path.parent.mkdir(parents=True)
    cell = {"cell_type": "code", "metadata": cell_metadata, "source": "", "outputs": [], "execution_count": None}
    path.write_text(json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))
    directory = CourseDirectory()
    directory.root, directory.release_directory = str(root), "assignments"
    return directory


@pytest.mark.parametrize(
    ("metadata", "cell_metadata", "built_here"),
    [({"autograder": {}}, {}, True), ({}, EXERCISE, True), ({}, {"nbgrader": {"grade": True}}, False)],
)
def test_a_release_counts_if_this_course_built_it_or_it_has_an_exercise(
    tmp_path: Path, metadata: dict[str, Any], cell_metadata: dict[str, Any], built_here: bool
) -> None:
    path, release = grading_context.load_release(write_release(tmp_path, metadata, cell_metadata), "a", "n")
    assert path == tmp_path / "assignments" / "a" / "n.ipynb"
    assert (release is not None) is built_here


def test_a_missing_release_is_reported_with_its_path(tmp_path: Path) -> None:
    directory = write_release(tmp_path, {}, EXERCISE)
    path, release = grading_context.load_release(directory, "a", "other")
    assert (path.name, release) == ("other.ipynb", None)


def test_an_attached_context_is_used_and_nothing_is_read_from_disk() -> None:
    context, resources = GradingContext(None, None, 7, None), {"nbgrader": {}}
    context.attach_to(resources)
    assert grading_context.get_context(None, resources) is context


@pytest.mark.parametrize(
    ("metadata", "function"),
    [
        (EXERCISE, "softmax"),
        ({"autograder": {"exercise": "softmax"}}, ""),
        ({"nbgrader": {"grade": True}, "autograder": 3}, ""),
        ({"nbgrader": "x", "autograder": {"exercise": "softmax"}}, ""),
        ({}, ""),
    ],
)
def test_only_a_graded_cell_belongs_to_an_exercise(metadata: dict[str, Any], function: str) -> None:
    cell = {"metadata": metadata}
    assert grading_context.function_of(cell) == function
    assert grading_context.has_exercise(cell) is bool(function)


def test_notes_are_logged_without_control_characters(caplog: pytest.LogCaptureFixture) -> None:
    rejection = Rejection(Status.ALTERED, "A \x1b[31mred reason.")
    for submission in (rejection, Submission((), ("A \x07note.",))):
        grading_context.log_notes(logging.getLogger("test"), submission)
    assert len(caplog.messages) == 2
    assert not any("\x1b" in message or "\x07" in message for message in caplog.messages)
