"""Every submission ends with a definite status, and costs only the criteria that it fails."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.course import catalogue
from autograder.grading.grader import grade_file
from autograder.judging.reference_answers import draw_input
from autograder.sandbox import Level, Limits, Sandbox, SandboxError, default_sandbox, host
from autograder.verdict import Mark, Report, Status
from tests.helpers.student_code import GENEROUS, SHORT

SOFTMAX = catalogue.load_exercise("softmax")
RIGHT = """
import numpy as np
def softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
STUB = "def softmax(scores, axis=-1):\n    raise NotImplementedError()\n"


def grade(tmp_path: Path, source: str | bytes, name: str = "softmax.py", limits: Limits = GENEROUS) -> Report:
    path = tmp_path / name
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return grade_file(path, SOFTMAX, seed=7, limits=limits)


def notebook(*cells: str | dict) -> str:
    code = [
        cell if isinstance(cell, dict) else {"cell_type": "code", "metadata": {}, "source": cell, "outputs": []}
        for cell in cells
    ]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def with_first_line(line: str) -> str:
    return RIGHT.replace("    powers =", f"    {line}\n    powers =", 1)


def test_the_right_answer_gets_full_marks(tmp_path: Path) -> None:
    report = grade(tmp_path, RIGHT)
    assert (report.status, report.score, report.message) == (Status.GRADED, 5, "All criteria hold.")
    assert {outcome.mark for outcome in report.verdict.outcomes} == {Mark.PASS}


def test_a_notebook_is_judged_like_a_script(tmp_path: Path) -> None:
    report = grade(tmp_path, notebook("%matplotlib inline\nimport numpy as np", RIGHT), "softmax.ipynb")
    assert (report.status, report.score) == (Status.GRADED, 5)


def test_the_line_that_kept_the_function_from_loading_is_in_every_reason(tmp_path: Path) -> None:
    report = grade(tmp_path, notebook("missing_helper()", "import numpy as np\ndef softmax(:"), "softmax.ipynb")
    assert "code cell 2, line 2" in report.message
    for criterion in report.criteria:
        assert criterion.reason is not None
        assert (criterion.reason.source_name, criterion.reason.line) == ("code cell 2", 2)


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        (STUB, Status.UNFINISHED, "not written yet"),
        (RIGHT.replace("return", "raise NotImplementedError  #"), Status.NEEDS_LOOK, "Delete that line"),
        ("x = 1", Status.MISSING, "defines no function softmax"),
        ("", Status.MISSING, "defines no function softmax"),
        ("softmax = 3", Status.NEEDS_LOOK, "not a function"),
        ("import nothing_of_the_kind\n" + RIGHT, Status.GRADED, "All criteria hold."),
        ("def softmax(:", Status.STUDENT_ERROR, "line 1"),
        ("def softmax(): return 1", Status.STUDENT_ERROR, "Every call raised"),
        (with_first_line("raise ValueError('no')"), Status.STUDENT_ERROR, "Every call raised"),
        ("while True: pass", Status.NEEDS_LOOK, "longer than 1 s"),
        ("while True: pass\n" + RIGHT, Status.TIMED_OUT, "longer than 1 s"),
        (with_first_line("while axis == 0: pass"), Status.TIMED_OUT, "longer than 1 s"),
        ("import os; os._exit(0)", Status.NEEDS_LOOK, "quits Python"),
        ("import os; os._exit(0)\n" + RIGHT, Status.CRASHED, "quits Python"),
        (with_first_line("import os; axis == 0 and os._exit(0)"), Status.CRASHED, "ended the Python process"),
        ("import sys\n" + RIGHT + "sys.exit(0)", Status.GRADED, "All criteria hold."),
    ],
    ids=[
        "stub",
        "raises NotImplementedError",
        "another name",
        "empty",
        "not a function",
        "missing import",
        "syntax error",
        "no parameters",
        "always raises",
        "endless",
        "endless before the function",
        "endless once",
        "exits",
        "ends the process before the function",
        "exits once",
        "exits after the function",
    ],
)
def test_the_status_is_the_first_of_the_table_that_applies(
    tmp_path: Path, source: str, status: Status, words: str
) -> None:
    report = grade(tmp_path, source, limits=SHORT if words == "longer than 1 s" else GENEROUS)
    assert report.status is status
    assert words in report.message
    judged_or_failed = status not in (Status.MISSING, Status.NEEDS_LOOK)
    assert report.score == (report.verdict.score if judged_or_failed else None)
    assert (report.score == 5) == (words == "All criteria hold.")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "picture.py"),
        (b"\xff\xfe\x00nonsense", "softmax.ipynb"),
        (b"", "softmax.ipynb"),
        (b"{}", "softmax.ipynb"),
        (b'{"cells": 3}', "softmax.ipynb"),
        (b"[" * 100_000, "softmax.ipynb"),
        (b"softmax", "softmax.txt"),
        (b"#" * ((1 << 20) + 1), "long.py"),
    ],
    ids=["picture", "binary", "empty", "no cells", "cells are a number", "too deep", "suffix", "too long"],
)
def test_what_is_neither_a_notebook_nor_python_is_unreadable_and_has_no_score(
    tmp_path: Path, data: bytes, name: str
) -> None:
    report = grade(tmp_path, data, name)
    assert (report.status, report.score) == (Status.UNREADABLE, None)
    assert report.message.count(".") >= 2, "what is wrong, then what would work"


