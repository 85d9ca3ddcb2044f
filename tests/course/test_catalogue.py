"""The catalogue finds the package's lessons and exercises, and a course's own ones first."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import catalogue
from autograder.course.catalogue import CatalogueError

DEFINITION = """\
import dataclasses
from autograder.course import catalogue
EXERCISE = dataclasses.replace(catalogue.load_exercise("softmax"), function="{function}")
"""


def add_folder(root: Path, name: str, **files: str) -> Path:
    folder = root / "exercises" / name
    folder.mkdir(parents=True)
    for stem, text in files.items():
        (folder / f"{stem}.py").write_text(text, encoding="utf-8")
    return folder


def test_an_exercise_of_the_course_is_found_beside_the_packages_own(tmp_path: Path) -> None:
    add_folder(tmp_path, "layer_norm", exercise=DEFINITION.format(function="layer_norm"))
    assert set(catalogue.load_exercises(tmp_path)) == {*catalogue.load_exercises(), "layer_norm"}
    assert catalogue.load_exercise("layer_norm", tmp_path).function == "layer_norm"


def test_a_folder_of_the_course_replaces_the_packages_of_that_name(tmp_path: Path) -> None:
    header = "# ---\n# jupyter:\n#   autograder:\n#     assignment: 3-mine\n# ---\n"
    folder = add_folder(tmp_path, "softmax", lesson=header)
    assert "softmax" not in catalogue.load_exercises(tmp_path)
    lessons = catalogue.load_lessons(tmp_path)
    assert lessons["3-mine"].source == folder / "lesson.py"
    assert "3-softmax" not in lessons


def test_an_unknown_exercise_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(CatalogueError, match="Did you mean softmax"):
        catalogue.load_exercise("sotfmax")
    with pytest.raises(CatalogueError, match="There are: attention_scores, "):
        catalogue.load_exercise("zzz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / 0", "ZeroDivisionError.*Fix it first"),
        ("x = 1", "defines no EXERCISE"),
        (DEFINITION.format(function="other"), "defines the exercise other, but its folder is mine"),
    ],
    ids=["raises", "empty", "misnamed"],
)
def test_a_broken_definition_is_refused_with_its_path(tmp_path: Path, text: str, message: str) -> None:
    folder = add_folder(tmp_path, "mine", exercise=text)
    with pytest.raises(CatalogueError, match=message) as caught:
        catalogue.load_exercise("mine", tmp_path)
    assert str(folder / "exercise.py") in str(caught.value)


def test_a_lesson_without_an_assignment_in_its_header_is_refused(tmp_path: Path) -> None:
    add_folder(tmp_path, "mine", lesson="# %%\nx = 1\n")
    with pytest.raises(CatalogueError, match="names no assignment"):
        catalogue.load_lessons(tmp_path)


def test_the_fingerprint_changes_with_the_definition_but_not_with_the_lesson(tmp_path: Path) -> None:
    folder = add_folder(tmp_path, "mine", exercise=DEFINITION.format(function="mine"), lesson="")
    before = catalogue.exercise_fingerprint("mine", tmp_path)
    (folder / "lesson.py").write_text("# other text", encoding="utf-8")
    assert catalogue.exercise_fingerprint("mine", tmp_path) == before
    (folder / "reference.py").write_text("x = 1", encoding="utf-8")
    assert catalogue.exercise_fingerprint("mine", tmp_path) != before


def test_a_lesson_lists_its_manually_graded_cells() -> None:
    lessons = catalogue.load_lessons()
    assert lessons["6-reflection"].manually_graded_cells() == ["senses", "prediction", "evidence", "mechanism"]
    assert lessons["3-softmax"].manually_graded_cells() == ["why"]
