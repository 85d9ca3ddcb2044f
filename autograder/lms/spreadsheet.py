"""CSV files that are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from pathlib import Path

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)
# Some spreadsheets also evaluate the full-width forms, and separate cells by a semicolon or a tab.
_FORMULA_START = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")


def escape_formulas(path: Path) -> None:
    """Put an apostrophe before each cell that a spreadsheet would evaluate, because names and ids are free text."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [[_escape(cell) for cell in row] for row in csv.reader(file)]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _escape(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else _FORMULA_START.sub(r"\1'", cell)
