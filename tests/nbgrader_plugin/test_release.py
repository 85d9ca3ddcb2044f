"""What students get: nothing hidden is in it, and it is well formed.

Secrets are found where they are written (the cards' functions, the solutions' bodies, the exemplar answers) and looked
for in every string of every released file, without regard to white space; functions are compared by their syntax tree
as well, so that comments and line breaks hide nothing.
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

from autograder.student_files.loading import as_python, source_of

ROOT = Path(__file__).parents[2]
CARDS = sorted(path for path in (ROOT / "autograder" / "exercises").rglob("*.py") if path.name != "lesson.py")
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
ASSIGNMENTS = sorted((ROOT / "assignments").glob("*/*.ipynb"))
LITTER = {"__pycache__", ".pytest_cache", ".ipynb_checkpoints"}
MARKERS = ("BEGINSOLUTION", "ENDSOLUTION", "HIDDENTESTS", "MARKSCHEME")
LONG = 25  # characters without white space; a shorter line is nobody's secret
_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


def squeezed(text: str) -> str:
    return "".join(text.split())


def notebook_cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def nbgrader(cell: dict[str, Any], word: str) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get(word))


def functions(code: str) -> Iterator[ast.FunctionDef]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def body(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements, without the docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def shape(function: ast.FunctionDef) -> str:
    """The body as a syntax tree: equal for equal code, however it is laid out and commented."""
    return "".join(map(ast.dump, body(function)))


def secret_code() -> Iterator[str]:
    """The source of everything that would give an answer or a hidden case away."""
    for card in CARDS:
        if card.parent.name == "correct":
            continue  # a line that any student may write is no secret, and a lesson may show it; whole bodies are
        text = card.read_text(encoding="utf-8")
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
        if nbgrader(cell, "grade") and nbgrader(cell, "solution")
    )
    lines |= {squeezed(sentence) for text in exemplars for sentence in re.split(r"(?<=[.!?:])\s|\n", text)}
    return frozenset(line for line in lines if len(line) >= LONG)


@cache
def secret_shapes() -> frozenset[str]:
    cards = (function for card in CARDS for function in functions(card.read_text(encoding="utf-8")))
    solved = (
        function
        for path in SOLUTIONS
        for cell in notebook_cells(path)
        if nbgrader(cell, "solution") and cell["cell_type"] == "code"
        for function in functions(source_of(cell))
    )
    return frozenset(found for function in (*cards, *solved) if len(found := shape(function)) > 150)


def strings(data: Any) -> Iterator[str]:
    """Every string in JSON data, keys included; the lines of a list of strings are joined as a notebook joins them."""
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
    """A released file's strings: those of its JSON, or the whole."""
    text = path.read_text(encoding="utf-8")
    return list(strings(json.loads(text))) if path.suffix in (".ipynb", ".json") else [text]


def leaks(folder: Path) -> list[str]:
    """What is in these files that should not be: the file, and the beginning of what was found."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or LITTER & {*path.parts}:
            continue
        name = path.relative_to(folder)
        for text in texts(path):
            flat = squeezed(text)
            found += [f"{name}: {secret}" for secret in (*MARKERS, *secret_lines()) if secret in flat]
            found += [f"{name}: the body of {one.name}" for one in functions(text) if shape(one) in secret_shapes()]
    return found


def test_all_seven_assignments_are_released() -> None:
    names = ["0-start", "1-scores", "2-scaling", "3-softmax", "4-weighted-sum", "5-attention", "6-reflection"]
    assert [path.stem for path in ASSIGNMENTS] == [path.parent.name for path in ASSIGNMENTS] == names
    assert [path.stem for path in SOLUTIONS] == names


def test_nothing_hidden_is_released() -> None:
    assert leaks(ROOT / "assignments") == []


def test_there_is_something_to_hide() -> None:
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
    secret = any(nbgrader(cell, "solution") for cell in notebook_cells(path))
    shutil.copy(path, tmp_path)
    assert bool(leaks(tmp_path)) == secret


def test_a_solution_hidden_in_the_metadata_is_found(tmp_path: Path) -> None:
    name = "3-softmax.ipynb"
    cell = next(c for c in notebook_cells(ROOT / "solutions" / "3-softmax" / name) if nbgrader(c, "solution"))
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
        if cell["cell_type"] != "code" or not nbgrader(cell, "solution"):
            continue
        written = list(functions(source_of(cell)))
        assert written
        for function in written:
            assert ast.get_docstring(function)
            assert ast.unparse(function.body[-1]) == "raise NotImplementedError()"


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda path: path.stem)
def test_every_graded_cell_is_the_public_check_or_a_written_answer(path: Path) -> None:
    graded = [cell for cell in notebook_cells(path) if nbgrader(cell, "grade")]
    for cell in graded:
        assert cell["metadata"]["nbgrader"]["points"] > 0
        assert cell["metadata"]["nbgrader"]["checksum"]
        if cell["cell_type"] == "code":
            assert source_of(cell) == f"check({cell['metadata']['autograder']['exercise']})"
            assert cell["metadata"]["editable"] is False
        else:
            assert source_of(cell) == "YOUR ANSWER HERE"
