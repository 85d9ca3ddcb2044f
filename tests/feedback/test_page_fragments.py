"""A page that is finished piece by piece is the page that nbconvert makes of the whole."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.feedback import page_fragments
from autograder.feedback.exporter import FeedbackExporter
from autograder.feedback.page_fragments import CUT, FragmentCache, finish_page
from tests.helpers.whole_page import Whole

TOKENS = [
    *("<div>", "</div>", "<p>", "</p>", "<span class=' a  b '>", "</span>", "<b id='i' class=\"x\">", "</b>"),
    *("<pre>", "</pre>", "<br>", "<br/>", "</br>", "<hr />", "<img src='x'>", "<img alt=''>", "<table>", "<td>"),
    *(" ", "\n", " \n ", "\xa0", "\r", "text", "a > b", "a < b", "'", '"', "&", "&am", "&amp;", "&lt;", "&nbsp;"),
    *("&quot;", "&#39;", "&#182;", "<!-- c -->", "<!--", "-->", "<style>", "</style>", "<script>", "</script>"),
    *(
        "<textarea>",
        "</textarea>",
        "<div",
        "<a href='?a&b'>",
        "</a>",
        "</body>",
        "</html>",
        "<rt>",
        "<math>",
        "</math>",
    ),
    *("<p class='y' class='z'>", "<div class=jp-Notebook>", "<div class='jp-Cell-inputWrapper'>", "<DIV>", "</DIV >"),
    *("<?x?>", "<![CDATA[x]]>"),
]
PIECE = st.lists(st.sampled_from(TOKENS), max_size=8).map("".join)
GOOD = st.lists(PIECE.map(lambda text: str(BeautifulSoup(text, "html.parser"))), max_size=3).map("".join)


def at_once(page: str) -> str:
    return finish_page(page.replace(CUT, ""), FragmentCache())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECE, GOOD.map(lambda text: f"<div>{text}</div>")), max_size=5), st.booleans())
@example(["<div>--> \n ", "<div></div>"], True)
@example(["<div><!--<div><div>", "<!-- c -->"], True)
@example(["<div><br></div>", "<div>\n</br>\n</div>"], True)
@example(["<pre><b></b>", " \n \n ", "<b></b></pre>"], True)
@example(["<div class='jp-Notebook'>", "<div class='jp-Cell-inputWrapper'></div>", "</div>"], True)
@example(["<p id='a' id='b'></p>"], True)
@example(["<div></div>"], False)
def test_a_page_is_the_same_wherever_it_is_cut(parts: list[str], ends: bool) -> None:
    page = CUT.join(["<!DOCTYPE html>\n<html><body class='jp'>\n", *parts, "</body></html>\n" if ends else "\n"])
    memory = FragmentCache()
    assert finish_page(page, memory) == at_once(page)
    assert finish_page(page, memory) == at_once(page)


@pytest.mark.parametrize(
    ("piece", "after"),
    [
        ("<div class=' a  b ' id=\"x\">a &gt; b&nbsp;&#39;<br>\n \n</div>", ""),
        ("<main><div><pre> \n </pre>", "<main><div>"),
        ("<math display='block'><mo form=\"prefix\" fence='true'>&lt;</mo>\n</math>", ""),
        ("<ol>\n\n<li><a href='#x'>x</a></li> <hr/></ol>", ""),
    ],
)
def test_ordinary_tags_need_no_parser(piece: str, after: str) -> None:
    found = page_fragments._ordinary("<body>", piece)
    assert found == page_fragments._any("<body>", piece)
    assert found is not None
    assert found[1] == f"<body>{after}"


def test_a_piece_that_comes_again_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<body>{CUT}<p>one</p>{CUT}<p>one</p>{CUT}<img>{CUT}</body>"
    memory = FragmentCache()
    first = finish_page(page, memory)
    monkeypatch.setattr(page_fragments, "_piece", pytest.fail)
    assert finish_page(page, memory) == first


def test_what_is_remembered_has_an_end() -> None:
    memory = FragmentCache(characters=1000)
    for number in range(1000):
        text = f"{number:0100}"
        assert memory.recall((text,), lambda text=text: text) == text
        assert sum(len(text) for made_of, text in memory._made.items() for text in (*made_of, text)) <= 1000


ABOUT = {"notebook": "n", "score": 1, "max_score": 2, "late_penalty": 0}


def exporter(kind: type[FeedbackExporter], **config: Any) -> FeedbackExporter:
    converter = GenerateFeedback(coursedir=CourseDirectory(), config=Config(HTMLExporter=config))
    return kind(parent=converter, config=converter.config)


def pages(kind: type[FeedbackExporter], notebooks: list[NotebookNode], **config: Any) -> list[str]:
    made = exporter(kind, **config)
    return [str(made.from_notebook_node(copy.deepcopy(one), {"nbgrader": dict(ABOUT)})[0]) for one in notebooks]


def notebook(*cells: NotebookNode, lexer: str = "ipython3") -> NotebookNode:
    for number, cell in enumerate(cells):
        cell.id = f"c{number}"
    return new_notebook(cells=list(cells), metadata={"language_info": {"name": "python", "pygments_lexer": lexer}})


def pictured(data: str) -> NotebookNode:
    return new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {"image/png": data}})


def marked(cell: NotebookNode, **about: Any) -> NotebookNode:
    cell.metadata.nbgrader = nbformat.from_dict({"grade_id": "g", "grade": True, "solution": True, **about})
    return cell


SIMILAR = [
    notebook(pictured("AAAA"), pictured("BBBB")),
    notebook(pictured("BBBB"), pictured("AAAA")),
    notebook(new_code_cell("%%time\nx = 1"), new_code_cell("x = 1", execution_count=3)),
    notebook(new_code_cell("%%time\nx = 1"), new_code_cell("x = 1", execution_count=4)),
    notebook(new_code_cell("let x = 1"), lexer="javascript"),
    notebook(new_code_cell("let x = 1")),
    notebook(new_code_cell("let x = 1", metadata={"magics_language": "javascript"})),
    notebook(marked(new_markdown_cell("a"), score=1, points=2, comment="$a<b$ costs \\$5")),
    notebook(marked(new_markdown_cell("a"), score=2, points=2, comment=None)),
    notebook(marked(new_markdown_cell("a"), score=2, points=2, comment="a")),
]
ODD = [
    notebook(new_markdown_cell(text), new_markdown_cell("# after\n\n<b>x</b>"))
    for text in (
        *("<div>", "</div></div></div>", "<pre>", "<textarea>", "<!-- ", "<style>", "</br>", "<div", "a &am"),
        *("<script>1<2", "<img src='x.png'>", "| a |\n|---|\n| 1 |", "$$\\frac{a}{b}$$ $\\nonsense$", CUT[:8], ""),
    )
]
SHOWN = [
    notebook(new_code_cell("x", outputs=[new_output(kind, **about)]), new_code_cell(""))
    for kind, about in (
        ("stream", {"name": "stdout", "text": "\x1b[31mred\x1b[0m <b> & 'q'\n \n"}),
        ("stream", {"name": "stderr", "text": ""}),
        ("display_data", {"data": {"image/png": "AAAA", "text/plain": "<Figure>"}}),
        ("display_data", {"data": {"text/html": "<table border=1><tr><td>1</table>"}}),
        ("display_data", {"data": {"text/markdown": "# a $x$"}}),
        ("display_data", {"data": {"image/svg+xml": "<svg></svg>"}}),
        ("error", {"ename": "E", "evalue": "v", "traceback": ["\x1b[0;31mE\x1b[0m: <v>"]}),
    )
]


@pytest.mark.parametrize("config", [{}, {"template_name": "lab"}, {"template_name": "basic"}, {"exclude_input": True}])
@pytest.mark.parametrize("notebooks", [SIMILAR, ODD, SHOWN], ids=["similar", "odd", "shown"])
def test_one_exporter_makes_the_pages_that_nbconvert_makes(notebooks: list[NotebookNode], config: Any) -> None:
    assert pages(FeedbackExporter, notebooks * 2, **config) == pages(Whole, notebooks * 2, **config)


def test_an_exporter_does_not_keep_the_metadata_of_each_notebook() -> None:
    made = exporter(FeedbackExporter)
    for number in range(3):
        made.from_notebook_node(notebook(), {"metadata": {"name": f"{number}"}, "nbgrader": dict(ABOUT)})
    assert len(made._nb_metadata) == 1
