"""`python -m pytest` in this folder: the same check as `python selfcheck.py`, one test for each criterion."""

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location(f"selfcheck of {HERE.name}", HERE / "selfcheck.py")
selfcheck = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(selfcheck)

# A warning of yours is no failure, whatever a pytest.ini further up says.
pytestmark = pytest.mark.filterwarnings("default")
CRITERIA = [
    (name, row["name"]) for name, exercise in selfcheck.DATA["exercises"].items() for row in exercise["criteria"]
]
_found = {}


def _result(function):
    """The result of a function; the saved notebook is read and run once."""
    if not _found:
        try:
            saved = selfcheck.Saved()
        except selfcheck.loading.UnreadableNotebook as problem:
            pytest.fail(str(problem), pytrace=False)
        _found.update(
            {result.function: result for result in saved.results()}, when=f"{saved.path.name}, saved {saved.when}"
        )
    return _found[function]


@pytest.mark.parametrize("function", selfcheck.DATA["exercises"])
def test_it_is_written(function, capsys):
    result = _result(function)
    with capsys.disabled():
        selfcheck._say(f"Read {_found['when']}.")
    if len(result.rows) == 1 or result.rows[0].state == "not written yet":
        pytest.fail(str(result), pytrace=False)


@pytest.mark.parametrize(("function", "criterion"), CRITERIA, ids=[f"{name}: {row}" for name, row in CRITERIA])
def test_criterion(function, criterion):
    row = next((row for row in _result(function).rows if row.criterion == criterion), None)
    if row is None or row.state == "not written yet":
        pytest.skip(f"{function} is not written yet")
    if row.state != "pass":
        pytest.fail("\n".join([criterion, *row.reason]), pytrace=False)
