"""The entries about a student, with what formgrader wrote a moment ago."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.batch.assignment_bundle import BatchError
from autograder.course.settings import load_course
from autograder.reports.mark_history import as_json, load_history
from tests.helpers.small_gradebook import NAME, SmallGradebook


@pytest.fixture
def gradebook(tmp_path: Path) -> SmallGradebook:
    (tmp_path / "course.yml").write_text("title: X\n")
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return SmallGradebook(tmp_path, f"sqlite:///{tmp_path / 'gradebook.db'}")


def test_the_history_has_what_formgrader_wrote_a_moment_ago(gradebook: SmallGradebook) -> None:
    gradebook.judge(4)
    gradebook.mark(5)
    found = load_history(load_course(gradebook.root), "ann", NAME)
    assert [entry.key.kind for entry in found] == ["verdict", "manual_score"]
    assert found[1].author.command == "autograder history"


def test_plain_data_has_everything_except_the_seed(gradebook: SmallGradebook) -> None:
    gradebook.judge(4)
    data = as_json(load_history(load_course(gradebook.root), "ann")[0])
    assert {"kind": "verdict", "student": "ann", "subject": "softmax", "number": 1}.items() <= data.items()
    assert "score" in data["value"]
    assert "seed" not in data["value"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("anne", ""), "nothing about anne. .*ann"),
        (("ann", "3-softmx"), "no assignment 3-softmx"),
    ],
)
def test_unknown_names_are_refused(gradebook: SmallGradebook, words: tuple[str, str], reason: str) -> None:
    gradebook.judge(4)
    with pytest.raises(BatchError, match=reason):
        load_history(load_course(gradebook.root), *words)


def test_without_a_gradebook_there_is_no_history(gradebook: SmallGradebook) -> None:
    with Gradebook(gradebook.db_url):
        (gradebook.root / "gradebook.db").unlink()
    with pytest.raises(BatchError, match="no gradebook yet"):
        load_history(load_course(gradebook.root), "ann")
