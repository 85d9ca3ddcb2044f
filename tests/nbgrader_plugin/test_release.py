"""What students get: nothing hidden is in it, and it is well formed.

Secrets are the functions of the exercise definitions, the bodies in the solutions and the exemplar answers. They are
looked for in every string of every released file, without regard to white space. Functions are also compared by their
syntax trees, so that comments and line breaks hide nothing.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.nbgrader_plugin.release import ReleaseError, release_notebook
from autograder.student_files.loading import source_of
from autograder.student_files.magics import as_python

ROOT = Path(__file__).parents[2]
DEFINITIONS = sorted(path for path in (ROOT / "autograder" / "exercises").rglob("*.py") if path.name != "lesson.py")
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
ASSIGNMENTS = sorted((ROOT / "assignments").glob("*/*.ipynb"))
LITTER = {"__pycache__", ".pytest_cache", ".ipynb_checkpoints"}
MARKERS = ("BEGINSOLUTION", "ENDSOLUTION", "HIDDENTESTS", "MARKSCHEME")
MIN_LINE_LENGTH = 25  # without white space; a shorter line is no secret,
MIN_SHAPE_LENGTH = 150  # nor is a shorter function
_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


def squeezed(text: str) -> str:
    return "".join(text.split())


def notebook_cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def has_flag(cell: dict[str, Any], word: str) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get(word))


def functions(code: str) -> Iterator[ast.FunctionDef]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def body(function: ast.FunctionDef) -> list[ast.stmt]:
    """Return a function's statements without its docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def shape(function: ast.FunctionDef) -> str:
    """The body as a syntax tree: equal for equal code, however it is laid out and commented."""
    return "".join(map(ast.dump, body(function)))


def secret_code() -> Iterator[str]:
    """Yield the source of everything that would reveal an answer or a hidden case."""
    for definition in DEFINITIONS:
        if definition.parent.name == "correct":
            continue  # a single line of these may be written by any student; only whole bodies are secret
        text = definition.read_text(encoding="utf-8")
        for function in functions(text):
            yield "\n".join(ast.get_source_segment(text, statement) or "" for statement in body(function))
    for path in SOLUTIONS:
        for cell in notebook_cells(path):
            yield from _SOLUTION.findall(source_of(cell))


@cache
def secret_lines() -> frozenset[str]:
    lines = {squeezed(line.split("  #")[0]) for code in secret_code() for line in code.split("\n")}
    exemplars = (
        source_of(cell)
        for path in SOLUTIONS
        for cell in notebook_cells(path)
        if has_flag(cell, "grade") and has_flag(cell, "solution")
    )
    lines |= {squeezed(sentence) for text in exemplars for sentence in re.split(r"(?<=[.!?:])\s|\n", text)}
    return frozenset(line for line in lines if len(line) >= MIN_LINE_LENGTH)


@cache
def secret_shapes() -> frozenset[str]:
    defined = (function for definition in DEFINITIONS for function in functions(definition.read_text(encoding="utf-8")))
    solved = (
        function
        for path in SOLUTIONS
        for cell in notebook_cells(path)
        if has_flag(cell, "solution") and cell["cell_type"] == "code"
        for function in functions(source_of(cell))
    )
    shapes = map(shape, (*defined, *solved))
    return frozenset(text for text in shapes if len(text) >= MIN_SHAPE_LENGTH)


def strings(data: Any) -> Iterator[str]:
    """Return every string in JSON data, keys included; lists of strings are joined as a notebook joins them."""
    match data:
        case str():
            yield data
        case dict():
            yield from data
            for value in data.values():
                yield from strings(value)
        case list():
            yield "".join(value for value in data if isinstance(value, str))
            for value in data:
                yield from strings(value)


def texts(path: Path) -> list[str]:
    """Return the strings of a released file: those in its JSON, or the whole text."""
    text = path.read_text(encoding="utf-8")
    return list(strings(json.loads(text))) if path.suffix in (".ipynb", ".json") else [text]


def leaks(folder: Path) -> list[str]:
    """Return what is in these files and should not be: the file, and the secret."""
    leaked = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or LITTER & {*path.parts}:
            continue
        name = path.relative_to(folder)
        for text in texts(path):
            flat = squeezed(text)
            leaked += [f"{name}: {secret}" for secret in (*MARKERS, *secret_lines()) if secret in flat]
            bodies = [function.name for function in functions(text) if shape(function) in secret_shapes()]
            leaked += [f"{name}: the body of {function}" for function in bodies]
    return leaked


