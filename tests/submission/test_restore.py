"""Restoring a notebook: graded cells come from the release, and no text of a student is lost."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import compute_checksum

from autograder.student_files.loading import Notebook, source_of
from autograder.submission.restore import released_notebook, restore_notebook
from autograder.submission.student_work import Place, StudentText

Cell = dict[str, Any]


def make_cell(source: str, grade_id: str = "", kind: str = "code", tags: tuple[str, ...] = (), **grading: Any) -> Cell:
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if grade_id:
        data = {"grade_id": grade_id, "grade": False, "locked": False, "solution": False, **grading}
        metadata["nbgrader"] = data
    return {"cell_type": kind, "id": grade_id or f"id-{source[:4]}", "metadata": metadata, "source": source}


def released() -> Notebook:
    cells = [
        make_cell("text", kind="markdown"),
        make_cell("import numpy as np"),
        make_cell("raise NotImplementedError()", "softmax", solution=True),
        make_cell("check(softmax)", "check-softmax", grade=True, locked=True, points=5),
        make_cell("plot(softmax)", tags=("illustration",)),
        make_cell("Why?", "question-why", kind="markdown", locked=True),
        make_cell("", "why", kind="markdown", grade=True, solution=True, points=3),
    ]
    return {"cells": cells, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}


def answered() -> Notebook:
    notebook = released()
    notebook["cells"][2]["source"] = "def softmax(): ..."
    notebook["cells"][6]["source"] = "Because."
    return notebook


def graded_cells(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]


def assert_sound(restored: Notebook, submitted: Notebook) -> None:
    """Every graded cell is there once, in order, as released, and no text of the student is lost."""
    expected = graded_cells(released())
    assert [cell["metadata"] for cell in graded_cells(restored)] == [cell["metadata"] for cell in expected]
    assert [cell["cell_type"] for cell in graded_cells(restored)] == [cell["cell_type"] for cell in expected]
    for cell, origin in zip(graded_cells(restored), expected, strict=True):
        if not origin["metadata"]["nbgrader"]["solution"]:
            assert cell["source"] == origin["source"]
    ids = [cell["id"] for cell in restored["cells"]]
    assert len(ids) == len(set(ids))
    assert all(ids)
    kept = [cell["source"] for cell in restored["cells"]]
    grading = [cell["metadata"]["nbgrader"] for cell in expected]
    locked = {data["grade_id"] for data in grading if not data["solution"]}
    for cell in submitted["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in locked:
            assert kept.count(source_of(cell)) >= 1


def test_an_answered_notebook_is_restored_unchanged_and_without_notes() -> None:
    result = restore_notebook(released(), answered())
    restored = result.notebook
    assert result.notes == ()
    assert [cell["source"] for cell in restored["cells"]] == [cell["source"] for cell in answered()["cells"]]


@given(st.randoms(use_true_random=False), st.data())
def test_deleted_copied_and_moved_cells_lose_no_text_and_no_grading(rng: random.Random, data: Any) -> None:
    submitted = answered()
    submitted["cells"] += [make_cell(f"own {number}") for number in range(data.draw(st.integers(0, 3)))]
    cells = submitted["cells"]
    submitted["cells"] = [deepcopy(rng.choice(cells)) for _ in range(data.draw(st.integers(1, 12)))]
    assert_sound(restore_notebook(released(), submitted).notebook, submitted)


def change(notebook: Notebook, number: int, **fields: Any) -> Notebook:
    notebook["cells"][number].update(fields)
    return notebook


@pytest.mark.parametrize(
    ("submitted", "words"),
    [
        (change(answered(), 3, source="5.0"), "wrote in the locked cell check-softmax was kept"),
        (change(answered(), 5, source="Nothing?"), "wrote in the locked cell question-why was kept"),
        (change(answered(), 2, cell_type="markdown"), "answer softmax had become a text cell"),
        (change(answered(), 3, metadata={}), "had lost the names"),
        ({**answered(), "cells": answered()["cells"][:3]}, "were missing and have been added again: check-softmax"),
        ({**answered(), "cells": answered()["cells"][::-1]}, "put back into their order"),
        ({**answered(), "cells": [*answered()["cells"], answered()["cells"][2]]}, "more than one cell softmax"),
    ],
    ids=[
        "changed test",
        "changed question",
        "answer as markdown",
        "lost metadata",
        "missing cells",
        "reversed order",
        "copied answer",
    ],
)
def test_a_change_of_a_graded_cell_is_undone_and_noted(submitted: Notebook, words: str) -> None:
    result = restore_notebook(released(), submitted)
    restored, notes = result.notebook, result.notes
    assert words in " ".join(notes)
    assert_sound(restored, submitted)


def as_handed_out(cell: Cell, text: str, **grading: Any) -> Cell:
    """A cell of another release: nbgrader's checksum belongs to its text and points."""
    cell = {**cell, "source": text, "metadata": {"nbgrader": {**cell["metadata"]["nbgrader"], **grading}}}
    cell["metadata"]["nbgrader"]["checksum"] = compute_checksum(nbformat.from_dict(cell))
    return cell


