"""A notebook's ordinary cells run in the sandbox as in a kernel, and a student's cell cannot forge a score."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode
from nbgrader import utils

from autograder.nbgrader_plugin import cell_execution
from autograder.nbgrader_plugin.cell_execution import ExecutionSettings, execute
from autograder.sandbox import Level, Limits, Sandbox, SandboxError
from autograder.sandbox.notebook_session import NotebookSession
from autograder.submission import companion_files
from tests.helpers.one_level import one_level
from tests.helpers.waiting import PATIENCE

LOG = logging.getLogger()
TIMEOUT_ERROR = {"ename": "CellTimeoutError", "evalue": "", "traceback": ["CellTimeoutError"]}
ESCAPES = re.compile(r"\x1b\[[\d;]*m")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


@pytest.fixture(scope="module", params=[Level.FULL, Level.RESTRICTED], autouse=True)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with one_level(request.param) as sandbox:
        yield sandbox


class Folder:
    """A notebook's folder, as nbgrader autogrades it."""

    def __init__(self, path: Path) -> None:
        self.path, self.submitted, self.source = path / "autograded", path / "submitted", path / "source"
        for folder in (self.path, self.submitted, self.source):
            folder.mkdir()
        self.seconds = PATIENCE

    def run(self, *cells: str | NotebookNode) -> tuple[list[NotebookNode], set[str]]:
        """Return the cells after they ran, and the names of the graded ones that were not run."""
        nb = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        )
        limits, environment = Limits(memory_mb=1024), {"NBGRADER_EXECUTION": "autograde"}
        instructor_files = companion_files.file_names(self.source)
        files = companion_files.collect_inputs(self.path, self.submitted, instructor_files, LOG)
        settings = ExecutionSettings(files, limits, lambda _: self.seconds, TIMEOUT_ERROR, environment)
        execution = execute(nb, lambda _: False, settings, LOG)
        companion_files.write_outputs(self.path, execution.written, instructor_files, LOG)
        nbformat.validate(nb)
        return nb.cells, set(execution.not_run)

    def last_output(self, *cells: str | NotebookNode) -> str:
        """Return the text of the last cell's outputs."""
        return " ".join(str(output) for output in self.run(*cells)[0][-1].outputs)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def graded(source: str, name: str = "test", **metadata: Any) -> NotebookNode:
    """A graded cell of two points."""
    grading_data = {"grade": True, "solution": False, "locked": True, "points": 2, "grade_id": name}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": grading_data, **metadata})


def score(cell: NotebookNode) -> float | None:
    points: float | None = utils.determine_grade(cell, LOG)[0]
    return points


HONEST = [
    "1 + 1",
    "print('a'); print('b'); 2.5",
    "'text';",
    "None",
    "import numpy as np\nnp.arange(6).reshape(2, 3)",
    "np.float64(0.5)",
    "{'key': [1] * 40}",
    "raise NotImplementedError",
    "def f(x):\n    return 1 / x\nf(0)",
    "f(2)",
    "raise ValueError('one') from KeyError('two')",
    "assert f(1) == 2, 'not two'",
    "undefined",
    "display({'a': 1}, 3)",
    "from IPython.display import HTML, clear_output\ndisplay(HTML('<script>1</script>'))",
    "print('gone'); clear_output(); print('here')",
    "handle = display('first', display_id=True)\nhandle.update('second')",
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "%matplotlib inline\nimport matplotlib.pyplot as plt",
    "plt.plot([1, 2])",
    "plt.bar([1], [2]);",
    "%precision 3\n2 / 3",
    "%%capture kept\nprint('kept')",
    "kept.stdout",
    "f?",
    "Out[1], len(In)",
    "class A:\n    pass\nimport pickle\ntype(pickle.loads(pickle.dumps(A()))).__name__, __name__",
    "import os\nos.listdir('.'), os.environ['NBGRADER_EXECUTION']",
    "import unittest\nunittest.TestCase().assertEqual(1, 2)",
    "raise KeyboardInterrupt",
    "import threading\nthread = threading.Thread(target=lambda: print('there'))\nthread.start(); thread.join()",
    "float('nan')",
    "%%writefile made.py\nvalue = 7",
    "import made\nmade.value",
    "%run made.py\nvalue",
]


