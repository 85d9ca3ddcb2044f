"""Make the parts of a submission safe for a browser: markdown, text and pictures that run and load nothing.

A markdown cell is shown by rendering it to HTML, so that HTML is what is cleaned: formulas, quotes and code with ``<``
in them are text by then. A cell whose HTML needs no cleaning keeps its source, byte for byte.
"""

from __future__ import annotations

import base64
import html
import re
import struct
from collections.abc import Collection
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

from autograder.feedback.pictures import MAX_PICTURE, PREFIX, decode_base64, find_attachment, media_type

MAX_MARKDOWN = 100_000
MAX_TEXT = 20_000
MAX_PIXELS = 40_000_000
MAX_OUTPUTS = 100  # of a cell

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MARKED = ("div", "span", "pre", "code", "ul", "li", "input")  # what the renderer gives classes to
_TAGS = (nh3.ALLOWED_TAGS | {"font", "input", "tfoot"}) - {"map", "area"}
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    **{tag: {"align"} for tag in ("p", *_HEADINGS)},
    **{tag: {"class"} for tag in _MARKED},
    "div": {"class", "align"},
    "details": {"open"},
    "font": {"color"},
    "input": {"class", "checked"},
}
for _tag in ("td", "th"):
    _ATTRIBUTES[_tag].add("style")  # how the renderer aligns a table's columns
_CLASSES = {*STANDARD_TYPES.values(), "highlight", "mermaid", "jp-Mermaid", "contains-task-list"} - {""}
_CLASSES |= {"task-list-item", "task-list-item-checkbox"}
_VALUES = {
    "style": re.compile(r"text-align: ?(left|right|center);?"),
    "align": re.compile(r"left|right|center|justify"),
    "color": re.compile(r"#?\w+"),
    # Nothing of another host, and no other page of the host that shows it.
    "src": re.compile(
        r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+"
        r"|(?!/)(?!.*\.\.)[\w./ ()+@,~!=-]+\.(png|jpe?g|gif|webp)",
        re.I,
    ),
    "href": re.compile(r"(?!\s*(data|attachment):).*", re.DOTALL | re.I),
}
_IMAGE_WITHOUT_SOURCE = re.compile(r'<img(?:\s+(?!src=)[\w-]+="[^"]*")*\s*/?>')


def clean_markdown(source: str, attachments: Collection[str] = ()) -> str:
    """Return markdown that shows the same and runs and loads nothing; the source itself if it is safe already.

    Otherwise it is the cleaned HTML, and what cannot be rendered at all becomes plain text. ``attachments`` are the
    names of the pictures that are attached to the cell; a text stands in place of any other picture.
    """
    source = capped(source, MAX_MARKDOWN)
    try:
        if _is_clean(source, attachments):
            return source
        inner = _IMAGE_WITHOUT_SOURCE.sub(_stand_in, clean_html(rendered(source), attachments)).strip()
        cleaned = "<div>\n" + re.sub(r"\n(?=[ \t]*\n)", "&#10;", inner) + "\n</div>"  # a blank line would end the HTML
        if _is_clean(cleaned, attachments):
            return cleaned
    except Exception:  # whatever a renderer raises about hostile text, or about text that is nested too deeply
        pass
    return as_plain_text(source)


def image_sources(source: str) -> list[str]:
    """Return where the images in a markdown source come from, as they are written there."""
    try:
        parts = _Parts.of(rendered(capped(source, MAX_MARKDOWN)))
    except Exception:  # as above
        return []
    attributes = [dict(part[1]) for part in parts if isinstance(part, tuple) and part[0] == "img"]
    return [found["src"] for found in attributes if found.get("src")]


def clean_html(page: str, attachments: Collection[str] = ()) -> str:
    """Return HTML with safe markup only."""

    def safe_value(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src" and find_attachment(value, attachments) is not None:
            return value
        return _value(tag, name, value)

    return nh3.clean(
        page,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=safe_value,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},  # as in a list of tasks
        link_rel=None,
        url_schemes={"http", "https", "mailto", "data", "attachment"},
    )


def as_plain_text(text: str) -> str:
    """Return markdown that shows a text literally."""
    # One line, without a dollar: nothing in it is markdown or a formula.
    return f"<pre>{html.escape(text).replace(chr(10), '&#10;').replace('$', '&#36;')}</pre>"


