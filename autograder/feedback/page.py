"""The page that a student reads: results first, then where in the code, then the notebook.

It needs no script and no network. Texts of students reach it through the template, which escapes them, through
``markdown_to_html``, whose source ``CleanNotebook`` has cleaned, or through pygments.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from autograder.feedback import sanitizer
from autograder.feedback.markdown_html import finish_html, markdown_to_html
from autograder.feedback.page_content import Excerpt, GradedItem, graded_items, group_cells
from autograder.feedback.page_fragments import FragmentCache
from autograder.feedback.report_outputs import read_report
from autograder.formatting import format_points

# A browser that reads this line runs no script, asks no host for anything and ignores a base that JupyterLab adds.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self' file:; base-uri 'none'; form-action 'none'"
)
TEMPLATES = Path(__file__).parent / "templates"


class FeedbackPage:
    """Makes pages in one thread, each faster than the first: the lesson's cells are remembered."""

    def __init__(self) -> None:
        self._cache = FragmentCache()
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        environment.filters["points"] = lambda points: format_points(None if points is None else round(points, 2))
        self._page = environment.get_template("page.html.j2")
        self._cell = environment.get_template("cell.html.j2")
        self._css = (TEMPLATES / "page.css").read_text(encoding="utf-8")

    def render(self, notebook: NotebookNode, resources: Mapping[str, Any], **markdown_options: Any) -> str:
        """Return the page of a notebook into which ``ReadGrades`` has put its grades.

        ``markdown_options`` are nbconvert's ``embed_images`` and ``path``.
        """
        cells, grades = notebook.cells, resources["nbgrader"]
        lexer = _lexer_name(notebook)

        def render_markdown(source: str, attachments: Mapping[str, Any] | None = None) -> Markup:
            key = ("markdown", source, json.dumps([attachments, markdown_options]))
            return Markup(
                self._cache.get_or_build(key, lambda: markdown_to_html(source, attachments, **markdown_options))
            )

        def render_cell(index: int) -> Markup:
            cell = cells[index]
            if cell.cell_type == "markdown":
                return render_markdown(cell.source, cell.get("attachments"))
            outputs = [] if read_report(cell) else cell.get("outputs", [])
            key = ("cell", cell.cell_type, lexer, cell.source, json.dumps(outputs))
            return Markup(self._cache.get_or_build(key, lambda: self._render_code_cell(cell, outputs, lexer)))

        items = graded_items(cells)
        return self._page.render(
            policy=Markup(POLICY),
            css=Markup(self._css),
            # The first is pygments' own, in place of which the page has its colours; then comes custom.css.
            custom_css=[Markup(css) for css in resources.get("inlining", {}).get("css", [])[1:]],
            grades=grades,
            items=items,
            totals=_Totals(items, grades),
            groups=group_cells(cells),
            render_cell=render_cell,
            render_markdown=render_markdown,
            render_excerpt=lambda excerpt: _render_excerpt(excerpt, lexer),
        )

    def _render_code_cell(self, cell: NotebookNode, outputs: list[NotebookNode], lexer: str) -> str:
        source = Markup(_highlight(cell.source, lexer)) if cell.cell_type == "code" else cell.source
        return self._cell.render(source=source, outputs=[_shown_output(output) for output in outputs])


class _Totals:
    """The points of a notebook, and how many of them nobody has given or refused yet."""

    def __init__(self, items: list[GradedItem], grades: Mapping[str, Any]) -> None:
        graded = [item for item in items if item.max_score is not None]
        self.late_penalty = grades["late_penalty"]
        self.score = grades["score"]
        self.earned = self.score + self.late_penalty
        self.max_score = grades["max_score"]
        self.unmarked = sum(item.max_score or 0 for item in graded if item.score is None)
        self.nothing_is_marked = bool(graded) and all(item.score is None for item in graded)


def _lexer_name(notebook: NotebookNode) -> str:
    language = notebook.metadata.get("language_info", {})
    return str(language.get("pygments_lexer", language.get("name", "python3")))


def _highlight(source: str, lexer: str) -> str:
    try:
        found = get_lexer_by_name(lexer, stripnl=False)
    except ClassNotFound:
        found = get_lexer_by_name("text", stripnl=False)
    return str(highlight(source, found, HtmlFormatter(nowrap=True))).rstrip("\n")


def _render_excerpt(excerpt: Excerpt, lexer: str) -> list[tuple[int, Markup, bool]]:
    """Return the excerpt's lines: number, code and whether it is the line in question."""
    lines = _highlight(excerpt.source, lexer).split("\n")  # pygments closes its tags at the end of each line
    numbered = enumerate(lines, start=excerpt.first_line)
    return [(number, Markup(line), number == excerpt.line) for number, line in numbered]


@dataclass(frozen=True)
class _ShownOutput:
    """An output as the page shows it: one of picture (an address that holds it), HTML and text."""

    label: str
    picture: str = ""
    html: str = ""
    text: str = ""


def _shown_output(output: NotebookNode) -> _ShownOutput:
    if output.output_type == "stream":
        return _ShownOutput("Errors" if output.name == "stderr" else "Output", text=strip_ansi(output.text))
    if output.output_type == "error":
        return _ShownOutput("Error", text=strip_ansi("\n".join(output.traceback)))
    data, metadata = output.get("data", {}), output.get("metadata", {})
    for kind in ("image/png", "image/jpeg"):
        picture = sanitizer.safe_picture(data.get(kind), kind)
        if picture:
            about = metadata.get(kind)
            label = about.get("alt") if isinstance(about, dict) else None
            return _ShownOutput(str(label or "Picture drawn by this cell"), picture=f"data:{kind};base64,{picture}")
    if "text/html" in data:
        return _ShownOutput("Output", html=Markup(finish_html(sanitizer.clean_html(str(data["text/html"])))))
    return _ShownOutput("Output", text=strip_ansi(str(data.get("text/plain", ""))))
