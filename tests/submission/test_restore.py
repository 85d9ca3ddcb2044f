"""A rebuilt submission: what is graded comes from the release, and nothing that a student wrote is lost."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.student_files.loading import Notebook, source_of
from autograder.submission.restore import restore_notebook

Cell = dict[str, Any]


def cell(source: str, grade_id: str = "", kind: str = "code", tags: tuple[str, ...] = (), **grading: Any) -> Cell:
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if grade_id:
        data = {"grade_id": grade_id, "grade": False, "locked": False, "solution": False, **grading}
        metadata["nbgrader"] = data
    return {"cell_type": kind, "id": grade_id or f"id-{source[:4]}", "metadata": metadata, "source": source}


def released() -> Notebook:
    cells = [
        cell("text", kind="markdown"),
        cell("import numpy as np"),
        cell("raise NotImplementedError()", "softmax", solution=True),
        cell("check(softmax)", "check-softmax", grade=True, locked=True, points=5),
        cell("plot(softmax)", tags=("illustration",)),
        cell("Why?", "question-why", kind="markdown", locked=True),
        cell("", "why", kind="markdown", grade=True, solution=True, points=3),
    ]
    return {"cells": cells, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}


def answered() -> Notebook:
    notebook = released()
    notebook["cells"][2]["source"] = "def softmax(): ..."
    notebook["cells"][6]["source"] = "Because."
    return notebook


def fixed(notebook: Notebook) -> list[Cell]:
    return [one for one in notebook["cells"] if "nbgrader" in one["metadata"]]


def check_sound(rebuilt: Notebook, submitted: Notebook) -> None:
    """Every graded cell exactly once, in order, as released; and no text of the student's gone."""
    want = fixed(released())
    assert [one["metadata"] for one in fixed(rebuilt)] == [one["metadata"] for one in want]
    assert [one["cell_type"] for one in fixed(rebuilt)] == [one["cell_type"] for one in want]
    for one, origin in zip(fixed(rebuilt), want, strict=True):
        if not origin["metadata"]["nbgrader"]["solution"]:
            assert one["source"] == origin["source"]
    ids = [one["id"] for one in rebuilt["cells"]]
    assert len(ids) == len(set(ids))
    assert all(ids)
    kept = [one["source"] for one in rebuilt["cells"]]
    locked = {one["metadata"]["nbgrader"]["grade_id"] for one in want if not one["metadata"]["nbgrader"]["solution"]}
    for one in submitted["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") not in locked:
            assert kept.count(source_of(one)) >= 1


def test_an_untouched_submission_stays_as_it_is_and_says_nothing() -> None:
    restored = restore_notebook(released(), answered())
    rebuilt, notes = restored.notebook, restored.notes
    assert notes == ()
    assert [one["source"] for one in rebuilt["cells"]] == [one["source"] for one in answered()["cells"]]


@given(st.randoms(use_true_random=False), st.data())
def test_deleting_copying_and_moving_cells_loses_nothing_and_changes_no_grading(rng: random.Random, data: Any) -> None:
    submitted = answered()
    submitted["cells"] += [cell(f"own {number}") for number in range(data.draw(st.integers(0, 3)))]
    some = submitted["cells"]
    submitted["cells"] = [deepcopy(rng.choice(some)) for _ in range(data.draw(st.integers(1, 12)))]
    check_sound(restore_notebook(released(), submitted).notebook, submitted)


def change(notebook: Notebook, number: int, **fields: Any) -> Notebook:
    notebook["cells"][number].update(fields)
    return notebook


@pytest.mark.parametrize(
    ("submitted", "words"),
    [
        (change(answered(), 3, source="5.0"), "text of the locked cell check-softmax"),
        (change(answered(), 5, source="Nothing?"), "text of the locked cell question-why"),
        (change(answered(), 2, cell_type="markdown"), "type or the grading data of the cell softmax"),
        (change(answered(), 3, metadata={"nbgrader": {"grade_id": "check-softmax", "points": 99}}), "grading data"),
        (change(answered(), 3, metadata={}), "grading data of the cell check-softmax"),
        ({**answered(), "cells": answered()["cells"][:3]}, "The cell check-softmax was missing and was put back."),
        ({**answered(), "cells": answered()["cells"][::-1]}, "put back into their order"),
        ({**answered(), "cells": [*answered()["cells"], answered()["cells"][3]]}, "copy of the cell check-softmax"),
    ],
    ids=range(8),
)
def test_what_was_changed_is_put_right_and_noted(submitted: Notebook, words: str) -> None:
    restored = restore_notebook(released(), submitted)
    rebuilt, notes = restored.notebook, restored.notes
    assert words in " ".join(notes)
    check_sound(rebuilt, submitted)


