"""The benchmarks still run; their measurements are not tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = sorted((Path(__file__).parents[2] / "benchmarks").glob("*.py"))
# The least that each can do, on tiny classes.
TINY = ["--rounds", "1", "--max-students", "2", "--sizes", "1", "2", "--pictures", "."]
WORDS = {"feedback": ["--rounds", "1"], "grade": ["further", "start", "phases", "writer", *TINY]}


@pytest.mark.slow
@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_runs(path: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(path), *WORDS.get(path.stem, ["--rounds", "2"])]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