def test_an_empty_folder_and_a_file_that_is_not_there_are_missing(tmp_path: Path) -> None:
    for name in ("", "no.py", "no.ipynb", "no"):
        assert grade_file(tmp_path / name, SOFTMAX, seed=1).status is Status.MISSING


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text(RIGHT)
    (tmp_path / "softmax.py").symlink_to("elsewhere.py")
    report = grade_file(tmp_path / "softmax.py", SOFTMAX, seed=1)
    assert (report.status, report.score) == (Status.UNREADABLE, None)
    assert "a link" in report.message


def test_a_byte_order_mark_is_forgiven(tmp_path: Path) -> None:
    assert grade(tmp_path, b"\xef\xbb\xbf" + RIGHT.encode()).score == 5
    assert grade(tmp_path, b"\xef\xbb\xbf" + notebook(RIGHT).encode(), "softmax.ipynb").score == 5


def test_criteria_before_and_after_a_crash_count(tmp_path: Path) -> None:
    report = grade(tmp_path, with_first_line("import os; axis == 0 and os._exit(0)"))
    assert [criterion.points for criterion in report.verdict.criteria] == [2, 0, 1, 1]
    marks = [outcome.mark for outcome in report.verdict.outcomes if outcome.criterion == "any axis"]
    assert (marks[0], set(marks[1:])) == (Mark.ERROR, {Mark.NOT_RUN})


def test_one_raising_case_is_graded_with_the_mark_error(tmp_path: Path) -> None:
    report = grade(tmp_path, with_first_line("if axis == 0: raise ValueError"))
    assert (report.status, report.score) == (Status.GRADED, 4)
    assert [o.mark for o in report.verdict.outcomes if o.mark is not Mark.PASS] == [Mark.ERROR]


def test_calls_after_the_total_time_limit_are_not_run_and_need_review(tmp_path: Path) -> None:
    slow = with_first_line("import time; time.sleep(0.4)")
    report = grade(tmp_path, slow, limits=replace(GENEROUS, total_seconds=1.5))
    assert report.status is Status.NEEDS_LOOK
    assert Mark.NOT_RUN in {outcome.mark for outcome in report.verdict.outcomes}


def test_a_cell_that_raises_does_not_stop_the_next_and_is_noted(tmp_path: Path) -> None:
    report = grade(tmp_path, notebook("1 / 0", RIGHT, "!ls"), "softmax.ipynb")
    assert report.score == 5
    assert ["!ls (code cell 3)" in report.notes[0], "code cell 1" in report.notes[1]] == [True, True]


def test_what_did_nothing_is_noted_where_no_function_is_left(tmp_path: Path) -> None:
    report = grade(tmp_path, notebook(f"%%timeit\n{RIGHT}"), "softmax.ipynb")
    assert report.score is None
    assert report.notes == ("In grading, this does nothing: %%timeit with its cell (code cell 1).",)


def test_a_cell_imports_the_python_file_that_another_cell_writes(tmp_path: Path) -> None:
    cells = (f"%%writefile mine.py\n{RIGHT}", "from mine import softmax")
    report = grade(tmp_path, notebook(*cells), "softmax.ipynb")
    assert (report.status, report.score, report.notes) == (Status.GRADED, 5, ())


def test_a_cell_that_only_illustrates_is_skipped(tmp_path: Path) -> None:
    plot = {"cell_type": "code", "metadata": {"tags": ["illustration"]}, "source": "while True: pass", "outputs": []}
    assert grade(tmp_path, notebook(RIGHT, plot), "softmax.ipynb").score == 5


def test_a_sandbox_failure_is_retried_once_and_then_gives_no_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, failures = Sandbox.start_process, []

    def fail(*arguments: object, **words: object) -> object:
        failures.append(1)
        if len(failures) <= often:
            raise SandboxError("no process could be started")
        return child(*arguments, **words)

    monkeypatch.setattr(Sandbox, "start_process", fail)
    often = 1
    assert grade(tmp_path, RIGHT).score == 5
    often = 100
    report = grade(tmp_path, RIGHT)
    assert (report.status, report.score) == (Status.NOT_GRADED, None)
    assert "not the submission's fault" in report.message


def test_too_little_isolation_is_not_graded_and_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox((Level.PROCESS,)) as weak:
        monkeypatch.setattr(host, "_default", (os.getpid(), weak))
        assert grade(tmp_path, RIGHT).isolation == "process"
        report = grade(tmp_path, RIGHT, limits=Limits(isolation="full"))
    assert (report.status, report.score, report.isolation) == (Status.NOT_GRADED, None, "none")
    assert "isolation level 'full' is required" in report.message
    assert "apt install bubblewrap" in report.message


