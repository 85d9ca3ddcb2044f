"""Once there are submissions, changed points need a regrade, and new or missing graded cells are refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.authoring import build
from autograder.authoring.changes import find_changes, graded_cells
from autograder.course.settings import load_course

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose gradebook knows two assignments, each with a submission."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    (tmp_path / "course.yml").write_text("title: X\nlessons: [3-softmax, 6-reflection]\n")
    settings = (ROOT / "nbgrader_config.py").read_text() + f"c.CourseDirectory.db_url = {db_url!r}\n"
    (tmp_path / "nbgrader_config.py").write_text(settings)
    with Gradebook(db_url) as gradebook:
        gradebook.add_student("novak")
        for name, notebook in solutions().items():
            gradebook.add_assignment(name)
            gradebook.add_notebook(name, name)
            for cell, points in graded_cells(notebook).items():
                gradebook.add_grade_cell(cell, name, name, max_score=points, cell_type="code")
            gradebook.add_submission(name, "novak")
    return tmp_path


def solutions() -> dict[str, bytes]:
    return {name: (ROOT / "solutions" / name / f"{name}.ipynb").read_bytes() for name in ("3-softmax", "6-reflection")}


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_an_unchanged_course_has_no_changes(course: Path) -> None:
    assert find_changes(load_course(course), solutions()) == []


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_changed_points_need_a_regrade_and_changed_cells_lose_scores(course: Path) -> None:
    changed = solutions()
    changed["3-softmax"] = changed["3-softmax"].replace(b'"points": 5', b'"points": 7')
    changed["6-reflection"] = changed["6-reflection"].replace(b'"grade_id": "senses"', b'"grade_id": "meanings"')
    found_changes = find_changes(load_course(course), changed)
    assert [
        (change.loses_scores, words in change.text)
        for change, words in zip(
            found_changes, ["5 points became 7: regrade needed", "meanings is new", "senses is gone"], strict=True
        )
    ] == [(False, True), (True, True), (True, True)]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_a_build_that_would_lose_scores_writes_nothing(course: Path) -> None:
    build.build(load_course(course))
    (course / "course.yml").write_text("title: X\nlessons: [3-softmax]\npoints: {softmax: {no overflow: 3}}\n")
    build.build(load_course(course))
    assert "5 points became 7" in build.list_needed_regrades(load_course(course))[0]
    folder = course / "exercises" / "reflection"
    folder.mkdir(parents=True)
    text = (ROOT / "autograder" / "exercises" / "reflection" / "lesson.py").read_text()
    (folder / "lesson.py").write_text(text.replace('written="senses"', 'written="meanings"'))
    (course / "course.yml").write_text("title: X\nlessons: [3-softmax, 6-reflection]\n")
    before = (course / "solutions" / "3-softmax" / "3-softmax.ipynb").read_bytes()
    with pytest.raises(build.BuildError, match="senses is gone: nbgrader would lose scores"):
        build.build(load_course(course))
    assert (course / "solutions" / "3-softmax" / "3-softmax.ipynb").read_bytes() == before
