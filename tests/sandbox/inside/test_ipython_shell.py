"""IPython's shell of the sandbox outputs text and PNG, and refuses or ignores by name what a submission cannot do."""

from __future__ import annotations

import pytest

from tests.helpers.student_code import run_cells

pytestmark = pytest.mark.usefixtures("confined_sandbox")


def test_a_cell_can_only_output_text_and_png() -> None:
    html = "from IPython.display import HTML, SVG, Javascript\n"
    plot = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    displayed, plotted = run_cells(
        html + "display(HTML('<b>x</b>'), SVG('<svg></svg>'), Javascript('1'))\nHTML('<i>y</i>')", plot
    )
    assert {mime for output in displayed.outputs for mime in output["data"]} == {"text/plain"}
    assert [set(output["data"]) for output in plotted.outputs] == [{"text/plain", "image/png"}]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import socket\nsocket.create_connection(('127.0.0.1', 80))", "has no network here"),
        ("import subprocess\nsubprocess.run(['ls'])", "starts no programs here"),
        ("exit()", "would end the notebook here"),
        ("input()", "does not support input requests"),
    ],
)
def test_what_a_submission_cannot_do_is_refused_by_name(source: str, words: str) -> None:
    refused, following = run_cells(source, "1 + 1")
    assert words in str(refused.outputs[-1]["evalue"])
    assert [output["data"] for output in following.outputs] == [{"text/plain": "2"}]


@pytest.mark.parametrize(
    ("source", "command"),
    [
        ("!ls", "!ls"),
        ("x = !ls", "!ls"),
        ("%%bash\nls", "%%bash with its cell"),
        ("%%unknown\nx <- 3 4", "%%unknown with its cell"),
        ("%pip install other", "%pip install other"),
    ],
)
def test_shell_commands_and_most_magics_do_nothing_and_say_so(source: str, command: str) -> None:
    ignored, following = run_cells(source, "1 + 1")
    text = f"In grading, this does nothing: {command}.\n"
    assert [output.get("text") for output in ignored.outputs] == [text]
    assert [output["data"] for output in following.outputs] == [{"text/plain": "2"}]


def test_the_python_below_a_cell_magic_of_another_package_runs() -> None:
    _, following = run_cells("%%memit\nx = 3", "x")
    assert [output["data"] for output in following.outputs] == [{"text/plain": "3"}]


def test_an_error_whose_traceback_is_suppressed_is_still_recorded() -> None:
    (result,) = run_cells("get_ipython().showtraceback = lambda *a, **k: None\n1 / 0")
    assert [output["ename"] for output in result.outputs] == ["ZeroDivisionError"]
