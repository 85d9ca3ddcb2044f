"""How doctor prints what a check found."""

from __future__ import annotations

from autograder.commands.finding import Finding


def test_a_finding_begins_with_its_result_and_ends_with_what_to_do() -> None:
    assert str(Finding(True, "numpy 2")) == "ok       numpy 2"
    assert str(Finding(False, "no course here", "autograder init DIR")) == (
        "problem  no course here\n         autograder init DIR"
    )
