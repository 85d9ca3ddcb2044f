"""Student code can import numpy, matplotlib, IPython and what these need, and nothing of the grader."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.sandbox import FunctionSession, Level, Sandbox, visible_files
from tests.helpers.one_level import one_level
from tests.helpers.student_code import GENEROUS, call, load, program


def test_packages_that_cells_may_import_come_with_what_they_need() -> None:
    packages = visible_files.importable_packages()
    for name in ("numpy", "matplotlib", "IPython", "traitlets", "matplotlib_inline"):
        assert packages[name].exists(), name
    for name in ("autograder", "nbgrader", "nbformat", "sqlalchemy"):
        assert name not in packages


def test_packages_of_a_course_come_with_what_they_need_and_their_metadata() -> None:
    packages = visible_files.importable_packages(("jinja2",))
    added = packages.keys() - visible_files.importable_packages().keys()
    assert {"jinja2", "markupsafe"} <= added
    assert any(name.startswith("jinja2-") for name in added)


@pytest.mark.parametrize(("package", "modules"), [("jinja2", ("jinja2",)), ("PyYAML", ("_yaml", "yaml"))])
def test_a_package_is_imported_by_the_names_of_its_modules(package: str, modules: tuple[str, ...]) -> None:
    assert visible_files.modules_of_package(package) == modules


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ("no-such-package", "is installed here. Install it: python -m pip install no-such-package"),
        ("yaml", "Write PyYAML."),
        ("attention-course", "contains the hidden tests"),
        ("Attention_Course", "contains the hidden tests"),
    ],
)
def test_a_package_that_cells_cannot_import_is_refused(package: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        visible_files.modules_of_package(package)


@pytest.mark.parametrize("level", Level)
def test_cells_import_a_course_package_but_cannot_change_it(level: Level) -> None:
    source = (
        "import jinja2, os\nfile = jinja2.__file__\ndef f(): return (jinja2.Template('7').render(), os.access(file, 2))"
    )
    with one_level(level), Sandbox((level,), ["jinja2"]) as sandbox:
        limits = replace(GENEROUS, packages=("jinja2",))
        with FunctionSession(program(source), limits, sandbox) as session:
            text, is_writable = session.call((), {}).result
    assert text == "7"
    assert not is_writable or level is Level.PROCESS


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
