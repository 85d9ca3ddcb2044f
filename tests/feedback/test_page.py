"""The page as HTML; tests/browser looks at it in a browser."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from autograder.feedback.page import POLICY, FeedbackPage
from autograder.feedback.page_content import IS_CLOSED, IS_MARKED, STUDENT_TEXT
from autograder.verdict import Status
from tests.feedback.test_page_content import answer, judged, written

GRADES = {"student": "novak", "notebook": "3-softmax", "score": 1, "max_score": 2, "late_penalty": 0}
HOSTILE = "<script>alert(1)</script>"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACcmVzdA=="


def page_of(*cells: NotebookNode, page: FeedbackPage | None = None, css: Any = (), **grades: Any) -> str:
    notebook = new_notebook(cells=copy.deepcopy(list(cells)))
    resources = {"nbgrader": GRADES | grades, "inlining": {"css": list(css)}}
    return (page or FeedbackPage()).render(notebook, resources)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def output_of(kind: str, **about: Any) -> str:
    return page_of(new_code_cell("x", outputs=[new_output(kind, **about)], metadata={STUDENT_TEXT: True}))


def test_the_first_screen_has_points_criteria_and_reasons() -> None:
    text = text_of(page_of(answer(comment="Nearly *there*."), judged()))
    assert "Feedback for novak 3-softmax 1 / 2 points" in text
    assert "softmax 1 / 2 1 of 2 hold. ✓ pass rows 1 / 1 ✗ fail axis 0 / 1 Yours gave [1]. Why?" in text
    assert "Comment Nearly there ." in text
    assert text.index("Results") < text.index("Where in your code") < text.index("Your notebook")


def test_what_nobody_marked_is_never_shown_as_zero() -> None:
    text = text_of(page_of(written("senses", marked=False), score=0, max_score=3))
    assert "Not marked yet 3 points to earn" in text
    assert "not marked yet 3 to earn" in text
    assert "–" not in text
    assert "0 / 3" not in text


def test_a_doubt_reads_differently_once_it_is_closed() -> None:
    cell = judged(points=2, status=Status.NEEDS_LOOK)
    assert "softmax to be confirmed 2 / 2" in text_of(page_of(cell))
    cell.metadata.nbgrader[IS_CLOSED] = True
    assert "softmax checked by your instructor 2 / 2" in text_of(page_of(cell))


def test_points_that_are_open_are_named_beside_those_that_were_given() -> None:
    cells = written("senses", marked=True, score=2), written("prediction", marked=False)
    text = text_of(page_of(*cells, score=2, max_score=6))
    assert "2 / 6 points" in text
    assert "3 of the 6 points are not marked yet." in text


def test_the_late_penalty_is_named() -> None:
    text = text_of(page_of(judged(points=2), score=1.5, late_penalty=0.5))
    assert "1.5 / 2 points" in text
    assert "Submitted late: 2 points earned, 0.5 taken off." in text


def test_points_that_a_marker_changed_are_named() -> None:
    assert "The marker changed the points from 1 to 2." in text_of(page_of(judged(points=1, score=2)))


def test_the_line_in_question_is_marked_for_eyes_and_for_screen_readers() -> None:
    html = page_of(answer(), judged(place=("code cell 1", 2)))
    assert html.count('class="line here"') == 1
    assert "softmax code cell 1, line 2" in text_of(html)
    assert "2 (this line)" in text_of(html)


def test_the_first_line_of_the_head_is_a_policy_without_scripts_hosts_and_bases() -> None:
    head = page_of().split("<head>")[1]
    assert head.index("Content-Security-Policy") < head.index("<base") < head.index("<title")
    assert "default-src 'none'" in POLICY
    assert "base-uri 'none'" in POLICY


@pytest.mark.parametrize("place", ["student", "message", "seen", "code", "stream", "raw", "heading", "name"])
def test_a_student_s_text_never_becomes_markup(place: str) -> None:
    cells = {
        "message": [judged(message=HOSTILE)],
        "seen": [judged(seen=HOSTILE)],
        "code": [answer(f"def softmax(): '{HOSTILE}'"), judged()],
        "stream": [new_code_cell("", outputs=[new_output("stream", text=HOSTILE)])],
        "raw": [new_raw_cell(HOSTILE)],
        "heading": [new_markdown_cell(f"# `{HOSTILE}`"), written("a", marked=True)],
        "name": [written(HOSTILE, marked=True)],
    }
    html = page_of(*cells.get(place, []), **({"student": HOSTILE} if place == "student" else {}))
    assert "<script" not in html
    assert "alert" in html


def test_html_in_an_output_is_cleaned() -> None:
    html = output_of("display_data", data={"text/html": f"<b>bold</b>{HOSTILE}<img src=x onerror=alert(1)>"})
    assert "<b>bold</b>" in html
    assert "alert" not in html


def test_outputs_are_text_or_pictures() -> None:
    assert f'src="data:image/png;base64,{PNG}" alt="Picture' in output_of("display_data", data={"image/png": PNG})
    assert '"> onload=' not in output_of("display_data", data={"image/png": '"> onload=alert(1)'})
    described = {"data": {"image/png": PNG}, "metadata": {"image/png": {"alt": "a <plot>"}}}
    assert 'alt="a &lt;plot&gt;"' in output_of("display_data", **described)
    error = output_of("error", ename="E", evalue="v", traceback=["\x1b[0;31mE\x1b[0m: <v>"])
    assert ">E: &lt;v&gt;</pre>" in error
    assert ">7</pre>" in output_of("execute_result", data={"text/plain": "7"})


def test_every_box_that_scrolls_has_a_name_and_a_tab_stop() -> None:
    html = page_of(answer(), judged(), new_markdown_cell("| a |\n|---|\n| 1 |\n\n$$x$$"), new_code_cell("x"))
    boxes = re.findall(r"<(?:pre|\w+ class=\"scroll[^>]*)[^>]*>", html)
    assert len(boxes) >= 4
    assert all('tabindex="0"' in box and 'role="group"' in box and "aria-label=" in box for box in boxes)


def test_the_styles_of_the_course_come_last() -> None:
    html = page_of(css=[".highlight {}", "p > b { color: teal }"])
    assert "p > b { color: teal }" in html
    assert ".highlight {}" not in html


def test_a_remembered_page_is_the_page() -> None:
    notebooks = [
        [new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {"image/png": data}}), new_code_cell(code)]
        for data, code in (("AAAA", "x = 1"), ("BBBB", "x = 1"), ("AAAA", "x = 2"))
    ]
    page = FeedbackPage()
    pages = [page_of(*cells, page=page) for cells in notebooks * 2]
    assert pages == [page_of(*cells) for cells in notebooks * 2]
    assert len(set(pages)) == 3


def test_a_notebook_in_another_language_is_highlighted_or_plain() -> None:
    for lexer in ("javascript", "no such language"):
        notebook = new_notebook(cells=[new_code_cell("let x = 1")], metadata={"language_info": {"name": lexer}})
        assert "x" in text_of(FeedbackPage().render(notebook, {"nbgrader": GRADES}))


def test_criteria_that_nobody_judged_are_not_shown_as_failed() -> None:
    cell = judged(status=Status.NOT_GRADED, message="The sandbox did not start.")
    cell.metadata.nbgrader[IS_MARKED] = False
    text = text_of(page_of(answer(), cell, score=0))
    assert "softmax not graded not marked yet 2 to earn The sandbox did not start." in text
    assert "fail" not in text
    assert "Where in your code" not in text
