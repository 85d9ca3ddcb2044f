"""Make the parts of a submission safe for a browser: markdown, text and pictures that run and load nothing.

A markdown cell is shown by rendering it to HTML, so that HTML is what is cleaned: formulas, quotes and code with ``<``
in them are text by then. A cell whose HTML needs no cleaning keeps its source, byte for byte.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import struct
from html.parser import HTMLParser
from typing import Any

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

MAX_MARKDOWN = 100_000
MAX_TEXT = 20_000
MAX_PICTURE = 1 << 20
MAX_PIXELS = 40_000_000
MAX_PICTURES = 20  # of a cell
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
    "src": re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]+|(?!/)(?!.*\.\.)[\w./% -]+\.(png|jpe?g)", re.I),
    "href": re.compile(r"(?!\s*data:).*", re.DOTALL),
}


def clean_markdown(source: str, attachments: dict[str, Any]) -> str:
    """Return markdown that shows the same and runs and loads nothing; the source itself if it is safe already.

    Otherwise it is the cleaned HTML, and what cannot be rendered at all becomes plain text.
    """
    source = _capped(source, MAX_MARKDOWN)
    try:
        if _is_clean(source, attachments):
            return source
        inner = clean_html(_rendered(source, attachments)).strip()
        cleaned = "<div>\n" + re.sub(r"\n(?=[ \t]*\n)", "&#10;", inner) + "\n</div>"  # a blank line would end the HTML
        if _is_clean(cleaned, {}):
            return cleaned
    except Exception:  # whatever a renderer raises about hostile text, or about text that is nested too deeply
        pass
    return as_plain_text(source)


def clean_html(page: str) -> str:
    """Return HTML with safe markup only."""
    return nh3.clean(
        page,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_value,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},  # as in a list of tasks
        link_rel=None,
        url_schemes={"http", "https", "mailto", "data"},
    )


def as_plain_text(text: str) -> str:
    """Return markdown that shows a text literally."""
    # One line, without a dollar: nothing in it is markdown or a formula.
    return f"<pre>{html.escape(text).replace(chr(10), '&#10;').replace('$', '&#36;')}</pre>"


def safe_attachments(attachments: Any) -> dict[str, dict[str, str]]:
    """Return the attachments of a cell that are PNG or JPEG and of a reasonable size."""
    found = {}
    for name, kinds in list(attachments.items() if isinstance(attachments, dict) else [])[:MAX_PICTURES]:
        good = {kind: safe_picture(kinds.get(kind), kind) for kind in _MAGIC} if isinstance(kinds, dict) else {}
        good = {kind: data for kind, data in good.items() if data}
        if good:
            found[name] = good
    return found


_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def safe_picture(data: Any, kind: str) -> str:
    """Return a picture in base64, encoded again; empty if it is not of this kind, or too large."""
    text = "".join(map(str, data)) if isinstance(data, list) else data
    if not isinstance(text, str) or len(text) > 2 * MAX_PICTURE:
        return ""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if len(raw) > MAX_PICTURE or not raw.startswith(_MAGIC[kind]):
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
        return {"output_type": "stream", "name": name, "text": _capped(one.text, MAX_TEXT)}
    if kind == "error":
        trace = _capped("\n".join(map(str, one.traceback)), MAX_TEXT).split("\n")
        short = {key: _capped(one[key], MAX_TEXT) for key in ("ename", "evalue")}
        return {"output_type": "error", **short, "traceback": trace}
    data, found = {}, one.get("data", {})
    if "text/plain" in found:
        data["text/plain"] = _capped(found["text/plain"], MAX_TEXT)
    png = safe_picture(found.get("image/png"), "image/png")
    if png:
        data["image/png"] = png
    if not data:
        data["text/plain"] = "(This output is neither text nor a picture, and is not shown.)"
    count = {"execution_count": one.get("execution_count")} if kind == "execute_result" else {}
    return {"output_type": kind, "data": data, "metadata": {}, **count}


def _capped(text: Any, longest: int) -> str:
    text = str(text)
    return text if len(text) <= longest else f"{text[:longest]}\n(cut here: {len(text) - longest} more characters)"


def _rendered(source: str, attachments: dict[str, Any]) -> str:
    """Return the HTML that nbconvert makes of a markdown source."""
    renderer = _Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class _Renderer(IPythonRenderer):
    """nbconvert's renderer; it raises on a missing attachment, which would cost a student the feedback."""

    def _embed_image_or_attachment(self, src: str) -> str:
        missing = src.startswith("attachment:") and src.removeprefix("attachment:") not in self.attachments
        return "" if missing else str(super()._embed_image_or_attachment(src))


def _is_clean(source: str, attachments: dict[str, Any]) -> bool:
    """Whether cleaning takes nothing out of a source's HTML."""
    page = _rendered(source, attachments)
    return _Parts.of(page) == _Parts.of(clean_html(page))


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
    return value if allowed is None or allowed.fullmatch(value) else None
