"""The student's side: a folder with a notebook and the kit, checked in three ways that say the same words."""

from __future__ import annotations

import html
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.authoring.public_data import public_data
from autograder.course.catalogue import load_exercises
from autograder.exercise import Case, Exercise
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, run_trusted
from tests.helpers.waiting import PATIENCE, wait_until

RELEASED = Path(__file__).parents[2] / "autograder" / "student_files"
KIT = ("selfcheck.py", "comparing.py", "loading.py", "pytest.ini")
EXERCISES = load_exercises()
SETUP = "import numpy as np\nfrom selfcheck import check"
HEAD = "def softmax(scores, axis=-1):\n    "
RIGHT = HEAD + (
    "powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))\n"
    "    return powers / powers.sum(axis=axis, keepdims=True)"
)
NO_SHIFT = RIGHT.replace(" - np.max(scores, axis=axis, keepdims=True)", "")
STUB = HEAD + "raise NotImplementedError()"
MISSPELT = RIGHT.replace("def softmax", "def sofmax")
IN_PLACE = HEAD + (
    "scores -= np.max(scores, axis=axis, keepdims=True)\n    np.exp(scores, out=scores)\n"
    "    scores /= scores.sum(axis=axis, keepdims=True)\n    return scores"
)


def save(folder: Path, *cells: str, name: str = "3-softmax", illustrations: tuple[str, ...] = ()) -> None:
    """Save a notebook with these code cells."""
    found = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, "id": str(i)}
        for i, source in enumerate((*cells, *illustrations))
    ]
    for cell in found[len(cells) :]:
        cell["metadata"] = {"tags": ["illustration"]}
    notebook = {"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def kit(folder: Path, name: str = "3-softmax", function: str = "softmax") -> Path:
    """Put what students get into a folder, without the notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in KIT:
        shutil.copy(RELEASED / file, folder)
    shutil.copy(RELEASED / "test_template.py", folder / f"test_{name.replace('-', '_')}.py")
    data = json.dumps(public_data([EXERCISES[function]], f"{name}.ipynb"), indent=1)
    (folder / "selfcheck.json").write_text(data, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return kit(tmp_path / "3-softmax")


@pytest.fixture(scope="module")
def selfcheck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The module of one folder, imported as a notebook would."""
    folder = kit(tmp_path_factory.mktemp("kit"))
    sys.path.insert(0, str(folder))
    yield importlib.import_module("selfcheck")
    sys.path.remove(str(folder))
    for name in ("selfcheck", "comparing", "loading"):
        del sys.modules[name]


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python without any package of ours in sight."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    env |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | environment
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, errors="replace")


def ran(folder: Path, *cells: str) -> tuple[int, str]:
    """`python selfcheck.py` on a notebook with these cells: exit status and words, without the line on the file."""
    save(folder, *cells)
    done = python(folder, "-W", "error", "selfcheck.py")
    assert done.stderr == ""
    read, _, said = done.stdout.partition("\n")
    assert read.startswith("Read 3-softmax.ipynb, saved ")
    return done.returncode, " ".join(said.split())


# The same rules as the judge's


def as_cases(exercise: Exercise) -> Exercise:
    """The exercise with its public examples as its only cases."""
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
def test_marks_and_likely_causes_are_the_judges_on_the_same_examples(selfcheck: ModuleType, name: str) -> None:
    exercise = as_cases(EXERCISES[name])
    data = json.loads(json.dumps(public_data([exercise], "x")))["exercises"][0]
    programs = [exercise.reference, *(mistake.program for mistake in exercise.misconceptions)]
    named = 0
    for program in programs:
        verdict = judge_function(ReferenceAnswers(exercise, 0), partial(run_trusted, program))
        report = selfcheck.check_function(program, data)
        if "returns nothing" in report.title:
            continue  # the self-check says this one in a sentence of its own
        assert [one.earned for one in verdict.criteria] == [not one.reason for one in report.criteria], program
        for ours, theirs in zip(verdict.criteria, report.criteria, strict=True):
            if ours.reason:
                named += bool(verdict.misconceptions)
                reason = (ours.reason.holds, ours.reason.question, ours.reason.advice)
                assert reason == (theirs.reason[0], *theirs.reason[2:]), program
    assert named >= len(exercise.misconceptions)


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_one_call_never_spoils_the_next(selfcheck: ModuleType, name: str) -> None:
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
    assert {one.name for one in report.criteria if one.reason} <= pure
    assert any("changed the array" in sentence for one in report.criteria for sentence in one.reason)