@pytest.mark.parametrize(
    "submitted",
    [
        change(answered(), 3, metadata={"nbgrader": {"grade_id": "check-softmax", "points": 99}}),
        {**answered(), "cells": [*answered()["cells"], answered()["cells"][3]]},
        change(answered(), 3, **as_handed_out(answered()["cells"][3], "check_all(softmax)", points=3)),
        change(answered(), 5, **as_handed_out(answered()["cells"][5], "Last year's question?")),
        change(answered(), 5, source="Why?  \n"),
        change(answered(), 5, source=""),
    ],
    ids=["other points", "copied test", "older test", "older question", "blanks", "text removed"],
)
def test_what_the_student_did_not_write_is_restored_without_a_note(submitted: Notebook) -> None:
    result = restore_notebook(released(), submitted)
    assert result.notes == ()
    assert {text.text for text in result.student_texts} == {"def softmax(): ...", "Because."}
    assert_sound(result.notebook, {"cells": []})


@pytest.mark.parametrize(
    ("number", "typed", "kept"),
    [
        (5, "Why?\n\nNothing changes.", ("markdown", "Nothing changes.")),
        (5, "Nothing changes.", ("markdown", "Nothing changes.")),
        (3, "def softmax(): ...\n\ncheck(softmax)", ("code", "def softmax(): ...")),
        (3, "if True:\n    check(softmax)\n    print(1)", ("code", "if True:\n    check(softmax)\n    print(1)")),
    ],
    ids=["below a question", "in place of a question", "above a check", "around a check"],
)
def test_a_text_typed_into_a_locked_cell_is_kept_below_it(number: int, typed: str, kept: tuple[str, str]) -> None:
    submitted = change(released(), number, source=typed)
    result = restore_notebook(released(), submitted)
    below = result.notebook["cells"][number + 1]
    assert (below["cell_type"], below["source"]) == kept
    assert "nbgrader" not in below["metadata"]
    assert_sound(result.notebook, {"cells": []})


def test_the_parts_of_a_split_function_become_its_cell() -> None:
    submitted = with_exercise(answered())
    submitted["cells"][2:3] = [
        make_cell("def softmax():\n    x = 1", "softmax", solution=True),
        make_cell("    return x", "softmax", solution=True),
    ]
    result = restore_notebook(with_exercise(released()), submitted)
    assert graded_cells(result.notebook)[0]["source"] == "def softmax():\n    x = 1\n    return x"
    assert "A function of yours was split into 2 cells. They were read as one." in result.notes
    assert len(result.notebook["cells"]) == len(answered()["cells"])


def test_a_text_between_the_parts_of_a_function_stays_below_it() -> None:
    submitted = with_exercise(answered())
    parts = [make_cell("def softmax():\n    x = 1", "softmax", solution=True), make_cell("    return x")]
    submitted["cells"][2:3] = [parts[0], {**make_cell("And now:"), "cell_type": "markdown"}, parts[1]]
    cells = restore_notebook(with_exercise(released()), submitted).notebook["cells"]
    assert [cell["source"] for cell in cells[2:4]] == ["def softmax():\n    x = 1\n    return x", "And now:"]


def with_exercise(notebook: Notebook, name: str = "3-softmax") -> Notebook:
    notebook["cells"][2]["source"] = notebook["cells"][2]["source"].replace("raise", "def softmax():\n    raise")
    notebook["cells"][3]["metadata"]["autograder"] = {"exercise": "softmax"}
    notebook["metadata"]["autograder"] = {"assignment": name}
    return notebook


def test_a_notebook_with_only_the_function_is_restored_with_a_doubt() -> None:
    bare = {"cells": [make_cell("def softmax(): ...")], "metadata": {}}
    result = restore_notebook(with_exercise(released()), bare)
    assert "Make sure that it is the right one" in result.doubt
    assert result.problem == ""


def test_the_notebook_of_another_assignment_is_named() -> None:
    other = with_exercise(released(), "4-sums")
    other["cells"] = [other["cells"][5], make_cell("def softmax(): ...")]
    result = restore_notebook(with_exercise(released()), other)
    assert "This is the notebook of 4-sums, not of 3-softmax." in result.problem


def test_student_texts_say_where_they_are_and_what_was_there_before() -> None:
    submitted = answered()
    submitted["cells"][0]["source"] = "text and mine"
    submitted["cells"].append(make_cell("own"))
    result = restore_notebook(released(), submitted)
    assert result.student_texts == (
        StudentText(Place.RELEASED, False, "text and mine", "text"),
        StudentText(Place.ANSWER, True, "def softmax(): ...", "raise NotImplementedError()"),
        StudentText(Place.ANSWER, False, "Because."),
        StudentText(Place.OWN, True, "own"),
    )


