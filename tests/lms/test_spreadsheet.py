"""CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.lms.spreadsheet import escape_formulas


@pytest.mark.parametrize(
    ("cell", "escaped"),
    [
        ("=cmd()", "'=cmd()"),
        ("+49 30 1234", "'+49 30 1234"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-novak", "'-novak"),
        ("  =1+1", "'  =1+1"),
        ("Bela;=cmd()", "Bela;'=cmd()"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_evaluate_is_escaped(cell: str, escaped: str, tmp_path: Path) -> None:
    assert escape(cell, tmp_path) == escaped


@pytest.mark.parametrize("cell", ["-2.5", "+1e-3", "Anne-Marie", "a@example.org", "2027-04-30 21:59:00", "über", ""])
def test_numbers_and_ordinary_text_stay_as_they_are(cell: str, tmp_path: Path) -> None:
    assert escape(cell, tmp_path) == cell


def escape(cell: str, folder: Path) -> str:
    path = folder / "grades.csv"
    path.write_text(f"student_id,score\n{cell},3.5\n", encoding="utf-8")
    escape_formulas(path)
    header, row = path.read_text(encoding="utf-8").splitlines()
    assert header == "student_id,score"
    assert row.endswith(",3.5")
    return row.removesuffix(",3.5")