def test_a_copied_answer_stays_and_runs_where_it_is() -> None:
    submitted = answered()
    submitted["cells"].append(cell("def softmax(): return 2", "softmax", solution=True))
    rebuilt = restore_notebook(released(), submitted).notebook
    assert rebuilt["cells"][-1]["source"] == "def softmax(): return 2"
    assert "nbgrader" not in rebuilt["cells"][-1]["metadata"]


def test_an_answer_written_into_a_copy_is_the_answer() -> None:
    submitted = released()
    submitted["cells"].append({**deepcopy(submitted["cells"][6]), "source": "Because."})
    rebuilt = restore_notebook(released(), submitted).notebook
    (why,) = [one for one in fixed(rebuilt) if one["metadata"]["nbgrader"]["grade_id"] == "why"]
    assert why["source"] == "Because."


def test_an_answer_cell_that_is_gone_comes_back_empty() -> None:
    submitted = answered()
    submitted["cells"][2] = cell("def softmax(): ...")
    restored = restore_notebook(released(), submitted)
    rebuilt, notes = restored.notebook, restored.notes
    assert notes == ("The cell softmax was missing and was put back.",)
    assert [one["source"] for one in rebuilt["cells"]].count("def softmax(): ...") == 1
    (gone,) = [one for one in fixed(rebuilt) if one["metadata"]["nbgrader"]["grade_id"] == "softmax"]
    assert gone["source"] == ""


def test_a_release_of_an_older_format_gets_ids() -> None:
    release = {**released(), "nbformat_minor": 4}
    for one in release["cells"]:
        del one["id"]
    rebuilt = restore_notebook(release, answered()).notebook
    assert rebuilt["nbformat_minor"] == 5
    check_sound(rebuilt, answered())


def test_a_lost_tag_comes_back_and_a_tag_on_a_check_goes() -> None:
    submitted = answered()
    submitted["cells"][4]["metadata"] = {}
    submitted["cells"][3]["metadata"]["tags"] = ["skip-execution", "illustration"]
    rebuilt = restore_notebook(released(), submitted).notebook
    assert rebuilt["cells"][4]["metadata"] == {"tags": ["illustration"]}
    assert "tags" not in rebuilt["cells"][3]["metadata"]


@pytest.mark.parametrize("lost", ["id", "metadata"])
def test_notebooks_of_other_tools_are_understood(lost: str) -> None:
    submitted = answered()
    for one in submitted["cells"]:
        one["source"] = one["source"].splitlines(keepends=True)
        if lost == "id":
            one["metadata"]["id"] = one.pop("id")
        else:
            one["metadata"] = {"cell_id": "x"}
    rebuilt = restore_notebook(released(), submitted).notebook
    check_sound(rebuilt, answered())
    assert rebuilt["cells"][2]["source"] == "def softmax(): ..."


def test_a_notebook_of_something_else_is_altered_and_kept_whole() -> None:
    other = {"cells": [{"cell_type": "code", "metadata": {}, "source": "x = 1"}, "nonsense"], "metadata": {}}
    result = restore_notebook(released(), other)
    assert "Copy your answers into a fresh copy" in result.problem
    assert [one["source"] for one in result.notebook["cells"]][-1] == "x = 1"
    check_sound(result.notebook, {"cells": []})


def test_a_release_without_graded_cells_is_never_altered() -> None:
    plain = {**released(), "cells": released()["cells"][:2]}
    restored = restore_notebook(plain, {"cells": [cell("mine")]})
    rebuilt, notes = restored.notebook, restored.notes
    assert ([one["source"] for one in rebuilt["cells"]], notes) == (["mine"], ())


def test_neither_notebook_is_changed() -> None:
    release, submitted = released(), change(answered(), 3, source="5.0")
    before = deepcopy((release, submitted))
    restore_notebook(release, submitted)
    assert (release, submitted) == before


def test_pictures_that_were_pasted_into_text_stay() -> None:
    notebook, pasted = answered(), {"a.png": {"image/png": "aGk="}}
    notebook["cells"][6]["attachments"] = pasted
    notebook["cells"].append({**cell("![mine](attachment:a.png)", kind="markdown"), "attachments": pasted})
    notebook["cells"].append({**cell("1"), "attachments": pasted})
    rebuilt = restore_notebook(released(), notebook).notebook
    assert [one.get("attachments") for one in rebuilt["cells"][6:]] == [pasted, pasted, None]
