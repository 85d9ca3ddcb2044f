"""`python -m pytest` in this folder: the self-check of the saved notebook, one test for each criterion."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.filterwarnings("ignore")  # a warning costs nothing, here as in grading


def _load() -> ModuleType:
    """The selfcheck.py of this folder: by its path, for the folders beside this one have theirs."""
    sys.path.insert(0, str(HERE))
    for neighbour in ("comparing", "loading"):
        sys.modules.pop(neighbour, None)  # it imports those of its own folder
    name = f"selfcheck of {HERE.name}"
    spec = importlib.util.spec_from_file_location(name, HERE / "selfcheck.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


problem = ""
try:
    selfcheck = _load()
    _, READ = selfcheck.saved_notebook()
    EXERCISES = selfcheck.read_data()["exercises"]
except (ImportError, OSError, SyntaxError) as error:
    problem = f"A file of the self-check is missing or damaged ({error}). Copy it again from your course."
except Exception as error:
    problem = selfcheck.what_happened(error)
if problem:
    pytest.fail(problem, pytrace=False)


@pytest.fixture(scope="module")
def reports() -> Any:
    """The report on each function of the saved notebook."""
    try:
        return selfcheck.check_notebook()
    except (Exception, KeyboardInterrupt) as error:
        pytest.exit(selfcheck.what_happened(error), returncode=2)


@pytest.mark.parametrize("function", [one["function"] for one in EXERCISES])
def test_can_be_asked(function: str, reports: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The notebook holds the function, and it is more than a stub."""
    with capsys.disabled():
        selfcheck.say(f"\n{READ}")
    if not reports[function].criteria:
        pytest.fail(reports[function].title, pytrace=False)


@pytest.mark.parametrize(
    ("function", "number"),
    [
        pytest.param(one["function"], number, id=f"{one['function']}: {criterion['name']}")
        for one in EXERCISES
        for number, criterion in enumerate(one["criteria"])
    ],
)
def test_holds(function: str, number: int, reports: Any) -> None:
    """The criterion holds on its public examples."""
    if not reports[function].criteria:
        pytest.skip(reports[function].title)
    if reason := reports[function].criteria[number].reason:
        pytest.fail("\n".join(reason), pytrace=False)