def test_all_seven_assignments_are_released() -> None:
    names = ["0-start", "1-scores", "2-scaling", "3-softmax", "4-weighted-sum", "5-attention", "6-reflection"]
    assert [path.stem for path in ASSIGNMENTS] == [path.parent.name for path in ASSIGNMENTS] == names
    assert [path.stem for path in SOLUTIONS] == names


def test_nothing_hidden_is_released() -> None:
    assert leaks(ROOT / "assignments") == []


def test_there_are_secrets_to_look_for() -> None:
    assert len(secret_lines()) > 100
    assert len(secret_shapes()) > 30


PLANTED = {
    "a misconception under another name, laid out in another way": (
        "plots.py",
        "def draw(scores, axis=-1):\n    # a picture\n    powers = np.exp(\n        scores - np.max(scores)\n    )\n"
        "    return powers / powers.sum()\n",
    ),
    "a line of a misconception in data": (
        "selfcheck.json",
        json.dumps({"note": ["powers=", "np.exp(scores - np.max(scores))"]}),
    ),
    "a hidden case": (
        "notes.txt",
        "return call( rng.normal(0, 2, (2, 4, 3, 5)) )",
    ),
    "a marker": ("notes.txt", "### BEGIN  HIDDEN TESTS"),
}


@pytest.mark.parametrize(("name", "text"), PLANTED.values(), ids=PLANTED)
def test_a_planted_leak_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert leaks(tmp_path)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_in_place_of_its_assignment_is_found(tmp_path: Path, path: Path) -> None:
    secret = any(has_flag(cell, "solution") for cell in notebook_cells(path))
    shutil.copy(path, tmp_path)
    assert bool(leaks(tmp_path)) == secret


def test_a_solution_hidden_in_the_metadata_is_found(tmp_path: Path) -> None:
    name = "3-softmax.ipynb"
    cell = next(c for c in notebook_cells(ROOT / "solutions" / "3-softmax" / name) if has_flag(c, "solution"))
    notebook = json.loads((ROOT / "assignments" / "3-softmax" / name).read_text(encoding="utf-8"))
    notebook["cells"][0]["metadata"]["source"] = source_of(cell)
    (tmp_path / name).write_text(json.dumps(notebook), encoding="utf-8")
    assert leaks(tmp_path)


@pytest.mark.parametrize("path", [*SOLUTIONS, *ASSIGNMENTS], ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_notebook_is_well_formed_and_has_no_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert notebook.metadata["autograder"] == {"assignment": path.stem}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            ast.parse(as_python(cell.source))
            assert not cell.outputs
            assert cell.execution_count is None


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda path: path.stem)
def test_every_function_to_write_is_a_documented_stub(path: Path) -> None:
    for cell in notebook_cells(path):
        if cell["cell_type"] != "code" or not has_flag(cell, "solution"):
            continue
        written = list(functions(source_of(cell)))
        assert written
        for function in written:
            assert ast.get_docstring(function)
            assert ast.unparse(function.body[-1]) == "raise NotImplementedError()"


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda path: path.stem)
def test_every_graded_cell_is_the_public_check_or_a_written_answer(path: Path) -> None:
    graded = [cell for cell in notebook_cells(path) if has_flag(cell, "grade")]
    for cell in graded:
        assert cell["metadata"]["nbgrader"]["points"] > 0
        assert cell["metadata"]["nbgrader"]["checksum"]
        if cell["cell_type"] == "code":
            assert source_of(cell) == f"check({cell['metadata']['autograder']['exercise']})"
            assert cell["metadata"]["editable"] is False
        else:
            assert source_of(cell) == "YOUR ANSWER HERE"


def test_a_configuration_that_raises_is_named_with_its_error(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("1 / 0\n")
    with pytest.raises(ReleaseError, match=r"nbgrader_config\.py raised ZeroDivisionError.*Fix that file first"):
        release_notebook(tmp_path, tmp_path / "built", ["1-scores"])


def test_an_assignment_that_nbgrader_cannot_generate_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "solutions" / "broken"
    folder.mkdir(parents=True)
    (folder / "broken.ipynb").write_text("not a notebook")
    with pytest.raises(ReleaseError, match="broken: nbgrader could not generate the assignment"):
        release_notebook(tmp_path, tmp_path, ["broken"])
