from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.feedback.page_content import (
    IS_MARKED,
    MAX_EXCERPT_LINES,
    STATUS_LABELS,
    STUDENT_TEXT,
    graded_items,
    group_cells,
)
from autograder.feedback.report_outputs import report_outputs
from autograder.verdict import CriterionResult, Reason, Report, Status, Verdict

ANSWER = "def softmax(scores, axis=-1):\n    return scores"


def nbgrader_cell(kind: Any, source: str, name: str, *, student_text: bool = False, **about: Any) -> NotebookNode:
    metadata = {"grade_id": name, "grade": False, "solution": False, "task": False, **about}
    return kind(source, metadata={"nbgrader": metadata, STUDENT_TEXT: student_text})


def answer(source: str = ANSWER, comment: str | None = None) -> NotebookNode:
    return nbgrader_cell(new_code_cell, source, "softmax", student_text=True, solution=True, comment=comment)


def judged(
    points: float = 1,
    seen: str = "Yours gave [1].",
    message: str = "1 of 2 hold.",
    score: Any = None,
    place: tuple[str, int | None] = ("", None),
    status: Status = Status.GRADED,
) -> Any:
    reason = Reason("", seen, "Why?", "", *place)
    criteria = (CriterionResult("rows", 1, 1), CriterionResult("axis", points - 1, 1, reason))
    report = Report("n", "softmax", status, message, 2, "full", 1, Verdict((), criteria))
    score = points if score is None else score
    cell = nbgrader_cell(new_code_cell, "check(softmax)", "check-softmax", grade=True, score=score, points=2)
    cell.metadata["autograder"] = {"exercise": "softmax"}
    cell.outputs = report_outputs(report)
    return cell


def written(name: str, marked: bool, score: float = 0) -> NotebookNode:
    about = {"grade": True, "solution": True, "score": score, "points": 3, "comment": None, IS_MARKED: marked}
    return nbgrader_cell(new_markdown_cell, "Mine.", name, student_text=True, **about)


def test_an_exercise_has_its_points_its_criteria_and_its_comment() -> None:
    (item,) = graded_items([answer(comment="Nearly!"), judged()])
    assert (item.title, item.score, item.max_score, item.comment) == ("softmax", 1, 2, "Nearly!")
    assert item.report is not None
    assert [criterion.earned for criterion in item.report.criteria] == [True, False]
    assert item.shows_reasons
    assert not item.score_was_changed


def test_an_answer_that_nobody_marked_has_no_score() -> None:
    senses, prediction = graded_items([written("senses", marked=False), written("prediction", marked=True)])
    assert senses.score is None
    assert prediction.score == 0


def test_an_answer_is_called_by_the_heading_of_its_question() -> None:
    cells = [new_markdown_cell("# Lesson\n\n## 1 · *Two* senses ##\ntext"), written("senses", marked=True)]
    assert graded_items([*cells, written("other", marked=True)])[0].title == "1 · Two senses"
    assert graded_items([*cells, written("other", marked=True)])[1].title == "other"


def test_a_comment_beside_no_points_is_listed_too() -> None:
    gap = nbgrader_cell(new_code_cell, "x = 1", "gap", solution=True, comment="Good start.")
    untouched = nbgrader_cell(new_code_cell, "x", "other", solution=True, comment="No response.")
    (item,) = graded_items([gap, untouched])
    assert (item.title, item.max_score, item.comment) == ("gap", None, "Good start.")


def test_points_that_a_marker_changed_are_noticed() -> None:
    assert graded_items([judged(points=1, score=2)])[0].score_was_changed


def test_reasons_that_only_repeat_the_message_are_not_shown_again() -> None:
    cell = judged(seen="It did not load.", message="It did not load.\nWhy?")
    assert not graded_items([cell])[0].shows_reasons


def test_the_line_where_a_reason_happened_is_marked() -> None:
    (item,) = graded_items([new_code_cell("import numpy"), answer(), judged(place=("code cell 2", 2))])
    assert item.excerpt is not None
    assert (item.excerpt.cell, item.excerpt.label, item.excerpt.line) == (1, "code cell 2", 2)


def test_a_line_in_the_text_of_an_exception_is_not_marked() -> None:
    raised = "it raised ValueError: see line 1 of code cell 1 (line 2 of code cell 2)."
    (item,) = graded_items([new_code_cell("x"), answer(), judged(seen=raised, place=("code cell 2", 2))])
    assert item.excerpt is not None
    assert (item.excerpt.cell, item.excerpt.line) == (1, 2)
    (item,) = graded_items([answer(), judged(seen=raised)])
    assert item.excerpt is not None
    assert item.excerpt.line is None


def test_without_a_line_the_last_cell_that_defines_the_function_is_shown() -> None:
    (item,) = graded_items([answer(), new_code_cell("softmax = other"), judged()])
    assert item.excerpt is not None
    assert (item.excerpt.source, item.excerpt.line) == ("softmax = other", None)


def test_a_place_that_the_notebook_does_not_have_is_not_marked() -> None:
    (item,) = graded_items([answer(), judged(place=("code cell 1", 90))])
    assert item.excerpt is not None
    assert item.excerpt.line is None
    (item,) = graded_items([answer(), judged(place=("code cell 99", 1))])
    assert item.excerpt is not None
    assert item.excerpt.cell == 0


def test_an_exercise_with_all_points_shows_no_code() -> None:
    assert graded_items([answer(), judged(points=2)])[0].excerpt is None


def test_of_a_long_cell_the_lines_around_the_marked_one_are_shown() -> None:
    source = ANSWER + "\n    x" * 500
    (item,) = graded_items([answer(source), judged(place=("code cell 1", 300))])
    assert item.excerpt is not None
    lines = item.excerpt.source.split("\n")
    assert len(lines) == MAX_EXCERPT_LINES
    assert item.excerpt.first_line < 300 < item.excerpt.first_line + MAX_EXCERPT_LINES


def test_the_lesson_is_folded_under_its_headings() -> None:
    lesson = [new_markdown_cell(f"## {name}\n\ntext") for name in "abcd"]
    mine = new_markdown_cell("my thoughts", metadata={STUDENT_TEXT: True})
    groups = group_cells([*lesson, new_code_cell("x"), answer(), judged(), new_code_cell("y"), mine])
    assert [(group.folded, group.title, group.cells) for group in groups] == [
        (True, "a · b · c …", (0, 1, 2, 3, 4)),
        (False, "Your answer", (5,)),
        (False, "Judged here", (6,)),
        (True, "Unchanged cells", (7,)),
        (False, "Your cell", (8,)),
    ]


def test_a_gap_that_was_not_filled_is_folded() -> None:
    gap = nbgrader_cell(new_code_cell, "x", "gap", solution=True, comment="No response.")
    assert [group.folded for group in group_cells([gap])] == [True]
    gap.metadata.nbgrader.comment = None
    gap.metadata[STUDENT_TEXT] = False
    assert [group.folded for group in group_cells([gap])] == [True]
    gap.metadata.nbgrader.comment = "Why is it empty?"
    assert [group.folded for group in group_cells([gap])] == [False]


def test_no_label_of_a_status_accuses_the_student() -> None:
    assert STATUS_LABELS[Status.ALTERED] == "cells not recognised"
