"""The hint that many error messages end with."""

from __future__ import annotations

from autograder.errors import did_you_mean


def test_a_misspelt_name_is_answered_with_the_nearest_known_one() -> None:
    assert did_you_mean("sotfmax", ["scale_scores", "softmax"]) == "Did you mean softmax?"


def test_a_name_without_a_similar_one_is_answered_with_all_known_names() -> None:
    assert did_you_mean("x", iter(["one", "two"])) == "There are: one, two."


def test_of_many_known_names_only_the_nearest_are_listed() -> None:
    students = [f"student{number:03}" for number in range(158)]
    answer = did_you_mean("nobody", [*students, "novak"])
    assert answer.startswith("There are 159, among them novak, ")
    assert answer.count("student") == 4
