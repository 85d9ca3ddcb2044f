"""Only the cell that defines the function costs its points: whatever else fails, a person looks where it matters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.course import catalogue
from autograder.grading.grader import grade_file
from autograder.sandbox import Limits
from autograder.verdict import Report
from tests.helpers.waiting import PATIENCE

SOFTMAX = catalogue.load_exercise("softmax")
RIGHT = """
import numpy as np
def softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
OVERFLOWS = RIGHT.replace(" - scores.max(axis=axis, keepdims=True)", "")
LOOP, QUIT = "import time; time.sleep(600)", "import os; os._exit(1)"
NAMELESS = RIGHT.replace("import numpy as np", "")


def grade(folder: Path, *cells: str) -> Report:
    code = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells]
    path = folder / "x.ipynb"
    path.write_text(json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    seconds = 3.0 if any(LOOP in cell for cell in cells) else PATIENCE
    return grade_file(path, SOFTMAX, seed=7, limits=Limits(seconds=seconds, total_seconds=PATIENCE))


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ([RIGHT, LOOP, QUIT], "In grading code cell 2 was left out, because it took longer than 3 s and was stopped."),
        ([LOOP, RIGHT], "code cell 1 was left out"),
        ([RIGHT, QUIT], "code cell 2 was left out, because it ended the Python process."),
        ([RIGHT, "import sys; sys.exit()"], "code cell 2 raised SystemExit"),
        ([RIGHT, "1 / 0"], "code cell 2 raised ZeroDivisionError"),
        (
            ["import tqdm, google.colab as c\nc.drive.mount('/x')", RIGHT],
            "softmax ran without google, tqdm, which cannot",
        ),
        (["from torch import nn\nclass Net(nn.Module): pass\nfor _ in nn.x: pass\nif nn: pass", RIGHT], "torch"),
        ([RIGHT, "softmax = softmax(np.ones(3))"], "The function that code cell 1 defines was judged."),
        ([RIGHT, "del softmax"], "The function that code cell 1 defines was judged."),
    ],
)
def test_a_right_function_keeps_its_points_and_a_note_says_what_failed(
    tmp_path: Path, cells: list[str], note: str
) -> None:
    report = grade(tmp_path, *cells)
    assert (report.status, report.score) == ("graded", 5)
    assert note in " ".join(report.notes)


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        ("def softmax(:", "student_error", "code cell 1, line 1 raised SyntaxError"),
        ("softmax = undefined", "student_error", "name 'undefined'"),
        (LOOP + "\n" + RIGHT, "timed_out", "code cell 1 took longer than 3 s"),
        (QUIT + RIGHT, "crashed", "code cell 1 ended the Python process. Remove"),
    ],
)
def test_a_cell_that_fails_by_itself_costs_its_points(tmp_path: Path, source: str, status: str, words: str) -> None:
    report = grade(tmp_path, source)
    assert (report.status, report.score) == (status, 0)
    assert words in report.message


@pytest.mark.parametrize(
    ("source", "score"),
    [
        (RIGHT + LOOP, 5),
        (RIGHT + QUIT, 5),
        (RIGHT + "x = 1; " + QUIT, 5),
        (RIGHT + "if True:\n    " + LOOP, 5),
        (RIGHT + "for n in range(9):\n    print(n)\n" + LOOP, 5),
        (RIGHT.replace("np.exp", "powers_of") + LOOP + "\ndef powers_of(x): return np.exp(x)", 5),
        ("import numpy as np\nsoftmax = lambda scores, axis=-1: np.ones_like(scores); " + QUIT, 0),
        (OVERFLOWS + LOOP, 4),
    ],
)
def test_a_function_above_a_loop_in_its_own_cell_is_judged_and_a_person_asked(
    tmp_path: Path, source: str, score: float
) -> None:
    report = grade(tmp_path, source)
    assert (report.status, report.score) == ("needs_look", score)
    assert "softmax was judged without what comes below it in that cell." in report.message


@pytest.mark.parametrize(
    "cells",
    [
        ["x = open('data.csv')\n" + RIGHT],
        ["x = input()\n" + RIGHT],
        ["from math import no_such_name\n" + RIGHT],
        ["import asyncio\nawait asyncio.sleep(0)\n" + RIGHT],
        ["values = [x async for x in source()]\n" + RIGHT],
        ["import torch\nx = float(torch.pi)\n" + RIGHT],
        ["def softmax(scores, axis=AXIS): return scores", "AXIS = -1"],
        ["def helper(): pass\n" + LOOP, "helper()\n" + RIGHT],
        ["softmax = 3"],
        ["def sofmax(scores): return scores"],
        ["1 / 0"],
        [LOOP] * 4 + [RIGHT],
        ["import scipy.special", "def softmax(scores, axis=-1): return scipy.special.softmax(scores, axis)"],
        ["def softmax(scores, axis=-1):\n    import scipy.special\n    return scipy.special.softmax(scores, axis)"],
        ["from scipy.special import softmax"],
        ["from numba import njit", RIGHT.replace("def", "@njit\ndef")],
        ["import torch\nTINY = torch.finfo(float).tiny", RIGHT.replace("return", "return TINY +")],
        ["import torch\nTINY = torch.finfo(float).tiny", RIGHT.replace("return", "return float(TINY) +")],
    ],
)
def test_nothing_is_stored_if_the_function_is_missing_for_another_reason(tmp_path: Path, cells: list[str]) -> None:
    report = grade(tmp_path, *cells)
    assert report.score is None
    assert report.status.needs_review


def test_a_cell_that_misses_the_function_is_not_why_there_is_none(tmp_path: Path) -> None:
    report = grade(tmp_path, RIGHT.replace("softmax", "sofmax"), "softmax(3)")
    assert (report.status, report.score) == ("missing", None)
    assert "defines no function softmax" in report.message


@pytest.mark.parametrize(
    ("cells", "score", "words"),
    [
        (
            ["def helper(x): return np.exp(x)\n" + LOOP, RIGHT.replace("np.exp", "helper")],
            0,
            "code cell 1, which took longer",
        ),
        (
            ["def exp(x): return np.exp(x)\n1 / 0", OVERFLOWS.replace("np.exp", "exp")],
            4,
            "may need code cell 1, which raised ZeroDivisionError",
        ),
        (
            ["import torch\nNAME = torch.x", OVERFLOWS.replace("return", "NAME\n    return")],
            4,
            "may need torch",
        ),
        ([OVERFLOWS, "1 / 0\n" + RIGHT], 4, "may need code cell 2, which raised"),
        ([RIGHT, "np = None"], 5, "A later cell changes np"),
        ([RIGHT, "import math\nnp.exp = math.exp"], 5, "A later cell changes np"),
        ([NAMELESS, "import numpy as np", "np = 3"], 0, "Every call raised"),
    ],
)
def test_a_person_looks_at_points_that_another_cell_may_have_cost(
    tmp_path: Path, cells: list[str], score: float, words: str
) -> None:
    report = grade(tmp_path, *cells)
    assert words in report.message
    assert (report.status == "needs_look", report.score) == (words != "Every call raised", score)


@pytest.mark.parametrize(
    "cells",
    [
        ["1 / 0", OVERFLOWS, "x = 1 / 0", "import numpy as np"],
        ["import tqdm", OVERFLOWS],
        [OVERFLOWS + "assert False"],
        [OVERFLOWS, "powers = 1"],
    ],
)
def test_a_wrong_function_that_needs_nothing_of_other_cells_needs_nobody(tmp_path: Path, cells: list[str]) -> None:
    report = grade(tmp_path, *cells)
    assert (report.status, report.score) == ("graded", 4)
