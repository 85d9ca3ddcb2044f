"""Feedback as a page that needs nothing but itself: no script, nothing from the net, formulas as MathML.

It stands in place of nbconvert's exporter in ``GenerateFeedback``; nbgrader's template stays, or one that you set.
"""

from __future__ import annotations

import html
import re
from typing import Any

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString
from jinja2 import DictLoader, pass_context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from traitlets import default

# A browser that reads this line runs no script and asks no host for anything, whatever else is on the page.
POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: 'self' file:\">"
)
MAX_FORMULA = 2000
_NO_MATHJAX = "{%- macro mathjax(url='') -%}{%- endmacro %}"  # in place of the template that loads it
_FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<dollars>.+?)(?<!\\)\$\$"
    r"|(?<!\\)\\\[(?P<brackets>.+?)\\\]"
    r"|(?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.+?\\end\{(?P=name)\})"
    r"|(?<!\\)\$(?P<dollar>[^$]+?)(?<!\\)\$"
    r"|(?<!\\)\\\((?P<parenthesis>.+?)\\\)",
    re.DOTALL,
)
_DOLLAR = "\ue000"  # an escaped dollar, while a page is made: no formula begins there
_DISPLAYED = ("dollars", "brackets", "environment")
_AS_IT_IS = ("pre", "code", "script", "style", "textarea", "math")
_TAGS = (
    "math mrow mi mo mn mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle "
    "mpadded mphantom menclose mmultiscripts mprescripts merror"
)
_ATTRIBUTES = (
    "display displaystyle scriptlevel mathvariant mathcolor stretchy fence form separator accent accentunder lspace "
    "rspace minsize maxsize symmetric largeop movablelimits columnalign rowspacing columnspacing columnlines rowlines "
    "linethickness notation width height depth voffset"
)


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML under a policy that allows no script and no other host, with formulas that need neither."""

    @default("extra_loaders")
    def _without_mathjax(self) -> list[Any]:
        return [DictLoader({"mathjax.html.j2": _NO_MATHJAX})]

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """A cell, or a grader's comment, as HTML."""
        return formulas(super().markdown2html(context, source.replace(_DOLLAR, "").replace("\\$", _DOLLAR)))

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """The page of a notebook."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return re.sub(r"<head>", f"<head>\n{POLICY}", page, count=1), resources


def formulas(page: str) -> str:
    """HTML with its TeX as MathML; a formula that cannot be converted stays TeX, as code."""
    if not re.search(rf"[$\\{_DOLLAR}]", page):
        return page
    soup = BeautifulSoup(page, "html.parser")
    for text in soup.find_all(string=True):
        if type(text) is not NavigableString:
            continue
        if any(one.name in _AS_IT_IS for one in text.parents):
            text.replace_with(text.replace(_DOLLAR, "\\$"))
        elif _FORMULA.search(text):
            text.replace_with(BeautifulSoup(_replaced(text), "html.parser"))
    return str(soup).replace(_DOLLAR, "$")


def _replaced(text: str) -> str:
    """A text as HTML, its formulas as MathML."""
    parts, end = [], 0
    for found in _FORMULA.finditer(text):
        name, tex = next((key, found[key]) for key in (*_DISPLAYED, "dollar", "parenthesis") if found[key])
        tex = tex.replace(_DOLLAR, "\\$")
        parts += [html.escape(text[end : found.start()]), _mathml(tex, displayed=name in _DISPLAYED)]
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


def _mathml(tex: str, *, displayed: bool) -> str:
    try:
        if len(tex) > MAX_FORMULA:
            raise ValueError("too long")
        # The converter writes text into its XML as it is, so that is cleaned like any other.
        made = convert(tex.replace("<", r"\lt ").replace(">", r"\gt "), display="block" if displayed else "inline")
        if "\\" in made:  # a command that it does not know
            raise ValueError("unknown command")
    except Exception:  # it has many ways to refuse what is no TeX
        return f"<code>{html.escape(tex)}</code>"
    return nh3.clean(made, tags=set(_TAGS.split()), attributes={"*": set(_ATTRIBUTES.split())}, link_rel=None)
