"""A lesson source becomes a notebook with nbgrader's metadata, the same for the same text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.authoring.build import build
from autograder.authoring.notebook import build_notebook
from autograder.course.settings import Course
from tests.helpers.small_course import NAME, cells, small_course, source

HEADER = "# ---\n# jupyter:\n#   autograder:\n#     assignment: 9-example\n# ---\n\n"
EXAMPLE = """\
# %% [markdown]
# # A title

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


def build_cells(course: Course, text: str = EXAMPLE) -> list[dict[str, Any]]:
    return cells(build_notebook(HEADER + text, "9-example", None, course))


def test_each_key_of_a_marker_becomes_nbgraders_metadata(course: Course) -> None:
    with_metadata = [cell for cell in build_cells(course) if "nbgrader" in cell["metadata"]]
    metadata = {cell["id"]: cell["metadata"]["nbgrader"] for cell in with_metadata}
    assert list(metadata) == ["question-why", "why", "rubric-why"]
    assert [data["locked"] for data in metadata.values()] == [True, False, True]
    assert [data["grade"] for data in metadata.values()] == [False, True, False]
    assert metadata["why"]["solution"]
    assert metadata["why"]["points"] == 3
    assert {data["schema_version"] for data in metadata.values()} == {3}


def test_a_cell_keeps_its_id_when_another_cell_changes(course: Course) -> None:
    before = [cell["id"] for cell in build_cells(course)]
    after = [cell["id"] for cell in build_cells(course, EXAMPLE.replace("# # A title", "# # Another title"))]
    assert len(set(before)) == len(before)
    assert before[1:] == after[1:]
    assert before[0] != after[0]


def test_cells_of_a_left_out_clause_are_not_built(tmp_path: Path) -> None:
    with_masks = "\n".join(map(source, build_cells(small_course(tmp_path / "with"))))
    without = "\n".join(map(source, build_cells(small_course(tmp_path / "without", "leave_out: [mask]\n"))))
    assert "Only with masks." in with_masks
    assert "mask" not in without
    assert "Why?" in without


REPLY = '# %% [markdown] question="why"\n# Why?\n\n# %% [markdown] reply="why"\n# Because.\n'


def test_a_reply_without_points_has_the_good_answer_folded_below_it(course: Course) -> None:
    question, reply, answer = build_cells(course, REPLY)
    assert source(question) == "Why?"
    assert source(reply).startswith("**My answer**")
    assert "Because." in source(answer)
    assert "<details>" in source(answer)
    assert not {"nbgrader"} & {*reply["metadata"], *answer["metadata"]}


def test_a_reply_with_points_is_graded_manually(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    lesson_source = tmp_path / "exercises" / "centre_rows" / "lesson.py"
    lesson_source.write_text(f"{lesson_source.read_text(encoding='utf-8')}\n{REPLY}", encoding="utf-8")
    course = small_course(tmp_path, f"rubrics: {{{NAME}: {{why: 2.5}}}}\n")
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
    course = replace(small_course(tmp_path), rubrics={NAME: {"senses": 5}})
    text = '# %% [markdown] written="senses"\n# Because.\n\n# %% [markdown] written="evidence"\n# So.\n'
    built = cells(build_notebook(HEADER + text, NAME, None, course))
    assert [cell["metadata"]["nbgrader"]["points"] for cell in built] == [5, 3]


def setup_cell(course: Course) -> str:
    notebook = (course.root / "assignments" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    return next(source(cell) for cell in cells(notebook) if "import numpy" in source(cell))


def test_the_setup_cell_is_short(built: Course) -> None:
    assert len(setup_cell(built).split("\n")) <= 15


def test_the_setup_cell_reports_files_that_are_missing_beside_it(built: Course, tmp_path: Path) -> None:
    code = setup_cell(built) + "\ncheck(print)\ncheck()\n"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert run.stdout.count("selfcheck.py is not beside this notebook") == 2
    assert "Traceback" not in run.stdout + run.stderr


def test_validation_fails_without_the_self_check(built: Course, tmp_path: Path) -> None:
    code = setup_cell(built) + "\ncheck(print)\n"
    environment = {**os.environ, "NBGRADER_EXECUTION": "validate"}
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert run.returncode != 0