def safe_picture(data: Any, kind: str) -> str:
    """Return the picture of an output in base64, encoded again; empty if it is not of this kind, or too large."""
    text = "".join(map(str, data)) if isinstance(data, list) else data
    raw = decode_base64(text) if isinstance(text, str) and len(text) <= 2 * MAX_PICTURE else None
    if raw is None or len(raw) > MAX_PICTURE or media_type(raw) != kind:
        return ""
    if kind == "image/png":
        width, height = struct.unpack(">II", raw[16:24]) if len(raw) >= 24 else (0, 0)
        if not 0 < width * height <= MAX_PIXELS:
            return ""
    return base64.b64encode(raw).decode()


def safe_outputs(found: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a cell as text and PNG, without metadata, up to the limits."""
    kept = [NotebookNode(_output(one)) for one in found[:MAX_OUTPUTS]]
    if len(found) > MAX_OUTPUTS:
        text = f"({len(found) - MAX_OUTPUTS} more outputs are not shown.)\n"
        kept.append(NotebookNode(output_type="stream", name="stdout", text=text))
    return kept


def _output(one: NotebookNode) -> dict[str, Any]:
    kind = one.output_type
    if kind == "stream":
        name = "stderr" if one.name == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": capped(one.text, MAX_TEXT)}
    if kind == "error":
        trace = capped("\n".join(map(str, one.traceback)), MAX_TEXT).split("\n")
        short = {key: capped(one[key], MAX_TEXT) for key in ("ename", "evalue")}
        return {"output_type": "error", **short, "traceback": trace}
    data, found = {}, one.get("data", {})
    if "text/plain" in found:
        data["text/plain"] = capped(found["text/plain"], MAX_TEXT)
    png = safe_picture(found.get("image/png"), "image/png")
    if png:
        data["image/png"] = png
    if not data:
        data["text/plain"] = "(This output is neither text nor a picture, and is not shown.)"
    count = {"execution_count": one.get("execution_count")} if kind == "execute_result" else {}
    return {"output_type": kind, "data": data, "metadata": {}, **count}


def capped(text: Any, longest: int) -> str:
    """Return a text, cut after ``longest`` characters if it has more."""
    text = str(text)
    return text if len(text) <= longest else f"{text[:longest]}\n(cut here: {len(text) - longest} more characters)"


def rendered(source: str) -> str:
    """Return the HTML that nbconvert makes of a markdown source, in which attachments are still named."""
    renderer = AttachmentRenderer(escape=False, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class AttachmentRenderer(IPythonRenderer):
    """nbconvert's renderer, except that it only names attachments: it would not find those in HTML, or escaped ones."""

    def _embed_image_or_attachment(self, src: str) -> str:
        return src if src.lower().startswith(PREFIX) else str(super()._embed_image_or_attachment(src))


def _is_clean(source: str, attachments: Collection[str]) -> bool:
    """Whether cleaning takes nothing out of a source's HTML."""
    page = rendered(source)
    return _Parts.of(page) == _Parts.of(clean_html(page, attachments))


def _stand_in(image: re.Match[str]) -> str:
    """Return the text in place of an image that is not shown."""
    match = re.search(r'\salt="([^"]*)"', image[0])
    alternative = f" {html.escape(html.unescape(match[1]))}" if match and match[1] else ""
    return f"<em>[picture{alternative}]</em>"


class _Parts(HTMLParser):
    """The tags, attributes and text of a page, whatever their spelling in HTML.

    Plain ``p`` and ``tbody`` are left out: a browser ends and adds them by itself, and so does the cleaner.
    """

    _implied = ("p", "tbody")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []

    @classmethod
    def of(cls, page: str) -> list[Any]:
        parser = cls()
        parser.feed(page)
        parser.close()
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if attrs or tag not in self._implied:
            self.found.append((tag, sorted((name, value or "") for name, value in attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._implied:
            self.found.append(("/", tag))

    def handle_data(self, data: str) -> None:
        text = "".join(data.split())
        if text and self.found and isinstance(self.found[-1], str):
            self.found[-1] += text
        elif text:
            self.found.append(text)

    def handle_comment(self, data: str) -> None:
        self.found.append(("!", data))

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def _value(tag: str, name: str, value: str) -> str | None:
    """Return what is safe of an attribute's value; None if nothing is."""
    if name == "class":
        known = [one for one in value.split() if one in _CLASSES or re.fullmatch(r"language-[\w+#.-]+", one)]
        return " ".join(known) or None
    allowed = _VALUES.get(name)
    # A browser reads %2e as a dot.
    return value if allowed is None or allowed.fullmatch(unquote(value) if name == "src" else value) else None