def comparable(outputs: list[Any]) -> list[Any]:
    """Outputs with neighbouring streams joined, and without colours, addresses and places of files."""
    result: list[Any] = []
    for output in outputs:
        if output.output_type == "stream":  # a kernel puts out one after the other
            if not result or not isinstance(result[-1], dict):
                result.append({})
            result[-1][output.name] = result[-1].get(output.name, "") + output.text
        elif output.output_type == "error":
            traceback = [ESCAPES.sub("", line) for line in output.traceback]
            result.append([output.ename, output.evalue, *(line for line in traceback if not line.startswith("File "))])
        else:
            data = {mime: text.strip() for mime, text in output.data.items() if mime in ("text/plain", "image/png")}
            result.append([output.output_type, ADDRESS.sub("", str(data)), output.get("execution_count")])
    return result


@pytest.mark.slow
def test_the_outputs_of_honest_cells_are_those_of_a_kernel(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    (tmp_path / "stock").mkdir()
    stock = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in HONEST])
    ExecutePreprocessor(allow_errors=True, timeout=None).preprocess(stock, {"metadata": {"path": tmp_path / "stock"}})
    for expected, cell in zip(stock.cells, folder.run(*HONEST)[0], strict=True):
        assert comparable(cell.outputs) == comparable(expected.outputs), expected.source
        assert cell.execution_count == expected.execution_count


@pytest.mark.parametrize(
    ("source", "points"),
    [
        ("assert answer == 3", 2),
        ("assert answer == 4", 0),
        ("1.5", 1.5),
        ("answer / 2", 1.5),
        ("print('right')", 2),
        ("import warnings\nwarnings.warn('careful')", 0),
        ("nobody_wrote_this", 0),
    ],
)
def test_nbgrader_scores_the_outputs_of_a_cell(folder: Folder, source: str, points: float) -> None:
    cells, not_run = folder.run("answer = 3", graded(source))
    assert (score(cells[1]), not_run) == (points, set())


