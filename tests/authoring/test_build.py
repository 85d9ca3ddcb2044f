"""Masters become solutions/ and assignments/, the same bytes every time, and nothing written by hand is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.authoring.build import MANIFEST, BuildError, build, check, files_below
from autograder.authoring.new_course import InitError, _listed, add_exercise, create_course
from autograder.authoring.notebook import LessonError, to_notebook
from autograder.authoring.student_kit import KitError, pack_kits
from autograder.course.settings import Course, load_course
from autograder.grading.grader import grade_file
from autograder.verdict import Status

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "autograder" / "authoring" / "template"
NAME = "9-centre-rows"

HEADER = "# ---\n# jupyter:\n#   autograder:\n#     assignment: 9-words\n# ---\n\n"
WORDS = """\
# %% [markdown]
# # Words

# %% insert="setup"

# %% [markdown] clause="mask"
# Only with masks.

# %% [markdown] clause="fully-masked"
# Only with masks that block everything.

# %% tags=["illustration"]
print("a picture")

# %%
print("twice")

# %%
print("twice")

# %% [markdown] question="why"
# Why?

# %% [markdown] written="why"
# Because.

# %% [markdown] rubric="why"
# 0 to 3.
"""


def course_in(folder: Path, text: str = "") -> Course:
    """A course with one exercise of its own, as `add_exercise` makes it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.yml").write_text(f"title: A course\nlessons: [{NAME}]\n{text}", encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    if not (folder / "exercises").exists():
        own = folder / "exercises" / "centre_rows"
        own.mkdir(parents=True)
        for name in ("exercise.py", "lesson.py"):
            text = (TEMPLATE / "exercise" / f"{name}.tpl").read_text(encoding="utf-8")
            (own / name).write_text(
                text.replace("my_function", "centre_rows").replace("7-mine", NAME), encoding="utf-8"
            )
    return load_course(folder)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return course_in(tmp_path / "course")


@pytest.fixture
def built(course: Course) -> Course:
    build(course)
    return course


