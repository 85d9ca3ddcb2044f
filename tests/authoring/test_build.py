"""Building gives the same bytes every time, and loses nothing that somebody wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.build import MANIFEST, BuildError, build, list_differences, read_files
from autograder.course.settings import Course, load_course
from tests.helpers.small_course import NAME, cells, run_nbgrader, small_course, source


def graded(course: Course) -> dict[str, Any]:
    notebook = (course.root / "solutions" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    return next(cell for cell in cells(notebook) if cell["id"] == "check-centre_rows")


def test_build_writes_everything_once(course: Course) -> None:
    written = build(course)
    assert course.root / "assignments" / NAME / f"{NAME}.ipynb" in written
    assert list_differences(course) == []
    assert build(course) == []


def test_two_builds_in_two_places_give_the_same_bytes(tmp_path: Path) -> None:
    build(small_course(tmp_path / "first"))
    build(small_course(tmp_path / "second"))
    assert read_files(tmp_path / "first") == read_files(tmp_path / "second")


def test_a_built_folder_holds_the_notebook_and_the_self_check(built: Course) -> None:
    wanted = {
        f"{NAME}.ipynb",
        "selfcheck.py",
        "comparing.py",
        "loading.py",
        "notebook_code.py",
        "magics.py",
        "cell_names.py",
        "selfcheck.json",
        "pytest.ini",
    }
    for folder in ("solutions", "assignments"):
        there = {path.name for path in (built.root / folder / NAME).iterdir()}
        assert there == wanted | {"test_9_centre_rows.py"}


def test_built_files_are_utf8_with_unix_line_endings(built: Course) -> None:
    for name, data in read_files(built.root / "assignments").items():
        assert b"\r" not in data, name
        assert data.decode("utf-8").endswith("\n"), name


def test_each_file_that_differs_is_missing_or_extra_is_listed(built: Course) -> None:
    folder = built.root / "assignments" / NAME
    (folder / f"{NAME}.ipynb").write_text("{}", encoding="utf-8")
    (folder / "selfcheck.json").unlink()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    differences = list_differences(built)
    assert [line.split(" is ")[0].split(" differs")[0] for line in differences] == [
        f"assignments/{NAME}/{NAME}.ipynb",
        f"assignments/{NAME}/notes.txt",
        f"assignments/{NAME}/selfcheck.json",
    ]
    assert "differs" in differences[0]
    assert "extra" in differences[1]
    assert "missing" in differences[2]
    build(built)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_an_edited_solution_is_overwritten_only_with_force(built: Course) -> None:
    path = built.root / "solutions" / NAME / f"{NAME}.ipynb"
    edited = path.read_text(encoding="utf-8").replace("Your own exercise", "My own exercise")
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(BuildError, match=r"edited since.*--force"):
        build(built)
    assert path.read_text(encoding="utf-8") == edited
    build(built, force=True)
    assert list_differences(built) == []


def test_a_changed_lesson_source_is_built_again(built: Course) -> None:
    lesson_source = built.root / "exercises" / "centre_rows" / "lesson.py"
    lesson_source.write_text(
        lesson_source.read_text(encoding="utf-8").replace("Your own exercise", "Centred"), encoding="utf-8"
    )
    assert [line.split(" ")[0] for line in list_differences(built)] == [
        f"{folder}/{NAME}/{NAME}.ipynb" for folder in ("assignments", "solutions")
    ]
    build(built)
    assert "Centred" in (built.root / "assignments" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")


def test_a_missing_manifest_is_written_again(built: Course) -> None:
    (built.root / MANIFEST).unlink()
    assert list_differences(built) == [f"{MANIFEST} is missing"]
    build(built)
    assert list_differences(built) == []


def test_a_failed_build_leaves_everything_as_it_was(built: Course) -> None:
    before = read_files(built.root / "solutions"), read_files(built.root / "assignments")
    lesson_source = built.root / "exercises" / "centre_rows" / "lesson.py"
    text = lesson_source.read_text(encoding="utf-8")
    for broken, says in (
        (text.replace("### END SOLUTION", "### END"), "no end solution"),
        (text.replace('check="', 'chekc="'), "unknown key: chekc"),
    ):
        lesson_source.write_text(broken, encoding="utf-8")
        with pytest.raises(BuildError, match=says):
            build(built)
        assert (read_files(built.root / "solutions"), read_files(built.root / "assignments")) == before


def test_a_dropped_lesson_is_removed_but_the_instructors_files_stay(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    build(course)
    (tmp_path / "solutions" / NAME / "picture.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "solutions" / "own-work").mkdir()
    (tmp_path / "solutions" / "own-work" / "own-work.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "course.yml").write_text("title: A course\nlessons: [3-softmax]\n", encoding="utf-8")
    changed = load_course(tmp_path)
    assert any("nothing builds it" in line for line in list_differences(changed))
    assert tmp_path / "assignments" / NAME / f"{NAME}.ipynb" in build(changed)
    left = {name for name in read_files(tmp_path / "solutions") if name.parts[0] != "3-softmax"}
    assert set(map(str, left)) == {".built", f"{NAME}/picture.svg", "own-work/own-work.ipynb"}
    assert {name.parts[0] for name in read_files(tmp_path / "assignments")} == {"3-softmax"}
    assert list_differences(changed) == []


def test_a_file_next_to_the_solution_is_released_with_it(built: Course) -> None:
    (built.root / "solutions" / NAME / "data.csv").write_text("1,2\n", encoding="utf-8")
    assert list_differences(built) == [f"assignments/{NAME}/data.csv is missing"]
    build(built)
    assert (built.root / "assignments" / NAME / "data.csv").read_text(encoding="utf-8") == "1,2\n"


def test_points_in_course_yml_reach_the_graded_cell_and_self_check(tmp_path: Path) -> None:
    course = small_course(tmp_path, "points: {centre_rows: {every row: 7.5}}\n")
    build(course)
    assert graded(course)["metadata"]["nbgrader"]["points"] == 8.5
    assert "7.5" in (tmp_path / "assignments" / NAME / "selfcheck.json").read_text(encoding="utf-8")


def test_the_graded_cell_fails_only_when_nbgrader_itself_executes_it(built: Course) -> None:
    code = "check = centre_rows = print\n" + source(graded(built))
    for execution, status in (("autograde", 1), ("validate", 0), ("", 0)):
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "NBGRADER_EXECUTION": execution},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == status
        assert ("autograder.nbgrader_plugin.config.configure" in ran.stderr) == bool(status)


def test_a_build_uses_the_courses_nbgrader_settings(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("c.ClearSolutions.code_stub = {'python': 'raise NotImplementedError  # your turn'}\n")
    build(course)
    assert "your turn" in (course.root / "assignments" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")


@pytest.mark.slow
def test_nbgrader_reports_an_invalid_course_yml_and_keeps_our_settings(built: Course) -> None:
    (built.root / "course.yml").write_text("titel: A course\n", encoding="utf-8")
    ran = run_nbgrader(built, "generate_assignment", NAME, "--force")
    assert "nbgrader_config.py: " in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0, "solutions/ is still the source"
