"""The exporter makes our page, or a course's own template under the same policy."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.converters import GenerateFeedback
from traitlets.config import Config

from autograder.feedback.exporter import FeedbackExporter, PreparedNotebook
from autograder.feedback.page import POLICY
from tests.feedback.test_page import GRADES, text_of
from tests.feedback.test_page_content import written

RESOURCES = {"nbgrader": GRADES, "metadata": {"name": "3-softmax", "path": ""}}


def page_of(*cells: NotebookNode, exporter: FeedbackExporter) -> str:
    html, _ = exporter.from_notebook_node(new_notebook(cells=list(cells)), copy.deepcopy(RESOURCES))
    return str(html)


def exporter(template: str = "feedback", **more: Any) -> FeedbackExporter:
    """The exporter as `nbgrader generate_feedback` configures it, or with another template."""
    settings = GenerateFeedback().config.HTMLExporter
    return FeedbackExporter(config=Config(HTMLExporter={**settings, "template_name": template, **more}))


def test_without_a_courses_template_our_page_is_made() -> None:
    html = page_of(new_markdown_cell("Mine."), exporter=exporter())
    assert "Feedback for novak 3-softmax" in text_of(html)
    assert POLICY in html


def test_a_courses_template_loads_nothing_and_shows_formulas() -> None:
    html = page_of(new_markdown_cell("$a<b$"), exporter=exporter("lab"))
    assert html.count(f'content="{POLICY}"') == 1
    assert "<math" in html
    assert "mathjax" not in html.lower()
    assert "<title>3-softmax</title>" in html


def test_a_courses_template_shows_in_words_what_is_not_marked(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "conf.json").write_text('{"base_template": "base"}')
    # The expressions are those of nbgrader's own template.
    (folder / "index.html.j2").write_text(
        "{{ resources.nbgrader.score | float | round(2) }}"
        "{% for cell in nb.cells %}, {{ cell.metadata.nbgrader.score | float | round(2) }}{% endfor %}"
    )
    used = exporter("own", extra_template_basedirs=[str(tmp_path)])
    cells = [written("senses", marked=False), written("prediction", marked=True, score=2)]
    assert page_of(*cells, exporter=used).strip() == "1.0, not marked yet, 2.0"
    assert page_of(cells[0], exporter=used).strip() == "not marked yet, not marked yet"


def test_an_exporter_keeps_no_notebook_of_earlier_pages() -> None:
    used = exporter("lab")
    for name in ("1-scores", "2-scale", "3-softmax"):
        resources = {**RESOURCES, "metadata": {"name": name, "path": ""}}
        used.from_notebook_node(new_notebook(), resources)
    assert len(used._nb_metadata) <= 1


def test_a_prepared_notebook_is_not_copied_or_prepared_again() -> None:
    def fail(*_: Any) -> Any:
        raise AssertionError("prepared again")

    used = exporter()
    used.register_preprocessor(fail, enabled=True)
    html, _ = used.from_notebook_node(PreparedNotebook(new_notebook()), copy.deepcopy(RESOURCES))
    assert "Feedback for novak" in text_of(html)
    with pytest.raises(AssertionError, match="prepared again"):
        used.from_notebook_node(new_notebook(), copy.deepcopy(RESOURCES))
