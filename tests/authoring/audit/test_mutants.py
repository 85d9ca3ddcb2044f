"""A mutant is a program with one change that can affect its result."""

from __future__ import annotations

from autograder.authoring.audit.mutants import make_mutants

PROGRAM = """\
def scale_scores(scores: float, d_k):
    "Divide."
    print("hello")
    return scores / d_k ** 0.5
"""


def test_each_mutant_has_one_change_and_its_own_name() -> None:
    mutants = {mutant.name: mutant.text for mutant in make_mutants("plain", PROGRAM)}
    assert "plain:4: scores / d_k ** 0.5 -> scores * d_k ** 0.5" in mutants
    assert "plain:4: 0.5 -> 1.5" in mutants
    assert len(set(mutants.values())) == len(mutants)


def test_docstrings_annotations_and_output_are_not_mutated() -> None:
    names = [mutant.name for mutant in make_mutants("plain", PROGRAM)]
    assert not any("hello" in name or "Divide" in name or "float" in name for name in names)


def test_mutants_are_the_same_each_time() -> None:
    assert list(make_mutants("plain", PROGRAM)) == list(make_mutants("plain", PROGRAM))
