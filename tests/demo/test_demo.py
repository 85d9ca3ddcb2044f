"""The demo: a class of thirty, graded in a folder of its own."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from autograder import demo
from autograder.demo.students import CLASS
from autograder.gradebook import verdict_table


def test_thirty_students_hand_in_what_a_class_hands_in() -> None:
    assert len({student.id for student in CLASS}) == 30
    for student in CLASS:
        assert student.answer is None or (demo._ANSWERS / f"{student.answer}.py").is_file()


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(demo.DemoError, match="--folder"):
        demo.demo(tmp_path, Console(file=io.StringIO()))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_the_class_is_graded_and_a_second_run_is_as_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / ".demo"
    for _ in range(2):
        printed = io.StringIO()
        demo.demo(folder, Console(file=printed, width=120))
        rows = verdict_table.load_verdicts(f"sqlite:///{folder / 'gradebook.db'}", demo.ASSIGNMENT)
        counted = Counter(row.status for row in rows)
        assert counted == {"graded": 22, "unfinished": 2, "timed_out": 2, "crashed": 1, "student_error": 1}
        assert len(rows) == sum(student.submitted for student in CLASS)
        text = printed.getvalue()
        for words in ("softmax-without-shift", "nothing handed in", "What is exp(1000)", "isolation", "formgrader"):
            assert words in text
        assert (folder / "feedback" / "novak" / demo.ASSIGNMENT / f"{demo.ASSIGNMENT}.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [".demo"]
