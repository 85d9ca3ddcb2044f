"""A new course is current, and an exercise that is added to it works at once."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
import yaml

from autograder.authoring.build import BuildError, build, list_differences, read_files
from autograder.authoring.new_course import InitError, _append_lesson, add_exercise, create_course
from autograder.course.settings import Course, load_course
from autograder.grading.grader import grade_file
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, run_trusted
from autograder.verdict import Status
from tests.helpers.small_course import ROOT, TEMPLATE, cells, run_nbgrader, source


@pytest.mark.parametrize("name", ["course.yml", "nbgrader_config.py"])
def test_a_new_course_gets_the_configuration_of_this_repository(name: str) -> None:
    template = {"course.yml": "course.yml", "nbgrader_config.py": "nbgrader_config.py.tpl"}[name]
    assert (TEMPLATE / template).read_text(encoding="utf-8") == (ROOT / name).read_text(encoding="utf-8")


def test_a_new_course_ignores_the_files_that_this_repository_ignores() -> None:
    repository = (ROOT / ".gitignore").read_text(encoding="utf-8").split("# Tools")[0].split()
    course = (TEMPLATE / "gitignore.tpl").read_text(encoding="utf-8").split()
    assert set(repository) - set(course) <= {"/.bench/", "/build/", "/dist/"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course as `init` makes it, with an added exercise, built. It is shared, so tests change only copies of it."""
    target = tmp_path_factory.mktemp("init") / "new" / "course"
    create_course(target)
    course = load_course(target)
    add_exercise(course, "layer_norm")
    course = load_course(target)
    build(course)
    return course


def copy_of(course: Course, folder: Path) -> Course:
    shutil.copytree(course.root, folder)
    return load_course(folder)


def test_a_new_course_is_built_and_current(fresh: Course) -> None:
    assert list_differences(fresh) == []
    assert {"3-softmax", "7-layer-norm"} <= {path.name for path in (fresh.root / "assignments").iterdir()}
    assert not list(fresh.root.parent.glob(".course-*"))


def test_the_students_configuration_names_only_course_and_exchange(fresh: Course) -> None:
    text = (fresh.root / "student" / "nbgrader_config.py").read_text(encoding="utf-8")
    assert f"c.Exchange.root = {str(fresh.root / 'exchange')!r}" in text
    assert f"c.CourseDirectory.course_id = {fresh.course_id!r}" in text
    assert "autograder." not in text


@pytest.mark.slow
def test_generate_assignment_leaves_the_same_bytes_as_build(fresh: Course, tmp_path: Path) -> None:
    course = copy_of(fresh, tmp_path / "course")
    before = read_files(course.root / "assignments")
    (course.root / "assignments" / "3-softmax" / "3-softmax.ipynb").unlink()
    ran = run_nbgrader(course, "generate_assignment", "*", "--force")
    assert ran.returncode == 0, ran.stderr
    assert "ERROR" not in ran.stderr
    assert read_files(course.root / "assignments") == before
    assert (course.root / "gradebook.db").is_file()
    assert list_differences(course) == []


def test_text_self_check_and_grader_agree_when_masks_are_left_out(fresh: Course, tmp_path: Path) -> None:
    folder = copy_of(fresh, tmp_path / "course").root
    settings = (folder / "course.yml").read_text(encoding="utf-8")
    (folder / "course.yml").write_text(settings.replace("leave_out: []", "leave_out: [mask]"), encoding="utf-8")
    course = load_course(folder)
    build(course)
    prose = [
        source(cell)
        for notebook in (folder / "assignments").glob("*/*.ipynb")
        for cell in cells(notebook.read_text(encoding="utf-8"))
        if cell["cell_type"] == "markdown"
    ]
    assert not [text for text in prose if "mask" in text.lower()]
    assert '"mask' not in (folder / "assignments" / "5-attention" / "selfcheck.json").read_text(encoding="utf-8")
    exercise = course.exercise("scaled_dot_product_attention")
    assert exercise.max_score < fresh.exercise("scaled_dot_product_attention").max_score
    report = grade_file(folder / "solutions" / "5-attention" / "5-attention.ipynb", exercise, seed=1)
    assert report.score == exercise.max_score


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\n", "title: A\n"),
        ("lessons: [a, b] # c\ntitle: A\n", "lessons: [a, b, 9-x] # c\ntitle: A\n"),
        ("lessons:\n  - a\n  - b # c\n\ntitle: A\n", "lessons:\n  - a\n  - b # c\n  - 9-x\n\ntitle: A\n"),
        ("title: A\nlessons:\n-   a", "title: A\nlessons:\n-   a\n- 9-x"),
    ],
)
def test_a_new_assignment_is_appended_without_other_changes(before: str, after: str) -> None:
    assert _append_lesson(before, "9-x") == after
    assert yaml.safe_load(after).get("lessons", ["9-x"])[-1] == "9-x"


def test_the_exercise_template_can_be_graded_as_it_is(fresh: Course) -> None:
    name = "7-layer-norm"
    exercise = fresh.exercise("layer_norm")
    solved = grade_file(fresh.root / "solutions" / name / f"{name}.ipynb", exercise, seed=1)
    blank = grade_file(fresh.root / "assignments" / name / f"{name}.ipynb", exercise, seed=1)
    assert (solved.status, solved.score) == (Status.GRADED, exercise.max_score)
    assert (blank.status, blank.score) == (Status.UNFINISHED, 0)


def test_each_misconception_of_the_template_is_caught_and_named(fresh: Course) -> None:

    exercise = fresh.exercise("layer_norm")
    for wrong in exercise.misconceptions:
        verdict = judge_function(ReferenceAnswers(exercise, 1), partial(run_trusted, wrong.program))
        assert verdict.score < exercise.max_score
        assert verdict.misconceptions[0] == wrong.slug


def test_a_failed_init_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(course: Course) -> None:
        raise BuildError("no")

    monkeypatch.setattr("autograder.authoring.new_course.build", fail)
    with pytest.raises(BuildError):
        create_course(tmp_path / "course")
    assert list(tmp_path.iterdir()) == []


def test_init_refuses_a_directory_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(InitError, match="new or an empty"):
            create_course(target)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["", "layer-norm", "class", "2nd", "../x", "softmax", "centre_rows"])
def test_a_name_that_cannot_be_an_exercise_is_refused(course: Course, name: str) -> None:
    before = read_files(course.root)
    with pytest.raises(InitError):
        add_exercise(course, name)
    assert read_files(course.root) == before