def test_a_second_answer_becomes_an_ordinary_cell_in_its_place() -> None:
    submitted = answered()
    submitted["cells"].append(make_cell("def softmax(): return 2", "softmax", solution=True))
    restored = restore_notebook(released(), submitted).notebook
    assert restored["cells"][-1]["source"] == "def softmax(): return 2"
    assert "nbgrader" not in restored["cells"][-1]["metadata"]


def test_an_answer_written_into_a_copy_is_the_answer() -> None:
    submitted = released()
    submitted["cells"].append({**deepcopy(submitted["cells"][6]), "source": "Because."})
    restored = restore_notebook(released(), submitted).notebook
    (why,) = [cell for cell in graded_cells(restored) if cell["metadata"]["nbgrader"]["grade_id"] == "why"]
    assert why["source"] == "Because."


def test_a_missing_answer_cell_comes_back_empty() -> None:
    submitted = answered()
    submitted["cells"][2] = make_cell("def softmax(): ...")
    result = restore_notebook(released(), submitted)
    restored, notes = result.notebook, result.notes
    assert notes == ("These cells of the assignment were missing and have been added again: softmax.",)
    assert [cell["source"] for cell in restored["cells"]].count("def softmax(): ...") == 1
    (gone,) = [cell for cell in graded_cells(restored) if cell["metadata"]["nbgrader"]["grade_id"] == "softmax"]
    assert gone["source"] == ""


def test_cells_of_a_release_in_an_older_format_get_ids() -> None:
    release = {**released(), "nbformat_minor": 4}
    for cell in release["cells"]:
        del cell["id"]
    restored = restore_notebook(release, answered()).notebook
    assert restored["nbformat_minor"] == 5
    assert_sound(restored, answered())


def test_a_lost_tag_is_restored_and_an_added_tag_is_removed() -> None:
    submitted = answered()
    submitted["cells"][4]["metadata"] = {}
    submitted["cells"][3]["metadata"]["tags"] = ["skip-execution", "illustration"]
    restored = restore_notebook(released(), submitted).notebook
    assert restored["cells"][4]["metadata"] == {"tags": ["illustration"]}
    assert "tags" not in restored["cells"][3]["metadata"]


@pytest.mark.parametrize("lost", ["id", "metadata"])
def test_cells_are_matched_without_metadata_or_ids(lost: str) -> None:
    submitted = answered()
    for cell in submitted["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        if lost == "id":
            cell["metadata"]["id"] = cell.pop("id")
        else:
            cell["metadata"] = {"cell_id": "x"}
    restored = restore_notebook(released(), submitted).notebook
    assert_sound(restored, answered())
    assert restored["cells"][2]["source"] == "def softmax(): ..."


def test_a_different_notebook_is_a_problem_and_is_kept_completely() -> None:
    other = {"cells": [{"cell_type": "code", "metadata": {}, "source": "x = 1"}, "nonsense"], "metadata": {}}
    result = restore_notebook(released(), other)
    assert "Copy your answers into a fresh copy" in result.problem
    assert [cell["source"] for cell in result.notebook["cells"]][-1] == "x = 1"
    assert_sound(result.notebook, {"cells": []})


def test_a_release_without_graded_cells_accepts_every_notebook() -> None:
    plain = {**released(), "cells": released()["cells"][:2]}
    result = restore_notebook(plain, {"cells": [make_cell("mine")]})
    restored, notes = result.notebook, result.notes
    assert ([cell["source"] for cell in restored["cells"]], notes) == (["mine"], ())


def test_restoring_changes_neither_notebook() -> None:
    release, submitted = released(), change(answered(), 3, source="5.0")
    before = deepcopy((release, submitted))
    restore_notebook(release, submitted)
    assert (release, submitted) == before


def test_pictures_pasted_into_text_cells_are_kept() -> None:
    notebook, pasted = answered(), {"a.png": {"image/png": "aGk="}}
    notebook["cells"][6]["attachments"] = pasted
    notebook["cells"].append({**make_cell("![mine](attachment:a.png)", kind="markdown"), "attachments": pasted})
    notebook["cells"].append({**make_cell("1"), "attachments": pasted})
    restored = restore_notebook(released(), notebook).notebook
    assert [cell.get("attachments") for cell in restored["cells"][6:]] == [pasted, pasted, None]


def test_the_data_of_pasted_pictures_is_kept_as_text_only() -> None:
    notebook = answered()
    notebook["cells"][6]["attachments"] = {"a": {"image/svg+xml": ["<svg>", "</svg>"], "image/png": 3}, "b": "x"}
    restored = restore_notebook(released(), notebook).notebook
    assert restored["cells"][6]["attachments"] == {"a": {"image/svg+xml": "<svg></svg>"}, "b": {}}


def test_a_released_notebook_has_text_in_one_string_and_ids() -> None:
    release = released()
    for cell in release["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        del cell["id"]
    notebook = released_notebook(release)
    assert [cell["source"] for cell in notebook["cells"]] == [cell["source"] for cell in released()["cells"]]
    assert all(cell["id"] for cell in notebook["cells"])
