"""A mistake in a cell marker is reported with what to write instead."""

from __future__ import annotations

import pytest

from autograder.authoring.cell_markers import LessonError
from autograder.authoring.notebook import build_notebook
from autograder.course.settings import Course
from tests.helpers.small_course import NAME


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('# %% anwser="f"\ndef f(): ...\n', "unknown key: anwser"),
        ('# %% answer="f" check="f"\nf()\n', "cannot mark the same cell"),
        ('# %% [markdown] clause="masks"\n# x\n', "no clause 'masks'"),
        ('# %% written="why"\nx = 1\n', "[markdown]"),
        ('# %% [markdown] answer="f"\n# x\n', "`# %% answer=...`"),
        ('# %% answer="f"\ndef f():\n    return 1\n', "BEGIN SOLUTION"),
        ('# %% check="f"\ncheck(f)\n', "needs an exercise"),
        ('# %% insert="setup"\nimport os\n', "must be empty"),
        ('# %% [markdown] question="why so"\n# x\n', "cannot name a cell"),
        ('# %% [markdown] question="a"\n# x\n\n# %% [markdown] question="a"\n# y\n', "two cells are named question-a"),
    ],
)
def test_a_mistake_in_a_marker_is_reported(course: Course, text: str, message: str) -> None:
    with pytest.raises(LessonError) as caught:
        build_notebook(text, NAME, None, course)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", 'answer="centre_rows"'),
        ('# %% check="softmax"\ncheck(softmax)\n', "Write check='centre_rows'"),
    ],
    ids=["neither", "check of another"],
)
def test_a_lesson_needs_the_answer_and_check_of_its_exercise(course: Course, text: str, message: str) -> None:
    with pytest.raises(LessonError, match=message):
        build_notebook(text, NAME, course.exercise("centre_rows"), course)
