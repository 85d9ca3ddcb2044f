"""TeX formulas as MathML, which a browser shows without MathJax and without a network."""

from __future__ import annotations

import html
import re

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString
from latex2mathml.converter import convert

MAX_FORMULA = 2000  # characters
# Stands for an escaped dollar while markdown is rendered, so that no formula begins there. From Unicode's private area.
ESCAPED_DOLLAR = "\ue000"
_FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<dollars>.+?)(?<!\\)\$\$"
    r"|(?<!\\)\\\[(?P<brackets>.+?)\\\]"
    r"|(?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.+?\\end\{(?P=name)\})"
    r"|(?<!\\)\$(?P<dollar>[^$]+?)(?<!\\)\$"
    r"|(?<!\\)\\\((?P<parenthesis>.+?)\\\)",
    re.DOTALL,
)
_DISPLAYED = ("dollars", "brackets", "environment")
_VERBATIM_TAGS = ("pre", "code", "script", "style", "textarea", "math")
_MATHML_TAGS = (
    "math mrow mi mo mn mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle "
    "mpadded mphantom menclose mmultiscripts mprescripts merror"
)
_MATHML_ATTRIBUTES = (
    "display displaystyle scriptlevel mathvariant mathcolor stretchy fence form separator accent accentunder lspace "
    "rspace minsize maxsize symmetric largeop movablelimits columnalign rowspacing columnspacing columnlines rowlines "
    "linethickness notation width height depth voffset"
)


def convert_formulas(soup: BeautifulSoup) -> None:
    """Replace each formula in a parsed page by MathML; one that cannot be converted stays TeX, as code."""
    for text in soup.find_all(string=True):
        if type(text) is not NavigableString:
            continue
        if any(tag.name in _VERBATIM_TAGS for tag in text.parents):
            if ESCAPED_DOLLAR in text:
                text.replace_with(text.replace(ESCAPED_DOLLAR, "\\$"))
        elif _FORMULA.search(text):
            text.replace_with(BeautifulSoup(_text_with_mathml(text), "html.parser"))
        elif ESCAPED_DOLLAR in text:
            text.replace_with(text.replace(ESCAPED_DOLLAR, "$"))


def _text_with_mathml(text: str) -> str:
    parts, end = [], 0
    for formula in _FORMULA.finditer(text):
        kind, tex = next((key, formula[key]) for key in (*_DISPLAYED, "dollar", "parenthesis") if formula[key])
        tex = tex.replace(ESCAPED_DOLLAR, "\\$")
        parts += [_plain(text[end : formula.start()]), _mathml(tex, displayed=kind in _DISPLAYED)]
        end = formula.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    return html.escape(text.replace(ESCAPED_DOLLAR, "$"))


def _mathml(tex: str, *, displayed: bool) -> str:
    try:
        if len(tex) > MAX_FORMULA:
            raise ValueError("too long")
        # The converter copies text into its XML unescaped, so the result is cleaned like any other HTML.
        xml = convert(tex.replace("<", r"\lt ").replace(">", r"\gt "), display="block" if displayed else "inline")
        if "\\" in xml:
            raise ValueError("a command that the converter does not know")
    except Exception:  # the converter raises many types for text that is not TeX
        return f"<code>{html.escape(tex)}</code>"
    tags, attributes = set(_MATHML_TAGS.split()), {"*": set(_MATHML_ATTRIBUTES.split())}
    return nh3.clean(xml, tags=tags, attributes=attributes, link_rel=None)
