"""``nbgrader export`` writes what was graded."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.helpers.stock_course import ROOT, StockCourse


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
    assert "3-softmax,2027-04-30 21:59:00,,novak,,,,5.0,0.0,5.0,5.0" in (course.root / "grades.csv").read_text()