def cells(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["cells"]
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def words(course: Course, text: str = WORDS) -> list[dict[str, Any]]:
    return cells(to_notebook(HEADER + text, "9-words", None, course))


def graded(course: Course) -> dict[str, Any]:
    notebook = (course.root / "solutions" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    return next(cell for cell in cells(notebook) if cell["id"] == "check-centre_rows")


# From a master to a notebook


def test_each_word_of_a_marker_becomes_nbgraders_metadata(course: Course) -> None:
    found = {cell["id"]: cell["metadata"]["nbgrader"] for cell in words(course) if "nbgrader" in cell["metadata"]}
    assert list(found) == ["question-why", "why", "rubric-why"]
    assert [found[name]["locked"] for name in found] == [True, False, True]
    assert [found[name]["grade"] for name in found] == [False, True, False]
    assert found["why"]["solution"]
    assert found["why"]["points"] == 3
    assert {one["schema_version"] for one in found.values()} == {3}


def test_cell_ids_are_unique_and_stay_when_another_cell_goes(course: Course) -> None:
    before = [cell["id"] for cell in words(course)]
    after = [cell["id"] for cell in words(course, WORDS.replace("# # Words", "# # Other words"))]
    assert len(set(before)) == len(before)
    assert before[1:] == after[1:]
    assert before[0] != after[0]


def test_a_clause_that_is_left_out_takes_its_cells_and_its_dependents_along(tmp_path: Path) -> None:
    with_masks = "\n".join(map(source, words(course_in(tmp_path / "with"))))
    without = "\n".join(map(source, words(course_in(tmp_path / "without", "leave_out: [mask]\n"))))
    assert "Only with masks." in with_masks
    assert "mask" not in without
    assert "Why?" in without


REPLY = '# %% [markdown] question="why"\n# Why?\n\n# %% [markdown] reply="why"\n# Because.\n'


def test_a_reply_has_no_points_and_a_folded_answer_in_a_cell_of_its_own(course: Course) -> None:
    question, reply, answer = words(course, REPLY)
    assert source(question) == "Why?"
    assert source(reply).startswith("**My answer**")
    assert "Because." in source(answer)
    assert "<details>" in source(answer)
    assert not {"nbgrader"} & {*reply["metadata"], *answer["metadata"]}


def test_points_in_the_course_make_a_hand_graded_answer_of_a_reply(tmp_path: Path) -> None:
    course = course_in(tmp_path)
    master = tmp_path / "exercises" / "centre_rows" / "lesson.py"
    master.write_text(f"{master.read_text(encoding='utf-8')}\n{REPLY}", encoding="utf-8")
    course = course_in(tmp_path, f"rubrics: {{{NAME}: {{why: 2.5}}}}\n")
    build(course)
    solved, released = (
        {cell["id"]: cell for cell in cells((tmp_path / folder / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))}
        for folder in ("solutions", "assignments")
    )
    assert source(solved["why"]) == "Because."
    assert solved["why"]["metadata"]["nbgrader"]["points"] == 2.5
    assert source(released["why"]) == "YOUR ANSWER HERE"
    assert "at most 2.5 points" in source(released["question-why"])
    assert "Because." not in json.dumps(released)


def test_rubric_points_come_from_the_course(tmp_path: Path) -> None:
    course = replace(course_in(tmp_path), rubrics={NAME: {"senses": 5}})
    text = '# %% [markdown] written="senses"\n# Because.\n\n# %% [markdown] written="evidence"\n# So.\n'
    found = cells(to_notebook(HEADER + text, NAME, None, course))
    assert [cell["metadata"]["nbgrader"]["points"] for cell in found] == [5, 3]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('# %% anwser="f"\ndef f(): ...\n', "no such word: anwser"),
        ('# %% answer="f" check="f"\nf()\n', "do not go together"),
        ('# %% [markdown] clause="masks"\n# x\n', "no clause 'masks'"),
        ('# %% written="why"\nx = 1\n', "[markdown]"),
        ('# %% [markdown] answer="f"\n# x\n', "`# %% answer=...`"),
        ('# %% answer="f"\ndef f():\n    return 1\n', "BEGIN SOLUTION"),
        ('# %% check="f"\ncheck(f)\n', "not this folder's exercise"),
        ('# %% insert="setup"\nimport os\n', "empty"),
        ('# %% [markdown] question="why so"\n# x\n', "no name for a cell"),
        ('# %% [markdown] question="a"\n# x\n\n# %% [markdown] question="a"\n# y\n', "two cells are named question-a"),
    ],
)
def test_a_mistake_in_a_marker_is_named(course: Course, text: str, says: str) -> None:
    with pytest.raises(LessonError) as caught:
        words(course, text)
    assert says in str(caught.value)


def test_an_exercise_needs_its_answer_and_its_check(course: Course) -> None:
    with pytest.raises(LessonError, match='answer="centre_rows"'):
        to_notebook(HEADER + WORDS, NAME, course.exercise("centre_rows"), course)


# The setup cell


def setup_cell(course: Course) -> str:
    notebook = (course.root / "assignments" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    return next(source(cell) for cell in cells(notebook) if "import numpy" in source(cell))


def test_the_setup_cell_is_short(built: Course) -> None:
    assert len(setup_cell(built).split("\n")) <= 15


def test_the_setup_cell_says_what_to_put_beside_a_notebook_that_moved(built: Course, tmp_path: Path) -> None:
    code = setup_cell(built) + "\ncheck(print)\ncheck()\n"
    alone = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert alone.returncode == 0
    assert alone.stdout.count("selfcheck.py is not beside this notebook") == 2
    assert "Traceback" not in alone.stdout + alone.stderr
    validate = {**os.environ, "NBGRADER_EXECUTION": "validate"}  # a check that did not happen is never a success
    alone = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=validate, capture_output=True, check=False)
    assert alone.returncode != 0


# build and check


def test_build_writes_everything_once(course: Course) -> None:
    written = build(course)
    assert course.root / "assignments" / NAME / f"{NAME}.ipynb" in written
    assert check(course) == []
    assert build(course) == []


