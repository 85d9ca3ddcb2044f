"""What the text of a cell says about its functions, and how split functions are put together."""

from __future__ import annotations

import pytest

from autograder.submission.answer_text import (
    binds_more_than_a_stub,
    code_in_markdown,
    defines_function,
    is_complete,
    join_parts,
)

FUNCTION = 'def f(x):\n    """Twice\n    the number."""\n    y = 2 * x\n    return y'
LINES = FUNCTION.split("\n")


def lines(start: int, end: int | None = None) -> str:
    return "\n".join(LINES[start:end])


@pytest.mark.parametrize(
    ("parts", "taken"),
    [
        ([FUNCTION], 0),
        ([lines(0, 4), lines(4)], 1),
        ([lines(0, 3), lines(3, 4), lines(4)], 2),
        ([lines(0, 1), lines(1)], 1),
        ([lines(0, 2), lines(2)], 1),
        ([lines(0, 2), "    the", 'number."""\n' + lines(3)], 2),
        ([lines(0, 3) + "\n    ", "y = 2 * x\n" + lines(4)], 1),
        ([lines(0, 4) + "\n    ", "return y"], 1),
    ],
    ids=[
        "whole",
        "two",
        "three",
        "after the first line",
        "in the docstring",
        "docstring in three",
        "in a line",
        "return",
    ],
)
def test_a_function_that_was_split_is_joined(parts: list[str], taken: int) -> None:
    joined, count = join_parts(parts[0], [*parts[1:], "print(1)", "    return 3"])
    assert count == taken
    assert is_complete(joined)
    assert joined.split() == FUNCTION.split()


@pytest.mark.parametrize("following", ["print(f(1))", "pritn f(1)", "    print(f(1))", "%timeit f(1)", "def g(): ..."])
def test_a_cell_that_does_not_continue_the_function_stays_alone(following: str) -> None:
    assert join_parts(FUNCTION, [following]) == (FUNCTION, 0)


def test_a_text_that_no_cell_completes_stays_as_it_is() -> None:
    assert join_parts("def f(", ["x", "y"] * 5) == ("def f(", 0)


@pytest.mark.parametrize(
    "source", ["def f(x): ...", "  def f(", "f = lambda x: x", "class f: ...", "async def f(): ..."]
)
def test_a_function_is_found_in_code_and_in_other_text(source: str) -> None:
    assert defines_function(f"x = 1\n{source}", "f")


@pytest.mark.parametrize("source", ["f(x)", "f == 3", "def ff(x): ...", "# def f", "x.f = 3"])
def test_other_uses_of_a_name_define_no_function(source: str) -> None:
    assert not defines_function(source, "f")


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ('"""Text."""', False),
        ("raise NotImplementedError", False),
        ("pass", False),
        ("return 1", True),
        ("raise ValueError", True),
        ("x = 1\n    raise NotImplementedError()", True),
    ],
)
def test_a_stub_has_only_a_docstring_and_its_exception(body: str, more: bool) -> None:
    assert binds_more_than_a_stub(f"def f():\n    {body}", "f") is more


def test_code_in_a_fenced_block_is_taken_out_of_it() -> None:
    assert code_in_markdown("```python\nx = 1\n```\n") == "x = 1"
    assert code_in_markdown("x = 1") == "x = 1"


def test_a_very_long_text_is_not_parsed() -> None:
    assert not is_complete("x = 1\n" * 10_000)
