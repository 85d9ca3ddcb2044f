"""Cells are matched by name, id, text and place, and a notebook belongs to a release only by its own cells."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.submission.cell_matching import answer_functions, exercise_functions, match_cells, weigh_evidence

Cell = dict[str, Any]


def cell(source: str, grade_id: str = "", kind: str = "code", **grading: Any) -> Cell:
    metadata: dict[str, Any] = {"nbgrader": {"grade_id": grade_id, **grading}} if grade_id else {}
    return {"cell_type": kind, "id": "", "metadata": metadata, "source": source}


def text(source: str, grade_id: str = "", **grading: Any) -> Cell:
    return cell(source, grade_id, "markdown", **grading)


CHECK = cell("check(f)", "check-f", grade=True)
CHECK["metadata"]["autograder"] = {"exercise": "f"}
WHY = text("Why?", "question-why")
EXERCISE = [text(f"text {number}") for number in range(6)]
EXERCISE += [cell("def f(): raise NotImplementedError", "f", solution=True), CHECK, WHY]
QUESTIONS = [
    text("One?", "question-one"),
    text("HERE", "one", solution=True, grade=True),
    text("Two?", "question-two"),
    text("HERE", "two", solution=True, grade=True),
]


def bare(cells: list[Cell]) -> list[Cell]:
    return [{**cell, "metadata": {}} for cell in cells]


def evidence(released: list[Cell], cells: list[Cell]) -> tuple[bool, bool]:
    found = weigh_evidence(released, cells, match_cells(released, cells))
    return found.by_cells, found.by_function


def test_the_functions_of_a_release_are_those_of_its_graded_cells() -> None:
    assert exercise_functions(EXERCISE) == ("f",)
    assert exercise_functions(QUESTIONS) == ()


def test_students_write_in_the_cells_of_exercises_and_gaps() -> None:
    gap = cell("def gap(x):\n    raise NotImplementedError", "gap", solution=True)
    assert answer_functions([gap, *EXERCISE]) == ("f", "gap")
    assert answer_functions(QUESTIONS) == ()


@pytest.mark.parametrize(
    "cells",
    [[EXERCISE[6]], [CHECK], bare([CHECK]), bare(EXERCISE[:5])],
    ids=["answer cell", "check", "check without metadata", "most of the text"],
)
def test_a_notebook_belongs_to_an_exercise_by_its_own_cells(cells: list[Cell]) -> None:
    assert evidence(EXERCISE, cells) == (True, cells == [EXERCISE[6]])


@pytest.mark.parametrize("cells", [[], [WHY], [WHY, cell("x = 1")], bare(EXERCISE[:3])])
def test_a_shared_question_or_a_few_texts_do_not_make_a_match(cells: list[Cell]) -> None:
    assert evidence(EXERCISE, cells) == (False, False)


def test_a_function_alone_is_weaker_evidence() -> None:
    assert evidence(EXERCISE, [cell("def f(): return 1")]) == (False, True)
    assert evidence(EXERCISE, [text("def f(): return 1")]) == (False, False)


def test_written_answers_need_half_of_their_cells() -> None:
    assert evidence(QUESTIONS, QUESTIONS[1:2]) == (True, False)
    assert evidence(QUESTIONS, [cell("x = 1"), text("HERE")]) == (False, False)


def test_a_written_answer_without_metadata_is_matched_by_its_question() -> None:
    cells = bare([QUESTIONS[0], text("HERE"), QUESTIONS[2], text("My answer.")])
    origins = match_cells(QUESTIONS, cells)
    assert {index: origin["metadata"]["nbgrader"]["grade_id"] for index, origin in origins.items()} == {
        0: "question-one",
        1: "one",
        2: "question-two",
        3: "two",
    }


def test_an_added_cell_below_an_answered_question_is_not_the_answer() -> None:
    cells = [QUESTIONS[0], text("Mine."), QUESTIONS[1]]
    assert match_cells(QUESTIONS, cells)[2]["metadata"]["nbgrader"]["grade_id"] == "one"
    assert 1 not in match_cells(QUESTIONS, cells)