def test_a_report_names_the_level_that_the_code_ran_at(tmp_path: Path) -> None:
    for source in (RIGHT, "while True: pass"):
        assert grade(tmp_path, source, limits=SHORT).isolation == default_sandbox().level
    assert grade(tmp_path, b"{}", "softmax.ipynb").isolation == "none"


def test_a_named_mistake_brings_its_hint_and_the_students_own_answer(tmp_path: Path) -> None:
    report = grade(tmp_path, RIGHT.replace("scores.max(axis=axis, keepdims=True)", "scores.max()"))
    assert report.verdict.misconceptions == ("softmax-one-maximum",)
    reason = next(c.reason for c in report.verdict.criteria if c.reason)
    assert "should give" in reason.seen
    assert "Yours gave" in reason.seen


@pytest.mark.parametrize(
    "end", ["raise ValueError(words)", "return np.concatenate([a.ravel() for a in seen])", "return words"]
)
def test_nothing_hidden_comes_back_out_of_a_function_that_remembers_its_inputs(tmp_path: Path, end: str) -> None:
    spy = (
        "import numpy as np\nseen = []\ndef softmax(scores, axis=-1):\n    seen.append(np.array(scores))\n"
        f"    words = ' '.join(repr(float(x)) for old in seen for x in old.ravel())\n    {end}\n"
    )
    text = json.dumps(grade(tmp_path, spy).as_json())
    for criterion in SOFTMAX.criteria:
        for case in criterion.cases:
            for value in np.ravel(draw_input(case, 7).args[0]):
                assert f"{value:.4f}" not in text or (abs(value) < 10 and value == round(value))


def test_the_kind_of_an_exception_on_a_hidden_input_is_not_shown(tmp_path: Path) -> None:
    spy = (
        "import numpy as np\nseen = 0\ndef softmax(scores, axis=-1):\n    global seen\n    seen += 1\n"
        "    public = float(np.ravel(scores)[0] * 4) == int(np.ravel(scores)[0] * 4)\n"
        "    raise LookupError if public else (BufferError, EOFError)[seen % 2]\n"
    )
    text = json.dumps(grade(tmp_path, spy).as_json())
    assert "LookupError" in text
    assert "BufferError" not in text
    assert "EOFError" not in text


def test_a_huge_number_comes_back_as_its_kind(tmp_path: Path) -> None:
    report = grade(tmp_path, "def softmax(scores, axis=-1): return -10 ** 4299")
    assert "an int came back" in str(report.criteria[0].reason)
    assert len(json.dumps(report.as_json())) < 20_000


def test_the_same_seed_repeats_the_verdict_exactly(tmp_path: Path) -> None:
    wrong = RIGHT.replace("axis=axis", "axis=0")
    assert grade(tmp_path, wrong).as_json() == grade(tmp_path, wrong).as_json()


def test_in_a_course_a_notebook_is_rebuilt_from_its_release(tmp_path: Path) -> None:
    releases = Path(__file__).parents[2] / "assignments"
    release = json.loads((releases / "3-softmax" / "3-softmax.ipynb").read_text())
    for cell in release["cells"]:
        match cell["metadata"].get("nbgrader", {}).get("grade_id"):
            case "softmax":
                cell["source"] = RIGHT
            case "check-softmax":
                cell["source"] = "def softmax(scores, axis=-1): return None"
    path = tmp_path / "3-softmax.ipynb"
    path.write_text(json.dumps(release))
    assert "The one that works best counts" in " ".join(grade_file(path, SOFTMAX, seed=1).notes)
    report = grade_file(path, SOFTMAX, seed=1, releases=releases)
    assert report.score == 5
    assert "locked cell check-softmax" in report.notes[0]
    path.write_text(json.dumps({**release, "cells": [{"cell_type": "code", "metadata": {}, "source": RIGHT}]}))
    report = grade_file(path, SOFTMAX, seed=1, releases=releases)
    assert (report.status, report.score) == (Status.NEEDS_LOOK, 5)
    path.write_text(json.dumps({**release, "cells": [{"cell_type": "code", "metadata": {}, "source": "x = 1"}]}))
    report = grade_file(path, SOFTMAX, seed=1, releases=releases)
    assert (report.status, report.score) == (Status.ALTERED, None)


@pytest.mark.parametrize("name", ["../3-softmax", "/etc", "", 3, None, "9-none"])
def test_what_a_notebook_says_of_itself_leads_to_no_other_file(tmp_path: Path, name: object) -> None:
    data = json.loads(notebook(RIGHT))
    data["metadata"] = {"autograder": {"assignment": name}}
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(data))
    assert grade_file(path, SOFTMAX, seed=1, releases=Path(__file__).parents[2] / "assignments").score == 5
