"""Known programs can be run outside the notebook, and a mutant survives only if every case passes."""

from __future__ import annotations

import pytest

from autograder.authoring.audit.known_programs import (
    SOLUTION,
    correct_programs,
    load_program,
    misconception_program,
    mutant_survives,
)
from autograder.course import catalogue
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, run_trusted

CORRECT = "def scale_scores(scores, d_k):\n    return scores / d_k ** 0.5\n"


@pytest.mark.parametrize(
    ("text", "survives"),
    [
        (CORRECT, True),
        (CORRECT.replace("/", "*"), False),
        ("def scale_scores(scores, d_k):\n    while True: pass\n", False),
        ("raise SystemExit(0)", False),
        ("import os\nos._exit(1)", False),
    ],
    ids=["correct", "wrong", "endless", "exits", "dies"],
)
def test_a_mutant_survives_only_if_every_case_passes(text: str, survives: bool) -> None:
    assert mutant_survives(ReferenceAnswers(catalogue.load_exercise("scale_scores"), 1), text) is survives


def test_the_solution_includes_the_functions_that_it_calls() -> None:
    lesson = catalogue.load_lessons()["5-attention"]
    program = load_program(correct_programs(lesson)[SOLUTION], "scaled_dot_product_attention")
    assert lesson.exercise is not None
    verdict = judge_function(ReferenceAnswers(lesson.exercise, 2), lambda call: run_trusted(program, call))
    assert verdict.score == lesson.exercise.max_score


def test_a_misconceptions_text_does_not_import_the_package() -> None:
    lesson = catalogue.load_lessons()["3-softmax"]
    assert lesson.exercise is not None
    for misconception in lesson.exercise.misconceptions[:3]:
        text = misconception_program(lesson, misconception.slug)
        assert "import autograder" not in text
        compile(text, "text", "exec")