# python selfcheck.py


def test_a_right_answer_passes(folder: Path) -> None:
    status, said = ran(folder, SETUP, RIGHT, "check(softmax)")
    assert status == 0
    assert said.startswith("softmax: 4 of 4 criteria hold pass rows are weights 2 / 2")
    assert "not yet" not in said


def test_a_wrong_answer_says_what_holds_what_was_seen_a_question_and_one_thing_to_try(folder: Path) -> None:
    status, said = ran(folder, SETUP, NO_SHIFT, "check(softmax)")
    assert status == 1
    assert "3 of 4 criteria hold" in said
    assert "not yet no overflow 0 / 1 Subtracting one number from all scores of a row leaves its weights" in said
    assert "softmax([[1000, 999, 0]]) should give [[0.7311, 0.2689, 0]]. Yours gave [[nan, nan, 0]]: the result" in said
    assert "What is exp(1000) on your machine" in said
    assert "Subtract each row's maximum" in said


def test_a_stub_is_not_written_yet_in_one_line(folder: Path) -> None:
    said = "softmax: not written yet. Put your code in place of `raise NotImplementedError()`."
    assert ran(folder, SETUP, STUB, "check(softmax)") == (1, said)
    below = STUB + "\n    return np.exp(scores)"
    assert ran(folder, SETUP, below, "check(softmax)") == (1, said)


def test_a_stub_that_the_answer_calls_is_named(folder: Path) -> None:
    helper = "def shifted(scores):\n    raise NotImplementedError()"
    status, said = ran(folder, SETUP, helper, HEAD + "return np.exp(shifted(scores))")
    assert (status, said) == (1, "softmax: not written yet (it calls shifted, which is not written yet)")


def test_an_exception_is_shown_with_the_students_own_line(folder: Path) -> None:
    status, said = ran(
        folder,
        SETUP,
        "def total(powers):\n    return powers @ np.ones((7, 7))",
        HEAD + "return np.apply_along_axis(total, axis, scores)",
    )
    assert status == 1
    assert "raised ValueError: matmul" in said
    assert "in line 2 of its cell: return powers @ np.ones((7, 7))" in said
    assert "selfcheck.py" not in said


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
    status, said = ran(folder, SETUP, HEAD + body)
    assert status == 1
    assert "softmax: 0 of 4 criteria hold" in said


def test_a_syntax_error_names_the_cell_and_the_line(folder: Path) -> None:
    status, said = ran(folder, SETUP, "a = 1\n\ndef softmax(scores:\n    return scores", "check(softmax)")
    assert status == 1
    assert said.startswith("softmax is not there, because code cell 2, line 3 raised SyntaxError: ")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ((SETUP, MISSPELT), "defines no function softmax. Check the spelling"),
        ((SETUP, "softmax = 3"), "softmax is there, but it is not a function."),
        ((SETUP, "x = 1\n1 / 0\n" + RIGHT), "because code cell 2, line 2 raised ZeroDivisionError: division by zero."),
        ((SETUP, "!pip install torch\n" + RIGHT), "code cell 2, line 1 raised RuntimeError: this course runs plain"),
    ],
)
def test_a_missing_function_is_explained(folder: Path, cells: tuple[str, ...], says: str) -> None:
    status, said = ran(folder, *cells)
    assert status == 1
    assert says in said


def test_a_cell_that_raises_does_not_stop_the_next(folder: Path) -> None:
    assert ran(folder, SETUP, "1 / 0", RIGHT)[0] == 0


def test_the_last_meaning_of_the_name_counts(folder: Path) -> None:
    assert ran(folder, SETUP, RIGHT, NO_SHIFT.replace("def softmax", "def other"), "softmax = other")[0] == 1
    assert ran(folder, SETUP, NO_SHIFT, "first = softmax", RIGHT)[0] == 0


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
def test_what_a_cell_does_besides_does_no_harm(folder: Path, noise: str) -> None:
    again = "def softmax(scores, axis=-1, right=softmax):\n{}\n    return right(scores, axis)"
    status, said = ran(folder, SETUP, RIGHT, noise, again.format(textwrap.indent(noise, "    ")))
    assert (status, said[:29]) == (0, "softmax: 4 of 4 criteria hold")


def test_cells_that_illustrate_are_skipped(folder: Path) -> None:
    save(folder, SETUP, RIGHT, illustrations=("softmax = None",))
    assert python(folder, "selfcheck.py").returncode == 0