def test_two_builds_in_two_places_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(course_in(tmp_path / name))
    one, two = files_below(tmp_path / "one"), files_below(tmp_path / "two")
    assert one == two


def test_a_folder_holds_the_notebook_and_the_kit(built: Course) -> None:
    wanted = {f"{NAME}.ipynb", "selfcheck.py", "comparing.py", "loading.py", "selfcheck.json", "pytest.ini"}
    for folder in ("solutions", "assignments"):
        there = {path.name for path in (built.root / folder / NAME).iterdir()}
        assert there == wanted | {"test_9_centre_rows.py"}


def test_built_text_is_utf8_with_plain_line_ends(built: Course) -> None:
    for name, data in files_below(built.root / "assignments").items():
        assert b"\r" not in data, name
        assert data.decode("utf-8").endswith("\n"), name


def test_check_names_each_file_that_differs_is_missing_or_is_extra(built: Course) -> None:
    folder = built.root / "assignments" / NAME
    (folder / f"{NAME}.ipynb").write_text("{}", encoding="utf-8")
    (folder / "selfcheck.json").unlink()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    found = check(built)
    assert [line.split(" is ")[0].split(" differs")[0] for line in found] == [
        f"assignments/{NAME}/{NAME}.ipynb",
        f"assignments/{NAME}/notes.txt",
        f"assignments/{NAME}/selfcheck.json",
    ]
    assert "differs" in found[0]
    assert "extra" in found[1]
    assert "missing" in found[2]
    build(built)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_hand_edited_solution_is_not_overwritten_unless_forced(built: Course) -> None:
    path = built.root / "solutions" / NAME / f"{NAME}.ipynb"
    edited = path.read_text(encoding="utf-8").replace("Your own exercise", "My own exercise")
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(BuildError, match=r"by hand.*--force"):
        build(built)
    assert path.read_text(encoding="utf-8") == edited
    build(built, force=True)
    assert check(built) == []


