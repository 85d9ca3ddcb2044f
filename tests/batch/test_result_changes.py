"""How totals and named mistakes of submissions are compared."""

from __future__ import annotations

from autograder.batch.result_changes import first_mistakes, total_score


def test_a_total_counts_the_given_cells_and_needs_all_of_them() -> None:
    assert total_score({"a": 1.0, "b": 2.5, "c": 9.0}, cells=["a", "b"]) == 3.5
    assert total_score({"a": 1.0, "b": None}, cells=["a", "b"]) is None
    assert total_score({"a": 1.0}, cells=["a", "b"]) is None


def test_the_first_mistake_of_each_exercise_is_named_in_alphabetical_order() -> None:
    assert first_mistakes([("over-queries", "other"), (), ("no-shift",)]) == ("no-shift", "over-queries")
