"""The hint that many error messages end with."""

from __future__ import annotations

from autograder.errors import did_you_mean


def test_a_misspelt_name_is_answered_with_the_nearest_known_one() -> None:
    assert did_you_mean("sotfmax", ["scale_scores", "softmax"]) == "Did you mean softmax?"


def test_a_name_without_a_similar_one_is_answered_with_all_known_names() -> None:
    assert did_you_mean("x", iter(["one", "two"])) == "There are: one, two."