def test_a_changed_master_is_built_again(built: Course) -> None:
    master = built.root / "exercises" / "centre_rows" / "lesson.py"
    master.write_text(master.read_text(encoding="utf-8").replace("Your own exercise", "Centred"), encoding="utf-8")
    assert [line.split(" ")[0] for line in check(built)] == [
        f"{folder}/{NAME}/{NAME}.ipynb" for folder in ("assignments", "solutions")
    ]
    build(built)
    assert "Centred" in (built.root / "assignments" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")


def test_a_lost_record_of_the_build_is_noticed(built: Course) -> None:
    (built.root / MANIFEST).unlink()
    assert check(built) == [f"{MANIFEST} is missing"]
    build(built)
    assert check(built) == []


def test_a_failed_build_leaves_everything_as_it_was(built: Course) -> None:
    before = files_below(built.root / "solutions"), files_below(built.root / "assignments")
    master = built.root / "exercises" / "centre_rows" / "lesson.py"
    text = master.read_text(encoding="utf-8")
    for broken, says in (
        (text.replace("### END SOLUTION", "### END"), "no end solution"),
        (text.replace('check="', 'chekc="'), "no such word: chekc"),
    ):
        master.write_text(broken, encoding="utf-8")
        with pytest.raises(BuildError, match=says):
            build(built)
        assert (files_below(built.root / "solutions"), files_below(built.root / "assignments")) == before


def test_a_lesson_that_is_dropped_goes_but_files_of_ones_own_stay(tmp_path: Path) -> None:
    course = course_in(tmp_path)
    build(course)
    (tmp_path / "solutions" / NAME / "picture.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "solutions" / "own-work").mkdir()
    (tmp_path / "solutions" / "own-work" / "own-work.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "course.yml").write_text("title: A course\nlessons: [3-softmax]\n", encoding="utf-8")
    changed = load_course(tmp_path)
    assert any("nothing builds it" in line for line in check(changed))
    assert tmp_path / "assignments" / NAME / f"{NAME}.ipynb" in build(changed)
    left = {name for name in files_below(tmp_path / "solutions") if name.parts[0] != "3-softmax"}
    assert set(map(str, left)) == {".built", f"{NAME}/picture.svg", "own-work/own-work.ipynb"}
    assert {name.parts[0] for name in files_below(tmp_path / "assignments")} == {"3-softmax"}
    assert check(changed) == []


def test_a_file_beside_the_solution_is_handed_out_with_it(built: Course) -> None:
    (built.root / "solutions" / NAME / "data.csv").write_text("1,2\n", encoding="utf-8")
    assert check(built) == [f"assignments/{NAME}/data.csv is missing"]
    build(built)
    assert (built.root / "assignments" / NAME / "data.csv").read_text(encoding="utf-8") == "1,2\n"


def test_points_of_the_course_reach_the_graded_cell_and_the_self_check(tmp_path: Path) -> None:
    course = course_in(tmp_path, "points: {centre_rows: {every row: 7.5}}\n")
    build(course)
    assert graded(course)["metadata"]["nbgrader"]["points"] == 8.5
    assert "7.5" in (tmp_path / "assignments" / NAME / "selfcheck.json").read_text(encoding="utf-8")


def test_the_graded_cell_refuses_a_stock_autograde_and_nothing_else(built: Course) -> None:
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
        assert ("autograder.nbgrader_plugin.preprocessors.Judge" in ran.stderr) == bool(status)


def test_the_courses_own_nbgrader_settings_count(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("c.ClearSolutions.code_stub = {'python': 'raise NotImplementedError  # your turn'}\n")
    build(course)
    assert "your turn" in (course.root / "assignments" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")


def nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    home = course.root.parent / "home"
    home.mkdir(exist_ok=True)
    env = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home)}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=course.root, env=env, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_broken_course_yml_never_leaves_nbgrader_with_its_own_settings(built: Course) -> None:
    (built.root / "course.yml").write_text("titel: A course\n", encoding="utf-8")
    ran = nbgrader(built, "generate_assignment", NAME, "--force")
    assert "nbgrader_config.py: " in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0, "solutions/ is still the source"


# init, an exercise of one's own, and the kit


@pytest.mark.parametrize("name", ["course.yml", "nbgrader_config.py"])
def test_init_writes_what_the_repository_has(name: str) -> None:
    template = {"course.yml": "course.yml", "nbgrader_config.py": "nbgrader_config.py.tpl"}[name]
    assert (TEMPLATE / template).read_text(encoding="utf-8") == (ROOT / name).read_text(encoding="utf-8")


def test_init_ignores_what_the_repository_ignores_of_a_course() -> None:
    ours = (ROOT / ".gitignore").read_text(encoding="utf-8").split("# Tools")[0].split()
    theirs = (TEMPLATE / "gitignore.tpl").read_text(encoding="utf-8").split()
    assert set(ours) - set(theirs) <= {"/.bench/", "/build/", "/dist/"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course as `init` makes it, with an exercise of its own added and built: shared, so never changed."""
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


def test_init_makes_a_course_that_is_current(fresh: Course) -> None:
    assert check(fresh) == []
    assert {"3-softmax", "7-layer-norm"} <= {path.name for path in (fresh.root / "assignments").iterdir()}
    assert not list(fresh.root.parent.glob(".course-*"))


def test_the_students_configuration_names_course_and_exchange_and_no_more(fresh: Course) -> None:
    text = (fresh.root / "student" / "nbgrader_config.py").read_text(encoding="utf-8")
    assert f"c.Exchange.root = {str(fresh.root / 'exchange')!r}" in text
    assert f"c.CourseDirectory.course_id = {fresh.course_id!r}" in text
    assert "autograder." not in text


@pytest.mark.slow
def test_generate_assignment_leaves_the_same_bytes_as_build(fresh: Course, tmp_path: Path) -> None:
    course = copy_of(fresh, tmp_path / "course")
    before = files_below(course.root / "assignments")
    (course.root / "assignments" / "3-softmax" / "3-softmax.ipynb").unlink()
    ran = nbgrader(course, "generate_assignment", "*", "--force")
    assert ran.returncode == 0, ran.stderr
    assert "ERROR" not in ran.stderr
    assert files_below(course.root / "assignments") == before
    assert (course.root / "gradebook.db").is_file()
    assert check(course) == []


def test_text_self_check_and_grader_follow_when_masks_are_left_out(fresh: Course, tmp_path: Path) -> None:
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
def test_a_new_assignment_is_listed_last_and_the_rest_of_course_yml_stays(before: str, after: str) -> None:
    assert _listed(before, "9-x") == after
    assert yaml.safe_load(after).get("lessons", ["9-x"])[-1] == "9-x"


def test_the_exercise_from_the_template_works_at_once(fresh: Course) -> None:
    name = "7-layer-norm"
    exercise = fresh.exercise("layer_norm")
    solved = grade_file(fresh.root / "solutions" / name / f"{name}.ipynb", exercise, seed=1)
    blank = grade_file(fresh.root / "assignments" / name / f"{name}.ipynb", exercise, seed=1)
    assert (solved.status, solved.score) == (Status.GRADED, exercise.max_score)
    assert (blank.status, blank.score) == (Status.UNFINISHED, 0)


def test_each_misconception_of_the_template_is_caught_and_named(fresh: Course) -> None:
    from autograder.judging.judge import judge_function
    from autograder.judging.reference_answers import ReferenceAnswers, run_trusted

    exercise = fresh.exercise("layer_norm")
    for wrong in exercise.misconceptions:
        verdict = judge_function(ReferenceAnswers(exercise, 1), partial(run_trusted, wrong.program))
        assert verdict.score < exercise.max_score
        assert verdict.misconceptions[0] == wrong.slug


def test_an_init_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(course: Course) -> None:
        raise BuildError("no")

    monkeypatch.setattr("autograder.authoring.new_course.build", fail)
    with pytest.raises(BuildError):
        create_course(tmp_path / "course")
    assert list(tmp_path.iterdir()) == []


def test_init_refuses_what_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(InitError, match="new or an empty"):
            create_course(target)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("name", ["", "layer-norm", "class", "2nd", "../x", "softmax", "centre_rows"])
def test_a_name_that_cannot_be_an_exercise_is_refused(course: Course, name: str) -> None:
    before = files_below(course.root)
    with pytest.raises(InitError):
        add_exercise(course, name)
    assert files_below(course.root) == before


def test_a_kit_is_the_released_folder_with_a_short_readme(built: Course, tmp_path: Path) -> None:
    out = tmp_path / "kit"
    assert {path.name for path in pack_kits(built, out)} == {f"{NAME}.zip", "nbgrader_config.py"}
    with zipfile.ZipFile(out / f"{NAME}.zip") as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.namelist()}
        released = {str(name) for name in files_below(built.root / "assignments" / NAME)}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert names == released | {"README.md", "requirements.txt"}
        assert archive.read(f"{NAME}/requirements.txt").split() == [b"numpy", b"matplotlib", b"pytest", b"jupyterlab"]


def test_a_kit_has_the_same_bytes_each_time_and_replaces_only_itself(built: Course, tmp_path: Path) -> None:
    pack_kits(built, tmp_path / "one")
    before = files_below(tmp_path / "one")
    pack_kits(built, tmp_path / "one")
    assert files_below(tmp_path / "one") == before
    mine = tmp_path / "one" / f"{NAME}.zip"
    mine.write_bytes(b"mine")
    with pytest.raises(KitError, match="--force"):
        pack_kits(built, tmp_path / "one")
    assert mine.read_bytes() == b"mine"
    pack_kits(built, tmp_path / "one", force=True)
    assert files_below(tmp_path / "one") == before


def test_a_kit_is_never_packed_from_files_that_are_not_as_built(built: Course, tmp_path: Path) -> None:
    (built.root / "assignments" / NAME / "key.txt").write_text("the answers", encoding="utf-8")
    with pytest.raises(KitError, match=r"key\.txt.*extra"):
        pack_kits(built, tmp_path / "kit")
    assert not (tmp_path / "kit").exists()