def test_cells_cannot_reach_the_files_of_the_course(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "gradebook.db"
    secret.write_text("every mark")
    (folder.path / "p1.ipynb").write_text("hidden tests")
    looks = [f"open({str(path)!r}).read()" for path in (secret, folder.path / "p1.ipynb", "p1.ipynb", "../p1.ipynb")]
    cells, _ = folder.run(*looks, f"open({str(tmp_path / 'mark')!r}, 'w')", "import autograder")
    for cell in cells:
        assert cell.outputs[-1].ename in ("FileNotFoundError", "PermissionError", "ModuleNotFoundError", "OSError")
    assert not (tmp_path / "mark").exists()


def test_cells_read_files_beside_the_notebook_and_what_they_write_is_kept(folder: Folder) -> None:
    (folder.path / "data").mkdir()
    (folder.path / "data" / "numbers.txt").write_text("3 4")
    (folder.path / "helper.py").write_text("def total(text): return sum(map(int, text.split()))")
    cells, _ = folder.run(
        "import helper\nhelper.total(open('data/numbers.txt').read())",
        "import os\nos.makedirs('made/deep')\nopen('made/deep/new.txt', 'w').write('new')\n"
        "open('data/numbers.txt', 'a').write(' 5');",
    )
    assert cells[0].outputs[0].data["text/plain"] == "7"
    assert (folder.path / "made" / "deep" / "new.txt").read_text() == "new"
    assert (folder.path / "data" / "numbers.txt").read_text() == "3 4 5"
    assert not list(folder.path.rglob("__pycache__"))


def test_no_link_is_followed_when_files_are_read_or_written(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (folder.path / "link.txt").symlink_to(secret)
    (folder.submitted / "copied.txt").symlink_to(secret)
    (folder.path / "copied.txt").write_text("secret")  # nbgrader followed the link
    (folder.path / "out").symlink_to(tmp_path)
    cells, _ = folder.run(
        "import os\nsorted(os.listdir('.'))",
        "open('link.txt', 'w').write('mine')\nos.mkdir('out')\nopen('out/secret.txt', 'w').write('mine');",
    )
    assert cells[0].outputs[0].data["text/plain"] == "[]"
    assert not cells[1].outputs
    assert secret.read_text() == "secret"


def test_files_of_the_instructor_are_not_overwritten(folder: Folder) -> None:
    for place in (folder.source, folder.path):
        (place / "checks.py").write_text("def check(x): assert x == 3")
    folder.run("open('checks.py', 'w').write('def check(x): pass');")
    assert "assert" in (folder.path / "checks.py").read_text()


def test_input_files_are_limited_and_the_instructors_files_go_first(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(1000):
        (folder.path / f"a{number:03}").mkdir()
        (folder.path / f"a{number:03}" / "x").write_text("x")
    for number in range(4):
        (folder.path / f"big{number}").write_bytes(bytes(15 << 20))
    for place in (folder.source, folder.path):
        (place / "zz.py").write_text("there = True")
    assert "(True, True)" in folder.last_output("import os, zz\nzz.there, len(os.listdir('.')) > 400")
    assert "too many: a" in caplog.text


def test_written_files_are_limited_and_never_a_notebook(folder: Folder) -> None:
    folder.run(
        "for n in range(300): open(f'f{n:03}.txt', 'w').write('x')\nopen('p2.ipynb', 'w').write('{}')",
        "for n in range(3): open(f'big{n}', 'w').write('x' * (9 << 20))",
    )
    names = {path.name for path in folder.path.iterdir()}
    assert len(names) <= 100
    assert sum(path.stat().st_size for path in folder.path.iterdir()) <= 16 << 20
    assert "p2.ipynb" not in names


def test_an_endless_loop_is_interrupted_and_the_next_cell_runs(folder: Folder) -> None:
    folder.seconds = 1
    cells, not_run = folder.run("x = 1", graded("while True: pass", "loop"), graded("assert x == 1"))
    assert cells[1].outputs[-1].ename == "CellTimeoutError"
    assert [score(cell) for cell in cells[1:]] == [0, 2]
    assert not_run == set()


DEATHS = {
    "quits": "import os\nos._exit(0)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "writes to every descriptor": "import os\nfor d in range(3, 9):\n    try: os.write(d, b'{}' * 40)\n"
    "    except OSError: pass",
}


@pytest.mark.parametrize("source", DEATHS.values(), ids=DEATHS)
def test_tests_after_the_death_of_the_process_have_no_result(folder: Folder, source: str) -> None:
    cells, not_run = folder.run(graded("assert True", "before"), source, graded("assert True", "after"), "1")
    assert not_run == {"after"}
    assert score(cells[0]) == 2
    for cell in cells[1:]:
        assert cell.outputs[-1].ename == "DeadKernelError"


def test_a_cell_that_cannot_be_interrupted_ends_the_notebook(folder: Folder) -> None:
    folder.seconds = 1
    stubborn = "import time\nwhile True:\n    try: time.sleep(60)\n    except KeyboardInterrupt: pass"
    cells, not_run = folder.run(stubborn, graded("assert True"))
    assert cells[0].outputs[-1].ename == "CellTimeoutError"
    assert not_run == {"test"}


def test_a_flood_of_output_is_cut_and_a_later_error_still_counts(folder: Folder) -> None:
    flood = "import sys\nfor n in range(30_000): print('x' * 100)\nprint('late', file=sys.stderr)\nassert False"
    cells, _ = folder.run(graded(flood))
    assert sum(len(str(output)) for output in cells[0].outputs) < 1_000_000
    assert {output.output_type for output in cells[0].outputs} == {"stream", "error"}
    assert score(cells[0]) == 0


def test_a_cell_of_the_student_cannot_influence_a_test(folder: Folder) -> None:
    source = "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None"
    check = "from numpy.testing import assert_allclose\nassert_allclose([1.0], [2.0])"
    cells, not_run = folder.run(source, graded(check), "1", graded("1.5", "next"))
    assert (score(cells[1]), score(cells[3]), not_run) == (0, 1.5, set())


def test_a_tag_cannot_keep_a_test_from_running(folder: Folder) -> None:
    skipped = nbformat.v4.new_code_cell("1", metadata={"tags": ["skip-execution"]})
    cells, _ = folder.run(skipped, graded("assert False", tags=["skip-execution"]))
    assert not cells[0].outputs
    assert score(cells[1]) == 0


def test_a_sandbox_that_fails_gives_no_points(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> NotebookSession:
        raise SandboxError("no bwrap")

    monkeypatch.setattr(cell_execution, "NotebookSession", fail)
    cells, not_run = folder.run(graded("assert True"))
    assert not_run == {"test"}
    assert "not the submission's fault" in cells[0].outputs[0].evalue


def test_a_test_that_misses_an_installed_package_has_no_result(folder: Folder) -> None:
    cells, not_run = folder.run("import nbformat", graded("assert True", "a"), graded("assert nbformat", "b"))
    assert (not_run, score(cells[1])) == ({"b"}, 2)
    assert folder.run("import autograder", graded("assert autograder"))[1] == set()
    assert folder.run("import nowhere_to_be_found", graded("assert False"))[1] == set()