def test_the_saved_notebook_is_named_with_its_time(folder: Path) -> None:
    save(folder, SETUP, RIGHT)
    os.utime(folder / "3-softmax.ipynb", (1_800_000_000, 1_800_000_000))
    assert "Read 3-softmax.ipynb, saved 2027-01-15 08:00:00.\n" in python(folder, "selfcheck.py", TZ="UTC").stdout


def test_a_copy_is_named_and_not_read(folder: Path) -> None:
    save(folder, SETUP, RIGHT)
    save(folder, SETUP, STUB, name="3-softmax-Copy1")
    (folder / ".ipynb_checkpoints").mkdir()
    save(folder / ".ipynb_checkpoints", SETUP, STUB, name="3-softmax-checkpoint")
    done = python(folder, "selfcheck.py")
    assert done.returncode == 0
    assert done.stdout.split("\n")[0].endswith(". Not read: 3-softmax-Copy1.ipynb.")


def test_the_only_notebook_is_read_whatever_its_name(folder: Path) -> None:
    save(folder, SETUP, RIGHT, name="mine")
    done = python(folder, "selfcheck.py")
    assert done.returncode == 0
    assert done.stdout.split("\n")[0].endswith(". Please rename it to 3-softmax.ipynb before you submit it.")


@pytest.mark.parametrize("way", [("selfcheck.py",), ("-m", "pytest")], ids=" ".join)
class TestWhenAFileIsMissing:
    def said(self, folder: Path, way: tuple[str, ...]) -> str:
        done = python(folder, *way)
        assert done.returncode == 2
        assert "Traceback" not in done.stdout + done.stderr
        assert "line " not in done.stdout + done.stderr
        return done.stdout

    def test_no_notebook(self, folder: Path, way: tuple[str, ...]) -> None:
        assert f"There is no 3-softmax.ipynb in {folder}. Save your notebook there" in self.said(folder, way)

    def test_two_notebooks_of_other_names(self, folder: Path, way: tuple[str, ...]) -> None:
        save(folder, SETUP, RIGHT, name="mine")
        save(folder, SETUP, STUB, name="mine too")
        assert "If one of these is yours, rename it: mine too.ipynb, mine.ipynb." in self.said(folder, way)

    @pytest.mark.parametrize("name", ["comparing.py", "loading.py", "selfcheck.json"])
    def test_a_file_of_the_kit(self, folder: Path, way: tuple[str, ...], name: str) -> None:
        save(folder, SETUP, RIGHT)
        (folder / name).unlink()
        said = self.said(folder, way)
        assert name.removesuffix(".py") in said
        assert "missing" in said


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}'])
def test_a_damaged_notebook_is_said_in_a_sentence(folder: Path, text: str) -> None:
    (folder / "3-softmax.ipynb").write_text(text, encoding="utf-8")
    done = python(folder, "selfcheck.py")
    assert done.returncode == python(folder, "-m", "pytest").returncode == 1
    assert "Open it in JupyterLab" in " ".join(done.stdout.split())


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_every_console_can_show_it(folder: Path, encoding: str) -> None:
    words = "import selfcheck; selfcheck.print_text('√d_k · Kᵀ é 注')"
    done = python(folder, "-c", words, PYTHONIOENCODING=f"{encoding}:strict")
    assert done.returncode == 0
    assert "sqrt d_k" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
