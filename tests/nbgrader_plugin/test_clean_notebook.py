"""Nothing of a submission runs or loads anything where people look at it."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbformat import NotebookNode

from tests.helpers.stock_course import StockCourse, cell_named

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("new_database", ["sqlite"], indirect=True),  # the database makes no difference
]
HOSTILE = "**Two** senses.\n\n<script>alert(1)</script><img src='https://evil.example/x.png'>"
HONEST = "> *One* vector, $a<b$ costs \\$5.\n\n```python\na<b\n```"
HOSTILE_CELLS = (
    {
        "cell_type": "markdown",
        "id": "m",
        "metadata": {},
        "source": "![x](attachment:a.svg)",
        "attachments": {"a.svg": {"image/svg+xml": "<svg onload='alert(1)'></svg>"}},
    },
    {"cell_type": "raw", "id": "r", "metadata": {"format": "text/html"}, "source": "<script>alert(2)</script>"},
)


def graded_cells(course: StockCourse, student: str, assignment: str) -> list[NotebookNode]:
    cells: list[NotebookNode] = nbformat.reads(course.graded_notebook(student, assignment), as_version=4).cells
    return cells


def test_only_safe_markup_of_a_submission_is_kept(course: StockCourse) -> None:
    notebook = course.notebook("6-reflection")
    cell_named(notebook, "senses")["source"] = HOSTILE
    cell_named(notebook, "prediction")["source"] = HONEST
    notebook["cells"] += HOSTILE_CELLS
    course.grade("hostile", "6-reflection", notebook)
    cells = graded_cells(course, "hostile", "6-reflection")
    sources = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in cells}
    assert "<strong>Two</strong> senses." in sources["senses"]
    assert sources["prediction"] == HONEST
    page = course.feedback("hostile", "6-reflection")
    assert "&lt;script&gt;alert(2)" in page
    assert not re.search(r"<script|<iframe|<svg|evil\.example|alert\(1\)", page)


def test_feedback_loads_nothing_and_shows_formulas_without_a_network(course: StockCourse) -> None:
    course.grade("reader", "3-softmax", course.answered())
    page = course.feedback("reader", "3-softmax")
    assert "<strong>5</strong>" in page
    assert "<math" in page
    assert not re.search(r"<script|<link|<iframe|@import|url\(['\"]?(https?:)?//|src=['\"]?(https?:)?//", page)
    assert re.search(r"<head>\s*<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'", page)
    assert len(page) < 1_500_000


def test_text_cells_of_the_release_stay_as_they_are(course: StockCourse) -> None:
    course.grade("plain", "3-softmax", course.answered())
    texts = [cell.source for cell in graded_cells(course, "plain", "3-softmax") if cell.cell_type == "markdown"]
    released = course.notebook("3-softmax")["cells"]
    assert texts == [cell["source"] for cell in released if cell["cell_type"] == "markdown"]
