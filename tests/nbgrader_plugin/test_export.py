"""``nbgrader export`` writes what was graded."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

import pytest

from autograder.nbgrader_plugin.export import NOTHING_SUBMITTED
from tests.helpers.stock_course import ROOT, StockCourse, cell_named


def run_nbgrader(course: StockCourse, *arguments: str) -> None:
    """Run a command of nbgrader as it is typed in the course directory."""
    completed = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout
    assert "Traceback" not in completed.stdout


# tests/end_to_end has the same for a SQLite file.
@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
@pytest.mark.slow
def test_export_and_database_upgrade_work_after_grading(course: StockCourse) -> None:
    course.grade("novak", "3-softmax", course.answered())
    run_nbgrader(course, "db", "upgrade")
    assert course.verdict("novak").score == 5
    run_nbgrader(course, "export")
    assert "3-softmax,2027-04-30 21:59:00,,novak,,,,5.0,0.0,5.0,5.0,graded," in (course.root / "grades.csv").read_text()


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_a_submission_without_all_marks_is_exported_without_scores(course: StockCourse) -> None:
    course.grade("right", "3-softmax", course.answered())
    altered = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    course.grade("altered", "3-softmax", altered)
    essay = course.notebook("6-reflection")
    cell_named(essay, "senses")["source"] = "Two."
    course.grade("essay", "6-reflection", essay)
    run_nbgrader(course, "export", "--to", "scores.csv")
    with (course.root / "scores.csv").open(newline="") as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    scores = {key: (row["raw_score"], row["score"], row["status"], bool(row["waits_for"])) for key, row in rows.items()}
    assert scores["3-softmax", "right"] == ("5.0", "5.0", "graded", False)
    assert scores["3-softmax", "altered"] == ("", "", "altered", True)
    assert scores["6-reflection", "essay"] == ("", "", "graded", True)
    assert scores["6-reflection", "right"] == ("0.0", "0.0", NOTHING_SUBMITTED, False)
