"""Nothing of a submission runs or loads anything where people look at it."""

from __future__ import annotations

import base64
import re

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands
from tests.helpers.pictures import noise
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


def grade_answer(course: StockCourse, student: str, source: str, **attachments: dict[str, str]) -> NotebookNode:
    """Grade an answer with attachments of 6-reflection and return its cell."""
    notebook = course.notebook("6-reflection")
    cell_named(notebook, "senses").update(source=source, attachments=attachments)
    course.grade(student, "6-reflection", notebook)
    cell: NotebookNode = next(
        cell
        for cell in graded_cells(course, student, "6-reflection")
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "senses"
    )
    return cell


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_pictures_of_an_answer_are_kept_for_the_marker_and_the_student(course: StockCourse) -> None:
    source = "![a](attachment:a) <img src='attachment:b' width=300> ![d](data:IMAGE/PNG;BASE64,{})"
    png, gif, webp = (noise(kind, 20) for kind in ("PNG", "GIF", "WEBP"))
    cell = grade_answer(
        course,
        "pictures",
        source.format(in_base64(png)),
        a={"IMAGE/GIF": in_base64(gif)},
        b={"image/png": in_base64(webp)},
    )
    assert cell.source == "![a](attachment:a) <img src='attachment:b' width=300> ![d](attachment:picture-1)"
    assert cell.attachments == {
        "a": {"image/gif": in_base64(gif)},
        "b": {"image/webp": in_base64(webp)},
        "picture-1": {"image/png": in_base64(png)},
    }
    page = course.feedback("pictures", "6-reflection")
    assert all(in_base64(content) in page for content in (png, gif, webp))
    assert 'width="300"' in page


def test_a_photo_that_is_too_large_is_scaled_down(course: StockCourse) -> None:
    photo = noise("JPEG", 1300, quality=95)
    cell = grade_answer(course, "photo", "![a](attachment:a)", a={"image/jpeg": in_base64(photo)})
    assert cell.source == "![a](attachment:a)"
    assert 1000 < len(cell.attachments["a"]["image/jpeg"]) < len(photo)


def test_a_picture_that_cannot_be_shown_is_named_where_it_was(course: StockCourse) -> None:
    cell = grade_answer(
        course, "unshown", "My ![sketch](attachment:a.svg), ![b](b.png)", **{"a.svg": {"image/svg+xml": "<svg></svg>"}}
    )
    assert "My <em>[picture sketch]</em>" in cell.source
    assert "a.svg is not shown, because it is an SVG" in cell.source
    assert "b.png is not shown, because no file of this name" in cell.source
    assert "attachments" not in cell
    assert "markup" not in cell.source


def test_a_picture_beside_the_notebook_is_on_the_page_but_none_behind_a_link(course: StockCourse) -> None:
    picture, secret = noise("PNG", 20), noise("PNG", 21)
    (course.root / "secret.png").write_bytes(secret)
    folder = course.root / "submitted" / "beside" / "6-reflection"
    folder.mkdir(parents=True)
    (folder / "my photo.png").write_bytes(picture)
    (folder / "link.png").symlink_to(course.root / "secret.png")
    source = "![mine](my%20photo.png) ![link](link.png)"
    cell = grade_answer(course, "beside", source)
    assert cell.attachments == {"my photo.png": {"image/png": in_base64(picture)}}
    page = course.feedback("beside", "6-reflection")
    assert in_base64(picture) in page
    assert in_base64(secret) not in page


def test_the_log_names_the_student_and_accuses_nobody(course: StockCourse) -> None:
    notebook = course.notebook("6-reflection")
    cell_named(notebook, "senses")["source"] = "![gone](attachment:gone.png)"
    path = course.root / "submitted" / "named" / "6-reflection" / "6-reflection.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(nbformat.from_dict(notebook), path)
    log = NbgraderCommands(course.app, "6-reflection")._api.autograde("6-reflection", "named")["log"]
    assert "named: senses: a picture is not shown, because the notebook does not contain it." in log
    assert "markup" not in log
