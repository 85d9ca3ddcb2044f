"""A task counts as untouched only if nothing in the notebook can be meant as its answer."""

from __future__ import annotations

import pytest

from autograder.submission.student_work import (
    Place,
    StudentText,
    has_only_stubs,
    is_untouched_function,
    is_untouched_text,
)

STUB = 'def f(x):\n    """Twice x."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
GAP = "def gap(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
BADGE = (
    '<a href="https://colab.research.google.com/x"><img src="https://colab.research.google.com/b.svg" alt="Colab"/></a>'
)


def own(text: str, is_code: bool = True) -> StudentText:
    return StudentText(Place.OWN, is_code, text)


def answer(text: str, released: str = STUB) -> StudentText:
    return StudentText(Place.ANSWER, True, text, released)


@pytest.mark.parametrize(
    "text",
    [
        answer(STUB + "\n\n"),
        answer(STUB.replace("    # YOUR CODE HERE\n", "")),
        answer(STUB.replace("Twice x", "The double of x")),
        answer(GAP.replace("raise NotImplementedError()", "return x"), GAP),
        StudentText(Place.RELEASED, True, "def g(x):\n    return 3 * x", "def g(x):\n    return x"),
        StudentText(Place.RELEASED, False, "**My answer**: the return value grows", "**My answer**: …"),
        own("print(1)"),
        own(BADGE, is_code=False),
    ],
)
def test_a_function_without_an_attempt_is_untouched(text: StudentText) -> None:
    assert is_untouched_function([text], "f")


@pytest.mark.parametrize(
    "text",
    [
        answer(STUB + "\n    return 2 * x"),
        answer(STUB.replace("# YOUR CODE HERE", "# return 2 * x")),
        answer(GAP + "\n\ndef ff(x):\n    return 2 * x", GAP),
        StudentText(Place.RELEASED, True, "def ff(x):\n    return 2 * x", "def g(x):\n    return x"),
        StudentText(Place.RELEASED, False, "**My answer**: def f(x): 2 * x", "**My answer**: …"),
        own("def ff(x): ..."),
        own("ff = lambda x: 2 * x"),
        own("    y = 2 * x\n    return y"),
        own("# def f(x): 2 * x"),
        own("Multiply by two.", is_code=False),
    ],
)
def test_a_function_with_an_attempt_anywhere_is_not_untouched(text: StudentText) -> None:
    assert not is_untouched_function([text], "f")


@pytest.mark.parametrize("text", [answer("def f(x): return 2 * x"), own(BADGE, is_code=False)])
def test_code_answers_and_badges_are_no_written_text(text: StudentText) -> None:
    assert is_untouched_text([text])


@pytest.mark.parametrize(
    "text",
    [
        own("An essay.", is_code=False),
        own("# An essay."),
        StudentText(Place.ANSWER, False, "An essay.", "YOUR ANSWER HERE"),
        StudentText(Place.RELEASED, False, "An example and an essay.", "An example."),
    ],
)
def test_text_in_any_other_place_is_written(text: StudentText) -> None:
    assert not is_untouched_text([text])


def test_without_a_release_a_function_is_untouched_if_all_definitions_are_stubs() -> None:
    assert has_only_stubs([STUB, "x = 1"], "f")
    assert not has_only_stubs([STUB, STUB + "\n    return 2 * x"], "f")
