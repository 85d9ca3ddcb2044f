"""A notebook's process has the notebook's files and environment, and keeps what a cell does to itself."""

from __future__ import annotations

import pytest

from autograder.sandbox import CallStatus
from autograder.sandbox.isolation import INSIDE
from autograder.sandbox.notebook_session import NotebookSession
from tests.helpers.student_code import GENEROUS, run_cells


@pytest.mark.usefixtures("confined_sandbox")
def test_a_notebook_may_have_modules_named_like_the_sandboxs() -> None:
    names = [path.stem for path in INSIDE.glob("*.py") if path.stem != "__init__"]
    files = {f"{name}.py": b"owner = 'student'" for name in names}
    cell = "\n".join([*(f"import {name}" for name in names), f"{{{', '.join(f'{name}.owner' for name in names)}}}"])
    with NotebookSession(GENEROUS, cell, files, {}, 60) as notebook:
        result = notebook.run_cell(cell, 60, restore=False)
    assert [output["data"] for output in result.outputs] == [{"text/plain": "{'student'}"}]


@pytest.mark.usefixtures("confined_sandbox")
def test_a_notebook_runs_in_its_folder_with_its_environment() -> None:
    cell = "import os\nos.listdir('.'), os.environ['NBGRADER_EXECUTION']"
    with NotebookSession(GENEROUS, cell, {"data.txt": b"1"}, {"NBGRADER_EXECUTION": "autograde"}, 60) as notebook:
        result = notebook.run_cell(cell, 60, restore=False)
    assert [output["data"]["text/plain"] for output in result.outputs] == ["(['data.txt'], 'autograde')"]


@pytest.mark.usefixtures("confined_sandbox")
def test_a_cell_that_replaces_its_streams_does_not_affect_the_next_one() -> None:
    results = run_cells("import sys\nsys.stdout = None", "print('seen')")
    assert [result.status for result in results] == [CallStatus.RETURNED] * 2
    assert [output["text"] for output in results[1].outputs] == ["seen\n"]
