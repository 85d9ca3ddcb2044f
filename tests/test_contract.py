"""The clauses of the contract, each with a hint that a student can act on."""

from __future__ import annotations

import pytest

from autograder.contract import CLAUSES, Hint, with_dependents


@pytest.mark.parametrize("clause", CLAUSES)
def test_each_clause_has_a_meaning_and_a_hint_in_three_sentences(clause: str) -> None:
    hint = CLAUSES[clause].hint
    assert CLAUSES[clause].meaning
    assert hint.holds.endswith(".")
    assert hint.question.endswith("?")
    assert hint.advice.endswith(".")


def test_a_hint_as_text_is_its_three_sentences() -> None:
    assert str(Hint("It holds.", "Does yours?", "Try it.")) == "It holds. Does yours? Try it."


def test_without_masks_no_clause_about_masks_is_left() -> None:
    assert with_dependents(["mask"]) == {clause for clause in CLAUSES if "mask" in clause}
    assert with_dependents(["axis", "mask-broadcast"]) == {"axis", "mask-broadcast"}
    assert with_dependents([]) == frozenset()
