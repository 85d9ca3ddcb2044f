"""Markdown cells as HTML that needs no script: formulas as MathML, tables that look like tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.feedback.formulas import ESCAPED_DOLLAR, convert_formulas
from autograder.feedback.pictures import Picture, find_attachment
from autograder.feedback.sanitizer import AttachmentRenderer

NO_DESCRIPTION = "Picture without a description"
_HEADING_SHIFT = 2  # a page's own headings are h1 and h2
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# formgrader's page has Bootstrap's classes and loads no other style for tables.
_BOOTSTRAP_TABLE = "table table-bordered table-condensed"


def markdown_to_html(source: str, attachments: Mapping[str, Any] | None = None, **options: Any) -> str:
    """Return markdown as HTML for our feedback page. The source must be clean: see ``sanitizer``.

    ``options`` are nbconvert's: ``embed_images`` and ``path``.
    """
    return _finish(_render(source, attachments or {}, **options))


def finish_html(html: str) -> str:
    """Return clean HTML for our feedback page."""
    return _finish(BeautifulSoup(html, "html.parser"))


@pass_context
def markdown_filter(context: Any, source: str) -> str:
    """Stand in for nbconvert's ``markdown2html`` where nbgrader's own templates make a page: formgrader, for one."""
    soup = _render(source, context.get("cell", {}).get("attachments", {}))
    for table in soup.find_all("table"):
        table["class"] = _BOOTSTRAP_TABLE
        table["style"] = "width:auto"
    return str(soup)


def _finish(soup: BeautifulSoup) -> str:
    """Return well-formed, accessible HTML; a stray end tag in the source closes no part of the page.

    Headings start at level 3, pictures and check boxes have a text, and what can be wider than the page is in a box
    that scrolls, with a keyboard too.
    """
    for heading in soup.find_all(_HEADINGS):
        heading.name = f"h{min(int(heading.name[1]) + _HEADING_SHIFT, 6)}"
    for image in soup.select("img:not([alt])"):
        image["alt"] = NO_DESCRIPTION
    for box in soup.select("input[type=checkbox]"):
        box["aria-label"] = "done" if box.has_attr("checked") else "open"
    for block in soup.find_all("pre"):
        _make_scrollable(block, "Code")
    for table in soup.find_all("table"):
        _make_scrollable(table.wrap(soup.new_tag("div", attrs={"class": "scroll"})), "Table")
    for formula in soup.select("math[display=block]"):
        _make_scrollable(formula.wrap(soup.new_tag("span", attrs={"class": "scroll formula"})), "Formula")
    return str(soup)


def _render(source: str, attachments: Mapping[str, Any], **options: Any) -> BeautifulSoup:
    renderer = AttachmentRenderer(escape=False, exclude_anchor_links=True, **options)
    source = source.replace(ESCAPED_DOLLAR, "").replace("\\$", ESCAPED_DOLLAR)
    soup = BeautifulSoup(MarkdownWithMath(renderer=renderer).render(source), "html.parser")
    for image in soup.find_all("img", src=True):
        _embed(image, attachments)
    convert_formulas(soup)
    for link in soup.find_all("a", href=True):  # an escaped dollar stays one in an address
        link["href"] = str(link["href"]).replace(ESCAPED_DOLLAR, "\\$").replace("%EE%80%80", "%5C$")
    return soup


def _embed(image: Tag, attachments: Mapping[str, Any]) -> None:
    """Put an attached picture into the page, wherever its name stands: in markdown or in HTML, escaped or not."""
    name = find_attachment(str(image["src"]), attachments)
    bundle = attachments[name] if name is not None else {}
    # Most cells have one picture under one type; a release may have more, and a drawing is better than its pixels.
    kind = next((kind for kind in ("image/svg+xml", "image/png", *bundle) if kind in bundle), None)
    if kind is not None:
        image["src"] = Picture(kind, "".join(bundle[kind])).uri


def _make_scrollable(tag: Tag, label: str) -> None:
    tag["tabindex"], tag["role"], tag["aria-label"] = "0", "group", label
