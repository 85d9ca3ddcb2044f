"""nbgrader's own tests, and its own quickstart course, give with our preprocessors what they give with its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader
import pytest

from tests.helpers.forked_nbgrader import run_nbgrader

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
OWN_TESTS = Path(nbgrader.__file__).parent / "tests" / "apps" / "test_nbgrader_autograde.py"
# With our rules, a timestamp that cannot be read waits for a person, and a missing notebook gets no 0.
OTHERWISE_HERE = ("test_grade_empty_timestamp", "test_grade_missing_notebook")
MARK = "mark.txt"  # what a cell tries to write outside of its folder
# nbgrader goes on without a configuration that fails, so this one leaves a file behind as its last step.
OURS = """
import os
from autograder.nbgrader_plugin import checked_autograde, config, timestamps
c = get_config()
timestamps.install()
checked_autograde.install()
config.set_preprocessors(c)
open(os.path.join(os.environ["HOME"], "configured"), "w").close()
"""


def environment(folder: Path, config: str = "") -> dict[str, str]:
    """A separate HOME, with this configuration for every nbgrader command."""
    (folder / "jupyter").mkdir()
    (folder / "jupyter" / "nbgrader_config.py").write_text(config)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    jupyter = {"JUPYTER_CONFIG_DIR": str(folder / "jupyter"), "JUPYTER_DATA_DIR": str(folder / "data")}
    ours = {"PYTHONPATH": str(ROOT)}  # this package, whatever else is installed
    return {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", **jupyter, **ours}


def test_nbgraders_own_autograde_tests_pass_with_what_a_course_configures(tmp_path: Path) -> None:
    settings = tmp_path / "pytest.ini"  # not this repository's, which lies above an environment in .venv
    settings.write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(settings)]
    command += ["-p", "no:cacheprovider", "-p", "tests.helpers.cached_alembic", str(OWN_TESTS)]
    command += ["-k", f"not ({' or '.join(OTHERWISE_HERE)})"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment(tmp_path, OURS), capture_output=True, text=True, check=False
    )
    assert re.search(r"38 passed, 2 skipped, 2 deselected", ran.stdout), ran.stdout[-3000:]
    assert (tmp_path / "configured").exists(), "nbgrader's tests ran with its own preprocessors only"


def scores(folder: Path, config: str) -> list[tuple[str, ...]]:
    """The quickstart course, graded: student, cell, score and maximum."""
    env = environment(folder, config)

    def nb(*words: str, cwd: Path) -> None:
        status, output = run_nbgrader(words, cwd, env)
        assert status == 0, output

    nb("quickstart", "course101", "--autotest", cwd=folder)
    course = folder / "course101"
    nb("generate_assignment", "ps1", "--force", cwd=course)
    source = course / "source" / "ps1"
    for student, files in (("solved", source), ("blank", course / "release" / "ps1")):
        target = course / "submitted" / student / "ps1"
        target.mkdir(parents=True)
        for path in files.iterdir():
            (target / path.name).write_bytes(path.read_bytes())
    solved = course / "submitted" / "solved" / "ps1" / "problem1.ipynb"
    notebook = nbformat.read(solved, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(f"open({str(folder / MARK)!r}, 'w').write('I was here');"))
    nbformat.write(notebook, solved)
    nb("autograde", "ps1", cwd=course)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return sorted(
            (found.student.id, grade.name, str(grade.auto_score), str(grade.max_score), str(grade.needs_manual_grade))
            for found in gradebook.assignment_submissions("ps1")
            for notebook in found.notebooks
            for grade in notebook.grades
        )


def test_the_quickstart_course_is_scored_as_nbgrader_scores_it(tmp_path: Path) -> None:
    graded = []
    for name, config in (("stock", ""), ("ours", OURS)):
        folder = tmp_path / name
        folder.mkdir()
        graded.append(scores(folder, config))
    assert (tmp_path / "stock" / MARK).exists(), "a kernel writes wherever the grader may"
    assert not (tmp_path / "ours" / MARK).exists()
    assert graded[0] == graded[1]
    assert len({score for _, _, score, *_ in graded[0]}) > 1, "solved and blank differ"