@pytest.mark.parametrize("way", [("selfcheck.py",), ("-m", "pytest", "-q")], ids=" ".join)
def test_a_loop_can_be_stopped_by_hand_with_one_sentence(folder: Path, way: tuple[str, ...]) -> None:
    save(folder, SETUP, HEAD + "open('started', 'w').close()\n    while True:\n        pass")
    with subprocess.Popen(
        [sys.executable, *way], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        try:
            wait_until((folder / "started").exists)
            it.send_signal(signal.SIGINT)
            out, err = it.communicate(timeout=PATIENCE)
        finally:
            it.kill()
    assert it.returncode == 2
    assert "You stopped the check." in out
    assert "Traceback" not in out + err


# python -m pytest


def pytested(folder: Path, *arguments: str) -> tuple[int, str]:
    """`python -m pytest`: exit status and output."""
    done = python(folder, "-W", "error", "-m", "pytest", *arguments)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("code", [RIGHT, NO_SHIFT, IN_PLACE, STUB, MISSPELT, "def softmax(:"])
def test_pytest_and_python_say_the_same_and_end_alike(folder: Path, code: str) -> None:
    status, said = ran(folder, SETUP, code)
    status_too, said_too = pytested(folder)
    assert status == status_too
    assert "Read 3-softmax.ipynb, saved" in said_too
    assert "Traceback" not in said_too
    flat = " ".join(said_too.split())
    body = said.split("not yet ", 1)[-1] if status and "criteria hold" in said else said
    sentences = re.findall(r"(?:softmax\(|[A-Z]).+?[.?](?= [A-Zs]|$)", body.split("These are public")[0])
    for sentence in sentences if status else []:
        assert sentence.split(" pass ")[0] in flat, sentence


def test_each_criterion_is_a_test(folder: Path) -> None:
    save(folder, SETUP, NO_SHIFT)
    status, said = pytested(folder, "-v")
    assert status == 1
    assert "test_holds[softmax: rows are weights] PASSED" in said
    assert "test_holds[softmax: no overflow] FAILED" in said


@pytest.mark.parametrize("code", [STUB, MISSPELT])
def test_a_missing_answer_is_one_failure_and_no_storm(folder: Path, code: str) -> None:
    save(folder, SETUP, code)
    status, said = pytested(folder)
    assert status == 1
    assert "1 failed, 4 skipped" in said
    assert not (folder / ".pytest_cache").exists()


PROJECT = "[tool.pytest.ini_options]\naddopts = '--strict-markers'\nfilterwarnings = ['error']\n"
WARNS = "import warnings\n" + RIGHT.replace("powers =", "warnings.warn('careful'); open('x', 'w'); powers =", 1)


def test_many_folders_are_tested_from_above_in_a_strict_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    save(kit(tmp_path / "assignments" / "3-softmax"), SETUP, WARNS)
    save(kit(tmp_path / "assignments" / "2-scaling", "2-scaling", "scale_scores"), SETUP, name="2-scaling")
    right = "def weighted_sum(weights, V):\n    return weights @ V"
    save(kit(tmp_path / "assignments" / "4-sum", "4-sum", "weighted_sum"), SETUP, right, name="4-sum")
    for where, argument in ((tmp_path, "assignments"), (tmp_path / "assignments", ".")):
        status, said = pytested(where, argument, "-v", "-p", "no:cacheprovider")
        assert status == 1
        assert "1 failed, 9 passed, 2 skipped" in said
        assert "defines no function scale_scores" in said
        assert said.count("Read ") == 3
    assert pytested(tmp_path, "assignments/3-softmax")[0] == 0
    assert pytested(tmp_path / "assignments" / "3-softmax")[0] == 0


# check(...) in the notebook


def test_check_prints_the_words_where_there_is_no_notebook(folder: Path) -> None:
    done = python(folder, "-W", "error", "-c", f"{SETUP}\n{WARNS}\nprint(check(softmax))")
    assert done.returncode == 0
    assert done.stdout.startswith("softmax: 4 of 4 criteria hold\n")
    assert done.stdout.endswith("\nNone\n")


def test_the_name_of_a_function_does_not_matter_and_any_callable_will_do(folder: Path) -> None:
    of_a_class = "class It:\n    def __call__(self, *a, **k): return softmax(*a, **k)\ncheck(It())"
    done = python(folder, "-c", f"{SETUP}\n{RIGHT}\n{of_a_class}\ncheck(lambda *a, **k: softmax(*a, **k))")
    assert done.stdout.count("softmax: 4 of 4 criteria hold") == 2


def test_check_wants_the_function_itself(folder: Path) -> None:
    done = python(folder, "-c", f"{SETUP}\n{RIGHT}\ncheck(softmax(np.ones(3)))")
    assert done.returncode == 0
    assert done.stdout == "Give check the function itself, not what it returns: check(softmax)\n"


def test_check_never_shows_a_traceback_of_ours(folder: Path) -> None:
    (folder / "selfcheck.json").write_text('{"notebook": "x", "exercises": [{"function": "softmax"}]}')
    done = python(folder, "-c", f"{SETUP}\n{RIGHT}\ncheck(softmax)")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The self-check failed, not your work (KeyError: 'criteria').")


def test_what_may_follow_from_another_mistake_is_said_in_one_sentence(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    rows = list(selfcheck.check_function(lambda scores, axis=-1: scores, data).rows())
    assert [len(reason) for *_, reason in rows] == [4, 1, 1, 1]
    assert rows[1][3] == ('Fix "rows are weights" first: this may follow from it.',)


def test_where_two_mistakes_met_each_criterion_names_the_one_that_it_shows(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    hints = {one["name"]: one["hint"]["question"] for one in data["misconceptions"]}

    def over_everything_by_the_mean(scores: Any, axis: int = -1) -> Any:
        powers = np.exp(scores - scores.mean())
        return powers / powers.sum()

    report = selfcheck.check_function(over_everything_by_the_mean, data)
    assert report.criteria[0].reason[2] == hints["softmax-over-everything"]


def test_a_nan_alone_names_no_mistake(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]

    def rows_without_shift(scores: Any, axis: int = -1) -> Any:
        if axis != -1:
            raise ValueError("rows only")
        powers = np.exp(scores)
        return powers / powers.sum(axis=-1, keepdims=True)

    overflow = next(
        one for one in selfcheck.check_function(rows_without_shift, data).criteria if one.name == "no overflow"
    )
    assert overflow.reason[2] == data["hints"]["stable"]["question"]


def test_an_unknown_name_gets_a_hint_about_names(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    report = selfcheck.check_function(lambda scores, axis=-1: np.expp(scores), data)  # type: ignore[attr-defined]
    assert "misspelt" in report.criteria[0].reason[2]
    assert [len(reason) for *_, reason in report.rows()] == [4, 1, 1, 1]


def test_a_function_that_gives_nothing_back_is_told_so(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    report = selfcheck.check_function(lambda scores, axis=-1: None, data)
    assert "return" in report.title
    assert not report.holds


def test_the_table_says_in_words_what_its_colours_say(selfcheck: ModuleType) -> None:
    data = public_data([EXERCISES["softmax"]], "x")["exercises"][0]
    report = selfcheck.check_function(lambda scores, axis=-1: ["<script>"], data)
    table = report._repr_html_()
    assert table.count("<tr>") == 4
    assert table.count(">not yet<") == 4
    assert "<script>" not in table
    assert "came back" in table
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", table)).split())
    assert " ".join(repr(report).split()) == shown
    assert not re.search(r"background|color:(?!inherit)", table)


def executed(folder: Path, *cells: str, **environment: str) -> list[dict[str, Any]]:
    """The outputs of a notebook's last cell, run in a real kernel."""
    save(folder, *cells)
    code = (
        "import nbformat, nbclient, json, warnings\nwarnings.simplefilter('ignore')\n"
        "nb = nbformat.read('3-softmax.ipynb', as_version=4)\n"
        "nbclient.NotebookClient(nb, allow_errors=True, timeout=60, kernel_name='python3').execute()\n"
        "print(json.dumps(nb.cells[-1].outputs))"
    )
    done = python(folder, "-c", code, **environment)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_a_notebook_shows_a_table_with_the_text_beside_it(folder: Path) -> None:
    (shown,) = executed(folder, SETUP, WARNS.replace("softmax", "soft"), "softmax = soft\ncheck(softmax)\npass")
    assert shown["output_type"] == "display_data"
    assert shown["data"]["text/plain"].startswith("softmax: 4 of 4 criteria hold\n")
    assert "<table" in shown["data"]["text/html"]


@pytest.mark.slow
def test_a_notebook_shows_the_line_of_the_student(folder: Path) -> None:
    (shown,) = executed(folder, SETUP, HEAD + "return scores / missing", "check(softmax)")
    said = " ".join(shown["data"]["text/plain"].split())
    assert "raised NameError: name 'missing' is not defined, in line 2 of its cell: return scores / missing" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "words"), [(STUB, "softmax: not written yet"), (NO_SHIFT, "softmax: 3 of 4 criteria")]
)
def test_under_validate_a_failing_check_raises_and_shows_only_its_words(folder: Path, code: str, words: str) -> None:
    (shown,) = executed(folder, SETUP, code, "check(softmax)", NBGRADER_EXECUTION="validate")
    assert (shown["output_type"], shown["ename"]) == ("error", "NotYet")
    assert shown["traceback"][0].startswith(words)
    assert not any("Traceback" in line or "selfcheck" in line for line in shown["traceback"])


@pytest.mark.slow
def test_under_validate_a_right_answer_passes(folder: Path) -> None:
    (shown,) = executed(folder, SETUP, RIGHT, "check(softmax)", NBGRADER_EXECUTION="validate")
    assert shown["output_type"] == "display_data"
