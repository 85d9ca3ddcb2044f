"""The test file in a student's folder: `python -m pytest` reports the same as `python selfcheck.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers.student_folder import (
    IN_PLACE,
    MISSPELT,
    NO_SHIFT,
    RIGHT,
    SETUP,
    STUB,
    WARNS,
    make_student_folder,
    run_python,
    run_selfcheck,
    save_notebook,
)


def run_pytest(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run `python -m pytest` and return its exit status and output."""
    process = run_python(folder, "-W", "error", "-m", "pytest", *arguments)
    assert process.stderr == ""
    return process.returncode, process.stdout


@pytest.mark.parametrize("code", [RIGHT, NO_SHIFT, IN_PLACE, STUB, MISSPELT, "def softmax(:"])
def test_pytest_and_python_report_the_same(folder: Path, code: str) -> None:
    status, output = run_selfcheck(folder, SETUP, code)
    pytest_status, pytest_output = run_pytest(folder)
    assert status == pytest_status
    assert "Read 3-softmax.ipynb, saved" in pytest_output
    assert "Traceback" not in pytest_output
    flat = " ".join(pytest_output.split())
    body = output.split("not yet ", 1)[-1] if status and "criteria hold" in output else output
    sentences = re.findall(r"(?:softmax\(|[A-Z]).+?[.?](?= [A-Zs]|$)", body.split("These are public")[0])
    for sentence in sentences if status else []:
        assert sentence.split(" pass ")[0] in flat, sentence


def test_each_criterion_is_a_test(folder: Path) -> None:
    save_notebook(folder, SETUP, NO_SHIFT)
    status, output = run_pytest(folder, "-v")
    assert status == 1
    assert "test_holds[softmax: rows are weights] PASSED" in output
    assert "test_holds[softmax: no overflow] FAILED" in output


@pytest.mark.parametrize("code", [STUB, MISSPELT])
def test_a_missing_answer_is_one_failure_and_the_rest_is_skipped(folder: Path, code: str) -> None:
    save_notebook(folder, SETUP, code)
    status, output = run_pytest(folder)
    assert status == 1
    assert "1 failed, 4 skipped" in output
    assert not (folder / ".pytest_cache").exists()


PROJECT = "[tool.pytest.ini_options]\naddopts = '--strict-markers'\nfilterwarnings = ['error']\n"


def test_many_folders_are_tested_from_above_in_a_strict_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    assignments = tmp_path / "assignments"
    folder = make_student_folder(assignments / "3-softmax")
    save_notebook(folder, SETUP, WARNS)
    folder = make_student_folder(assignments / "2-scaling", "2-scaling", "scale_scores")
    save_notebook(folder, SETUP, name="2-scaling")
    folder = make_student_folder(assignments / "4-sum", "4-sum", "weighted_sum")
    save_notebook(folder, SETUP, "def weighted_sum(weights, V):\n    return weights @ V", name="4-sum")
    for where, argument in ((tmp_path, "assignments"), (assignments, ".")):
        status, output = run_pytest(where, argument, "-v", "-p", "no:cacheprovider")
        assert status == 1
        assert "1 failed, 9 passed, 2 skipped" in output
        assert "defines no function scale_scores" in output
        assert output.count("Read ") == 3
    assert run_pytest(tmp_path, "assignments/3-softmax")[0] == 0
    assert run_pytest(assignments / "3-softmax")[0] == 0
