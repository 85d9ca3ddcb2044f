"""The demo grades a class of thirty in a separate folder."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from autograder.demo.demo_course import ASSIGNMENT, create_demo_course
from autograder.demo.run import run_demo
from autograder.demo.students import STUDENTS
from autograder.gradebook.verdict_table import load_verdicts


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_the_demo_replaces_an_earlier_one_and_grades_its_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(".demo")  # relative, as `make demo` names it
    create_demo_course(folder)
    (folder / "submitted" / "somebody-else").mkdir()
    printed = io.StringIO()
    run_demo(folder, Console(file=printed, width=120))
    verdicts = load_verdicts(f"sqlite:///{folder / 'gradebook.db'}", ASSIGNMENT)
    statuses = Counter(verdict.status for verdict in verdicts)
    assert statuses == {"graded": 22, "unfinished": 2, "timed_out": 2, "crashed": 1, "student_error": 1}
    assert len(verdicts) == sum(student.submitted for student in STUDENTS)
    output = printed.getvalue()
    for words in ("softmax-without-shift", "nothing submitted", "What is exp(1000)", "isolation", "formgrader"):
        assert words in output
    assert (folder / "feedback" / "novak" / ASSIGNMENT / f"{ASSIGNMENT}.html").is_file()
    assert not (folder / "submitted" / "somebody-else").exists()
    assert [path.name for path in tmp_path.iterdir()] == [".demo"]
