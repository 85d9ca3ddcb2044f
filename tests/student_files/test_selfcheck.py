"""The self-check: `check(...)` in a notebook and `python selfcheck.py` in a student's folder."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.authoring.public_data import public_data
from autograder.exercise import Case, Exercise
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, run_trusted
from tests.helpers.student_folder import (
    EXERCISES,
    HEAD,
    MISSPELT,
    NO_SHIFT,
    RIGHT,
    SETUP,
    STUB,
    WARNS,
    run_python,
    run_selfcheck,
    save_notebook,
)
from tests.helpers.waiting import PATIENCE, wait_until

# The same rules as the judge


def as_cases(exercise: Exercise) -> Exercise:
    """Return the exercise with its public examples as its only cases."""
    return replace(
        exercise,
        criteria=tuple(
            replace(
                criterion,
                cases=tuple(
                    Case(f"{criterion.name} {i}", example.clause, lambda _, call=example.call: call)
                    for i, example in enumerate(criterion.examples)
                ),
            )
            for criterion in exercise.criteria
        ),
    )


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_the_self_check_and_the_judge_agree_on_results_and_hints(selfcheck: ModuleType, name: str) -> None:
    exercise = as_cases(EXERCISES[name])
    data = json.loads(json.dumps(public_data([exercise], "x")))["exercises"][0]
    programs = [exercise.reference, *(mistake.program for mistake in exercise.misconceptions)]
    named = 0
    for program in programs:
        verdict = judge_function(ReferenceAnswers(exercise, 0), partial(run_trusted, program))
        report = selfcheck.check_function(program, data)
        if "returns nothing" in report.title:
            continue  # the self-check has its own sentence for this
        assert [c.earned for c in verdict.criteria] == [not c.reason for c in report.criteria], program
        for judged, checked in zip(verdict.criteria, report.criteria, strict=True):
            if judged.reason:
                named += bool(verdict.misconceptions)
                hint = (judged.reason.holds, judged.reason.question, judged.reason.advice)
                assert hint == checked.hint, program
    assert named >= len(exercise.misconceptions)


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_a_function_that_overwrites_its_arguments_spoils_no_other_call(selfcheck: ModuleType, name: str) -> None:
    data = public_data([EXERCISES[name]], "x")["exercises"][0]
    reference = EXERCISES[name].reference

    def vandal(*args: Any, **kwargs: Any) -> Any:
        result = reference(*args, **kwargs)
        for array in (*args, *kwargs.values()):
            if isinstance(array, np.ndarray) and array.flags.writeable:
                array[...] = 0
        return result

    report = selfcheck.check_function(vandal, data)
    pure = {criterion.name for criterion in EXERCISES[name].criteria for e in criterion.examples if e.clause == "pure"}
    assert pure
    assert {criterion.name for criterion in report.criteria if criterion.reason} <= pure
    assert any("changed the array" in sentence for criterion in report.criteria for sentence in criterion.reason)


# python selfcheck.py


def test_a_right_answer_passes(folder: Path) -> None:
    status, output = run_selfcheck(folder, SETUP, RIGHT, "check(softmax)")
    assert status == 0
    assert output.startswith("softmax: 4 of 4 criteria hold pass rows are weights 2 / 2")
    assert "not yet" not in output


def test_a_wrong_answer_gets_the_rule_the_example_a_question_and_advice(folder: Path) -> None:
    status, output = run_selfcheck(folder, SETUP, NO_SHIFT, "check(softmax)")
    assert status == 1
    assert "3 of 4 criteria hold" in output
    assert "not yet no overflow 0 / 1 Subtracting one number from all scores of a row leaves its weights" in output
    assert (
        "softmax([[1000, 999, 0]]) should give [[0.7311, 0.2689, 0]]. Yours gave [[nan, nan, 0]]: the result" in output
    )
    assert "What is exp(1000) on your machine" in output
    assert "Subtract each row's maximum" in output


def test_a_stub_is_reported_as_not_written_yet(folder: Path) -> None:
    output = "softmax: not written yet. Put your code in place of `raise NotImplementedError()`."
    assert run_selfcheck(folder, SETUP, STUB, "check(softmax)") == (1, output)


def test_the_line_of_the_stub_beside_an_answer_is_named(folder: Path) -> None:
    output = "softmax contains an answer, and still the line `raise NotImplementedError()`. Delete that line."
    for answer in (STUB + "\n    return np.exp(scores)", HEAD + "x = np.exp(scores)\n    raise NotImplementedError()"):
        status, printed = run_selfcheck(folder, SETUP, answer, "check(softmax)")
        assert (status, " ".join(printed.split())) == (1, output)


def test_a_stub_that_the_answer_calls_is_named(folder: Path) -> None:
    helper = "def shifted(scores):\n    raise NotImplementedError()"
    status, output = run_selfcheck(folder, SETUP, helper, HEAD + "return np.exp(shifted(scores))")
    assert (status, output) == (1, "softmax: not written yet (it calls shifted, which is not written yet)")


def test_an_exception_is_shown_with_the_students_own_line(folder: Path) -> None:
    status, output = run_selfcheck(
        folder,
        SETUP,
        "def total(powers):\n    return powers @ np.ones((7, 7))",
        HEAD + "return np.apply_along_axis(total, axis, scores)",
    )
    assert status == 1
    assert "raised ValueError: matmul" in output
    assert "in line 2 of its cell: return powers @ np.ones((7, 7))" in output
    assert "selfcheck.py" not in output


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit('bye')",
        "exit()",
        "raise type('Mine', (Exception,), {'__str__': lambda self: 1 / 0})",
        "return input()",
        "raise KeyError",
        "return softmax(scores, axis)",
        "return type('Odd', (np.ndarray,), {'__repr__': lambda self: 1 / 0})((2, 2))",
    ],
)
def test_odd_answers_are_reported_like_any_other(folder: Path, body: str) -> None:
    status, output = run_selfcheck(folder, SETUP, HEAD + body)
    assert status == 1
    assert "softmax: 0 of 4 criteria hold" in output


def test_a_syntax_error_names_the_cell_and_the_line(folder: Path) -> None:
    status, output = run_selfcheck(folder, SETUP, "a = 1\n\ndef softmax(scores:\n    return scores", "check(softmax)")
    assert status == 1
    assert output.startswith("softmax is not there, because code cell 2, line 3 raised SyntaxError: ")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ((SETUP, MISSPELT), "defines no function softmax. Check the spelling"),
        ((SETUP, "softmax = 3"), "softmax is there, but it is not a function."),
        ((SETUP, "x = 1\n1 / 0\n" + RIGHT), "because code cell 2, line 2 raised ZeroDivisionError: division by zero."),
        ((SETUP, "%%timeit\n" + RIGHT), "defines no function softmax"),
    ],
)
def test_a_missing_function_is_explained(folder: Path, cells: tuple[str, ...], says: str) -> None:
    status, output = run_selfcheck(folder, *cells)
    assert status == 1
    assert says in output


def test_a_cell_that_raises_does_not_stop_the_next(folder: Path) -> None:
    assert run_selfcheck(folder, SETUP, "1 / 0", RIGHT)[0] == 0


def test_the_last_definition_of_the_function_counts(folder: Path) -> None:
    assert run_selfcheck(folder, SETUP, RIGHT, NO_SHIFT.replace("def softmax", "def other"), "softmax = other")[0] == 1
    assert run_selfcheck(folder, SETUP, NO_SHIFT, "first = softmax", RIGHT)[0] == 0


@pytest.mark.parametrize(
    "noise",
    [
        "import warnings\nwarnings.warn('careful')\nprint('hello')\nimport sys\nprint('oh', file=sys.stderr)",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nassert plt.get_backend().lower() == 'agg'",
        "from plots import heat\nheat(1, 2, 3, 4)\ndisplay(3)",
        "import os\nassert os.path.exists('3-softmax.ipynb')",
        "check(3)\ncheck(softmax)\nimport selfcheck\nselfcheck.check_notebook()",
    ],
    ids=["warnings and prints", "plots", "the course's modules", "the folder", "a check inside"],
)
def test_prints_warnings_and_plots_of_other_cells_change_nothing(folder: Path, noise: str) -> None:
    again = "def softmax(scores, axis=-1, right=softmax):\n{}\n    return right(scores, axis)"
    status, output = run_selfcheck(folder, SETUP, RIGHT, noise, again.format(textwrap.indent(noise, "    ")))
    assert (status, output[:29]) == (0, "softmax: 4 of 4 criteria hold")


def test_illustration_cells_are_skipped(folder: Path) -> None:
    save_notebook(folder, SETUP, RIGHT, illustrations=("softmax = None",))
    assert run_python(folder, "selfcheck.py").returncode == 0


# Where grading may differ from what happens here


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("!pip install tqdm", "Note: In grading, this does nothing: !pip install tqdm (code cell 3)."),
        ("import yaml", "Note: The grader does not have yaml, which the notebook imports (code cell 3)."),
        ("from helper import x", "Note: Submit helper.py together with your notebook, which imports it (code cell 3)."),
        (RIGHT, "Note: softmax is defined in code cell 2 and again in code cell 3. Please keep one of them."),
        ("import time\ntime.sleep(0.3)", "Note: Running code cell 3 took 0.3 s here. In grading, it is stopped after"),
    ],
    ids=["a command", "an import", "a file of the student", "a second definition", "a slow cell"],
)
def test_a_right_answer_comes_with_a_note(folder: Path, cell: str, note: str) -> None:
    (folder / "helper.py").write_text("x = 1")
    set_seconds(folder, 0.25)
    status, output = run_selfcheck(folder, SETUP, RIGHT, cell)
    assert status == 0
    assert note in output


@pytest.mark.parametrize("cell", ["import os, PIL, numpy.linalg", "try:\n    import yaml\nexcept ImportError: pass"])
def test_what_the_grader_can_import_needs_no_note(folder: Path, cell: str) -> None:
    assert "Note" not in run_selfcheck(folder, SETUP, RIGHT, cell, "%matplotlib inline\n%time x = 1")[1]


def test_a_package_that_the_course_allows_needs_no_note(folder: Path) -> None:
    path = folder / "selfcheck.json"
    path.write_text(path.read_text().replace('"numpy"', '"numpy", "yaml"'))
    assert "Note" not in run_selfcheck(folder, SETUP, RIGHT, "import yaml")[1]


def test_a_slow_call_comes_with_a_note(folder: Path) -> None:
    set_seconds(folder, 0.01)
    slow = RIGHT.replace("powers =", "import time; time.sleep(0.02); powers =", 1)
    assert (
        "Note: A call took 0.0 s here. In grading, it is stopped after 0.01 s." in run_selfcheck(folder, SETUP, slow)[1]
    )


def test_check_in_a_notebook_names_imports_that_the_grader_lacks(folder: Path) -> None:
    imports = "import yaml, os\nfrom nbformat import read\nimport numpy.linalg as la"
    process = run_python(folder, "-c", f"{SETUP}\n{imports}\n{RIGHT}\ncheck(softmax)")
    assert re.findall(r"Note: The grader does not have (\w+)", process.stdout) == ["yaml", "nbformat"]


def set_seconds(folder: Path, seconds: float) -> None:
    path = folder / "selfcheck.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "seconds": seconds}))


def test_the_saved_notebook_is_named_with_its_time(folder: Path) -> None:
    save_notebook(folder, SETUP, RIGHT)
    os.utime(folder / "3-softmax.ipynb", (1_800_000_000, 1_800_000_000))
    assert "Read 3-softmax.ipynb, saved 2027-01-15 08:00:00.\n" in run_python(folder, "selfcheck.py", TZ="UTC").stdout


def test_a_copy_is_named_and_not_read(folder: Path) -> None:
    save_notebook(folder, SETUP, RIGHT)
    save_notebook(folder, SETUP, STUB, name="3-softmax-Copy1")
    (folder / ".ipynb_checkpoints").mkdir()
    save_notebook(folder / ".ipynb_checkpoints", SETUP, STUB, name="3-softmax-checkpoint")
    process = run_python(folder, "selfcheck.py")
    assert process.returncode == 0
    assert process.stdout.split("\n")[0].endswith(". Not read: 3-softmax-Copy1.ipynb.")


def test_the_only_notebook_is_read_whatever_its_name(folder: Path) -> None:
    save_notebook(folder, SETUP, RIGHT, name="mine")
    process = run_python(folder, "selfcheck.py")
    assert process.returncode == 0
    assert process.stdout.split("\n")[0].endswith(". Please rename it to 3-softmax.ipynb before you submit it.")


@pytest.mark.parametrize("way", [("selfcheck.py",), ("-m", "pytest")], ids=" ".join)
class TestWhenAFileIsMissing:
    def said(self, folder: Path, way: tuple[str, ...]) -> str:
        process = run_python(folder, *way)
        assert process.returncode == 2
        assert "Traceback" not in process.stdout + process.stderr
        assert "line " not in process.stdout + process.stderr
        return process.stdout

    def test_no_notebook(self, folder: Path, way: tuple[str, ...]) -> None:
        assert f"There is no 3-softmax.ipynb in {folder}. Save your notebook there" in self.said(folder, way)

    def test_two_notebooks_of_other_names(self, folder: Path, way: tuple[str, ...]) -> None:
        save_notebook(folder, SETUP, RIGHT, name="mine")
        save_notebook(folder, SETUP, STUB, name="mine too")
        assert "If one of these is yours, rename it: mine too.ipynb, mine.ipynb." in self.said(folder, way)

    @pytest.mark.parametrize("name", ["comparing.py", "loading.py", "selfcheck.json"])
    def test_a_file_of_the_self_check(self, folder: Path, way: tuple[str, ...], name: str) -> None:
        save_notebook(folder, SETUP, RIGHT)
        (folder / name).unlink()
        output = self.said(folder, way)
        assert name.removesuffix(".py") in output
        assert "missing" in output


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}'])
def test_a_damaged_notebook_is_reported_in_a_sentence(folder: Path, text: str) -> None:
    (folder / "3-softmax.ipynb").write_text(text, encoding="utf-8")
    process = run_python(folder, "selfcheck.py")
    assert process.returncode == run_python(folder, "-m", "pytest").returncode == 1
    assert "Open it in JupyterLab" in " ".join(process.stdout.split())


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_every_console_can_print_the_report(folder: Path, encoding: str) -> None:
    words = "import selfcheck; selfcheck.print_text('√d_k · Kᵀ é 注')"
    process = run_python(folder, "-c", words, PYTHONIOENCODING=f"{encoding}:strict")
    assert process.returncode == 0
    assert "sqrt d_k" in process.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
@pytest.mark.parametrize("way", [("selfcheck.py",), ("-m", "pytest", "-q")], ids=" ".join)
def test_an_endless_loop_can_be_stopped_and_says_so_in_one_sentence(folder: Path, way: tuple[str, ...]) -> None:
    save_notebook(folder, SETUP, HEAD + "open('started', 'w').close()\n    while True:\n        pass")
    command = [sys.executable, *way]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until((folder / "started").exists, "the start of the function")
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 2
    assert "You stopped the check" in output
    assert "Traceback" not in output + errors


# check(...) in the notebook


def test_check_prints_the_report_outside_a_notebook(folder: Path) -> None:
    process = run_python(folder, "-W", "error", "-c", f"{SETUP}\n{WARNS}\nprint(check(softmax))")
    assert process.returncode == 0
    assert process.stdout.startswith("softmax: 4 of 4 criteria hold\n")
    assert process.stdout.endswith("\nNone\n")


def test_check_accepts_any_callable_whatever_its_name(folder: Path) -> None:
    of_a_class = "class It:\n    def __call__(self, *a, **k): return softmax(*a, **k)\ncheck(It())"
    process = run_python(folder, "-c", f"{SETUP}\n{RIGHT}\n{of_a_class}\ncheck(lambda *a, **k: softmax(*a, **k))")
    assert process.stdout.count("softmax: 4 of 4 criteria hold") == 2


def test_check_asks_for_the_function_instead_of_its_result(folder: Path) -> None:
    process = run_python(folder, "-c", f"{SETUP}\n{RIGHT}\ncheck(softmax(np.ones(3)))")
    assert process.returncode == 0
    assert process.stdout == "Give check the function itself, not what it returns: check(softmax)\n"


def test_check_shows_no_traceback_when_the_self_check_fails(folder: Path) -> None:
    (folder / "selfcheck.json").write_text('{"notebook": "x", "exercises": [{"function": "softmax"}]}')
    process = run_python(folder, "-c", f"{SETUP}\n{RIGHT}\ncheck(softmax)")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith("The self-check failed, not your work (KeyError: 'criteria').")


def test_a_criterion_that_may_follow_from_another_gets_one_sentence(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    rows = list(selfcheck.check_function(lambda scores, axis=-1: scores, data).rows())
    assert [len(reason) for *_, reason in rows] == [4, 1, 1, 1]
    assert rows[1][3] == ('Fix "rows are weights" first: this may follow from it.',)


def test_each_criterion_names_its_own_mistake_when_there_are_two(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    hints = {mistake["name"]: mistake["hint"]["question"] for mistake in data["misconceptions"]}

    def over_everything_by_the_mean(scores: Any, axis: int = -1) -> Any:
        powers = np.exp(scores - scores.mean())
        return powers / powers.sum()

    report = selfcheck.check_function(over_everything_by_the_mean, data)
    assert report.criteria[0].reason[2] == hints["softmax-over-everything"]


def test_a_nan_alone_does_not_name_a_mistake(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]

    def rows_without_shift(scores: Any, axis: int = -1) -> Any:
        if axis != -1:
            raise ValueError("rows only")
        powers = np.exp(scores)
        return powers / powers.sum(axis=-1, keepdims=True)

    report = selfcheck.check_function(rows_without_shift, data)
    overflow = next(criterion for criterion in report.criteria if criterion.name == "no overflow")
    assert overflow.reason[2] == data["hints"]["stable"]["question"]


def test_an_unknown_name_gets_a_hint_about_names(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    report = selfcheck.check_function(lambda scores, axis=-1: np.expp(scores), data)  # type: ignore[attr-defined]
    assert "misspelt" in report.criteria[0].reason[2]
    assert [len(reason) for *_, reason in report.rows()] == [4, 1, 1, 1]


def test_a_function_that_returns_none_is_reported(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    report = selfcheck.check_function(lambda scores, axis=-1: None, data)
    assert "return" in report.title
    assert not report.holds


def test_the_table_says_the_same_as_its_colours(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    report = replace(selfcheck.check_function(lambda scores, axis=-1: ["<script>"], data), notes=("A <script>.",))
    table = report._repr_html_()
    assert table.count("<tr>") == 4
    assert table.count(">not yet<") == 4
    assert "<script>" not in table
    assert "came back" in table
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", table)).split())
    assert " ".join(repr(report).split()) == shown
    assert not re.search(r"background|color:(?!inherit)", table)


def execute_notebook(folder: Path, *cells: str, **environment: str) -> list[dict[str, Any]]:
    """Run a notebook in a real kernel and return the outputs of its last cell."""
    save_notebook(folder, *cells)
    code = (
        "import nbformat, nbclient, json, warnings\nwarnings.simplefilter('ignore')\n"
        "nb = nbformat.read('3-softmax.ipynb', as_version=4)\n"
        "nbclient.NotebookClient(nb, allow_errors=True, timeout=None, kernel_name='python3').execute()\n"
        "print(json.dumps(nb.cells[-1].outputs))"
    )
    process = run_python(folder, "-c", code, **environment)
    assert process.returncode == 0, process.stderr
    outputs: list[dict[str, Any]] = json.loads(process.stdout)
    return outputs


@pytest.mark.slow
def test_a_notebook_shows_the_report_as_a_table_and_as_text(folder: Path) -> None:
    (shown,) = execute_notebook(folder, SETUP, WARNS.replace("softmax", "soft"), "softmax = soft\ncheck(softmax)\npass")
    assert shown["output_type"] == "display_data"
    assert shown["data"]["text/plain"].startswith("softmax: 4 of 4 criteria hold\n")
    assert "<table" in shown["data"]["text/html"]


@pytest.mark.slow
def test_a_notebook_shows_the_students_line_that_raised(folder: Path) -> None:
    (shown,) = execute_notebook(folder, SETUP, HEAD + "return scores / missing", "check(softmax)")
    output = " ".join(shown["data"]["text/plain"].split())
    assert "raised NameError: name 'missing' is not defined, in line 2 of its cell: return scores / missing" in output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "words"), [(STUB, "softmax: not written yet"), (NO_SHIFT, "softmax: 3 of 4 criteria")]
)
def test_a_failing_check_raises_only_its_report_under_validate(folder: Path, code: str, words: str) -> None:
    (shown,) = execute_notebook(folder, SETUP, code, "check(softmax)", NBGRADER_EXECUTION="validate")
    assert (shown["output_type"], shown["ename"]) == ("error", "NotYet")
    assert shown["traceback"][0].startswith(words)
    assert not any("Traceback" in line or "selfcheck" in line for line in shown["traceback"])


@pytest.mark.slow
def test_a_right_answer_passes_under_validate(folder: Path) -> None:
    (shown,) = execute_notebook(folder, SETUP, RIGHT, "check(softmax)", NBGRADER_EXECUTION="validate")
    assert shown["output_type"] == "display_data"
