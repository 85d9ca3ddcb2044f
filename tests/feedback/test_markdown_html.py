from __future__ import annotations

import re

from jinja2 import Environment

from autograder.feedback.markdown_html import finish_html, markdown_filter, markdown_to_html

TABLE = "| level | senses |\n|---|---|\n| 0 | $x$ |"


def test_a_table_stands_in_a_box_that_scrolls_with_the_keyboard() -> None:
    html = markdown_to_html(TABLE)
    assert '<div aria-label="Table" class="scroll" role="group" tabindex="0"><table>' in sorted_attributes(html)
    assert re.findall(r"<th>(\w+)</th>", html) == ["level", "senses"]


def test_code_can_be_scrolled_with_the_keyboard() -> None:
    html = sorted_attributes(markdown_to_html("```python\nx = 1\n```\n\n    y"))
    assert html.count('<pre aria-label="Code" role="group" tabindex="0">') == 2


def test_headings_start_below_those_of_the_page() -> None:
    assert re.findall(r"<(h\d)", markdown_to_html("# a\n\n## b\n\n###### c")) == ["h3", "h4", "h6"]


def test_a_picture_without_a_description_gets_one() -> None:
    assert 'alt="a plot"' in markdown_to_html("![a plot](plot.png)")
    assert 'alt="Picture without a description"' in markdown_to_html("<img src='plot.png'>")


def test_a_task_list_says_what_is_done() -> None:
    html = markdown_to_html("- [x] one\n- [ ] two")
    assert re.findall(r'aria-label="(\w+)"', html) == ["done", "open"]


def test_a_stray_end_tag_closes_no_part_of_the_page() -> None:
    assert "</div>" not in markdown_to_html("</div></div></section> text")
    assert markdown_to_html("<div><b>open").count("</div>") == 1


def test_html_of_an_output_gets_the_same_boxes() -> None:
    assert 'tabindex="0"' in finish_html("<table><tr><td>1</td></tr></table>")


def test_formgrader_gets_bordered_tables_and_mathml() -> None:
    environment = Environment()  # nbconvert's escapes nothing either
    environment.filters["markdown2html"] = markdown_filter
    html = environment.from_string("{{ source | markdown2html }}").render(source=TABLE, cell={})
    assert 'class="table table-bordered table-condensed"' in html
    assert "<math" in html


def sorted_attributes(html: str) -> str:
    """HTML whose attributes stand in alphabetical order."""
    return re.sub(r"<(\w+) ([^>]*)>", lambda tag: f"<{tag[1]} {' '.join(sorted(re.findall(r'[^ ]+', tag[2])))}>", html)
