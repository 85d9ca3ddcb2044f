"""`python -m pytest` in this folder: the self-check of the saved notebook, one test for each criterion."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.filterwarnings("ignore")  # warnings cost no points, as in grading


def _load() -> ModuleType:
    """Import the selfcheck.py of this folder by its path, because other folders have one of the same name."""
    sys.path.insert(0, str(HERE))
    for name in ("comparing", "loading", "notebook_code", "magics", "cell_names"):
        sys.modules.pop(name, None)  # so that those of this folder are imported
    module_name = f"selfcheck of {HERE.name}"
    spec = importlib.util.spec_from_file_location(module_name, HERE / "selfcheck.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules[module_name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


problem = ""
try:
    selfcheck = _load()
    _, NOTEBOOK_SENTENCE = selfcheck.find_saved_notebook()
    EXERCISES = selfcheck.read_data()["exercises"]
except (ImportError, OSError, SyntaxError) as error:
    problem = f"A file of the self-check is missing or damaged ({error}). Copy it again from your course."
except Exception as error:
    problem = selfcheck.describe_failure(error)
if problem:
    pytest.fail(problem, pytrace=False)


@pytest.fixture(scope="module")
def reports() -> Any:
    """Return the report on each function of the saved notebook."""
    try:
        return selfcheck.check_notebook()
    except (Exception, KeyboardInterrupt) as error:
        pytest.exit(selfcheck.describe_failure(error), returncode=2)


@pytest.mark.parametrize("function", [exercise["function"] for exercise in EXERCISES])
def test_is_written(function: str, reports: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The notebook defines the function, and it is more than a stub."""
    with capsys.disabled():
        selfcheck.print_text("\n".join(["", NOTEBOOK_SENTENCE, *(f"Note: {note}" for note in reports[function].notes)]))
    if not reports[function].criteria:
        pytest.fail(reports[function].title, pytrace=False)


@pytest.mark.parametrize(
    ("function", "number"),
    [
        pytest.param(exercise["function"], number, id=f"{exercise['function']}: {criterion['name']}")
        for exercise in EXERCISES
        for number, criterion in enumerate(exercise["criteria"])
    ],
)
def test_holds(function: str, number: int, reports: Any) -> None:
    """The criterion holds on its public examples."""
    if not reports[function].criteria:
        pytest.skip(reports[function].title)
    if reason := reports[function].criteria[number].reason:
        pytest.fail("\n".join(reason), pytrace=False)
