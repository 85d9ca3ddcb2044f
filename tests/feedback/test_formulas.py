from __future__ import annotations

import re

import pytest

from autograder.feedback.markdown_html import markdown_to_html


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    "tex", ["$a<b$", "$$\\frac{QK^\\top}{\\sqrt{d_k}}$$", "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}"]
)
def test_a_formula_becomes_mathml(tex: str) -> None:
    html = markdown_to_html(tex)
    assert html.count("<math") == 1
    assert "$" not in html
    assert "\\" not in html


@pytest.mark.parametrize("tex", ["$\\nonsense{x}$", "${$", "$" + "{" * 1900 + "$", "$" + "x+" * 5000 + "$", "$\\frac$"])
def test_a_formula_that_cannot_be_converted_stays_tex(tex: str) -> None:
    html = markdown_to_html(tex)
    assert "<math" not in html
    assert tex.strip("$") in text_of(html)


@pytest.mark.parametrize(
    "tex", ["\\text{<script>x</script>}", "\\href{javascript:x}{x}", "\\style{background:url(//e)}{x}", "\\class{x}{y}"]
)
def test_a_formula_brings_no_markup_along(tex: str) -> None:
    assert not re.search(r"<script|javascript:.*>x|style=|class=\"x|href=", markdown_to_html(f"${tex}$"))


def test_code_and_links_keep_their_dollars() -> None:
    html = markdown_to_html("`$x$` [a](https://example.org/?$a$) and\n\n    $y$\n")
    assert "<math" not in html
    assert "<code>$x$</code>" in html
    assert 'href="https://example.org/?$a$"' in html
    assert "$y$" in html


def test_an_escaped_dollar_begins_no_formula() -> None:
    html = markdown_to_html("It costs \\$5, and not \\$6 or $x$.")
    assert html.count("<math") == 1
    assert "costs $5, and not $6 or" in html
