"""Student code can import numpy, matplotlib, IPython and what these need, and nothing of the grader."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.sandbox import visible_files
from tests.helpers.student_code import call, load


def test_packages_that_cells_may_import_come_with_what_they_need() -> None:
    packages = visible_files.importable_packages()
    for name in ("numpy", "matplotlib", "IPython", "traitlets", "matplotlib_inline"):
        assert packages[name].exists(), name
    for name in ("autograder", "nbgrader", "nbformat", "sqlalchemy"):
        assert name not in packages


def test_library_paths_contain_the_standard_library() -> None:
    assert any(Path(os.__file__).resolve().is_relative_to(path) for path in visible_files.library_paths())


def test_a_hidden_folder_is_left_out_and_everything_beside_it_is_kept(tmp_path: Path) -> None:
    for name in ("a", "b/c", "b/d"):
        (tmp_path / name).mkdir(parents=True)
    hidden = tmp_path / "b" / "c"
    assert sorted(visible_files.without_folder(tmp_path, hidden)) == [tmp_path / "a", tmp_path / "b" / "d"]
    assert list(visible_files.without_folder(hidden, hidden)) == []
    assert list(visible_files.without_folder(tmp_path / "a", hidden)) == [tmp_path / "a"]


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("line", ["import autograder", "from autograder.exercises.softmax.exercise import softmax"])
def test_the_package_with_the_hidden_tests_cannot_be_imported(line: str) -> None:
    assert [error.type_name for error in load(line, "def f(): return 1").errors] == ["ModuleNotFoundError"]


@pytest.mark.usefixtures("sandbox")
def test_student_code_sees_nothing_of_the_hosts_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_TOKEN", "secret")
    source = "import os\nimport numpy as np\ndef f(): return np.array(['AUTOGRADER_TOKEN' in os.environ])"
    assert call(source).result.tolist() == [False]
