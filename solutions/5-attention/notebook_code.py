"""Which code of a notebook runs, and what its student should know. The self-check and the grader share these rules.

All code cells run in order, except the lesson's illustrations, as long as nothing needs them. Lines that only IPython
understands are translated to Python.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING or __package__:
    from autograder.student_files import cell_names, magics
    from autograder.student_files.loading import Cell, Notebook, cells_of, check_code_length, source_of
else:  # the files of a student lie side by side
    import cell_names
    import magics
    from loading import Cell, Notebook, cells_of, check_code_length, source_of

ILLUSTRATION_TAG = "illustration"
MAX_TRANSLATED_CHARACTERS = 100_000  # of all cells that are not Python: IPython is slow
MAX_LISTED_COMMANDS = 5
_MAIN_GUARD = re.compile(r"""^if[ ]*\(?[ ]*__name__[ ]*==[ ]*(['"])__main__\1[ ]*\)?[ ]*:""", re.MULTILINE)
KEEP_ONE = "Please keep one of them."


@dataclass(frozen=True)
class Code:
    """The code of a submission that runs: pairs of a label and Python source, and what the student should know.

    ``files`` are the texts of the Python files that its cells write with `%%writefile`, by their names.
    """

    sources: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _CodeCell:
    """A cell as Python. ``is_tagged`` says whether it illustrates, ``is_skippable`` whether it is as released, too."""

    label: str
    source: str
    is_tagged: bool = False
    is_skippable: bool = False

    @property
    def names(self) -> cell_names.CellNames:
        return cell_names.names_of(self.source)


_Places = list[tuple[_CodeCell, cell_names.Definition]]


def read_code(notebook: Notebook, illustrations: Collection[str] | None = None) -> Code:
    """Return the code that runs; labels count code cells: "code cell 3".

    ``illustrations`` are the hashes of the release's illustrations. None takes every illustration for unchanged. Raises
    `UnreadableNotebookError` if the code is too long.
    """
    cells: list[_CodeCell] = []
    for cell in cells_of(notebook):
        if cell.get("cell_type") == "code":
            label, source = f"code cell {len(cells) + 1}", source_of(cell)
            is_skippable = is_illustration(cell) and (illustrations is None or _hash(source) in illustrations)
            source = _with_main_guards(source)
            cells.append(_CodeCell(label, source, _has_illustration_tag(cell), is_skippable))
    return _read_cells(cells)


def read_script(source: str) -> Code:
    """Return the code of a Python file, such as one that was exported from a notebook."""
    return _read_cells([_CodeCell("the file", source)])


def illustration_hashes(release: Notebook) -> frozenset[str]:
    """Return the hashes of the cells that only illustrate."""
    return frozenset(_hash(source_of(cell)) for cell in cells_of(release) if is_illustration(cell))


def imported_modules(code: Code) -> dict[str, str]:
    """Return the modules that the code imports outside of `try`, each with the cell that does, in brackets."""
    modules: dict[str, str] = {}
    for label, source in code.sources:
        for module in cell_names.imported_modules(source)[0]:
            modules.setdefault(module, f" ({label})")
    return modules


def is_illustration(cell: Cell) -> bool:
    """Whether a code cell only illustrates. A cell in which students write an answer does not."""
    return cell.get("cell_type") == "code" and _has_illustration_tag(cell) and not _is_answer(cell)


def _with_main_guards(source: str) -> str:
    """Return a cell in which what depends on ``__name__ == "__main__"`` runs, as it does in a notebook."""
    return _MAIN_GUARD.sub("if True:", source)


def _has_illustration_tag(cell: Cell) -> bool:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and ILLUSTRATION_TAG in tags


def _is_answer(cell: Cell) -> bool:
    data = cell["metadata"].get("nbgrader")
    return isinstance(data, dict) and bool(data.get("solution"))


def _hash(source: str) -> str:
    text = "\n".join(line.rstrip() for line in source.strip().splitlines())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read_cells(cells: list[_CodeCell]) -> Code:
    check_code_length(cell.source for cell in cells if not cell.is_skippable)
    files: dict[str, str] = {}
    translated, notes = _translate(cells, files)
    needed = _needed_cells(translated)
    running, more_notes = _without_other_definitions(needed)
    return Code(tuple((cell.label, cell.source) for cell in running), (*notes, *more_notes), files)


def _translate(cells: list[_CodeCell], files: dict[str, str]) -> tuple[list[_CodeCell], list[str]]:
    """Return the cells as Python and what to say about them; add the Python files that they write to ``files``."""
    translated, ignored, notes = [], [], []
    characters = 0
    for cell in cells:
        if not magics.is_plain(cell.source):
            characters += len(cell.source)
            if characters <= MAX_TRANSLATED_CHARACTERS:
                translation = magics.translate(cell.source)
                ignored += [f"{command} ({cell.label})" for command in translation.ignored]
                if translation.removed:
                    notes.append(f"In {cell.label}, {translation.removed} from pasted text were left out.")
                files |= dict(filter(None, [translation.file]))
                cell = replace(cell, source=translation.source)
        translated.append(cell)
    if not ignored:
        return translated, notes
    listed = ", ".join(ignored[:MAX_LISTED_COMMANDS])
    others = f" and {len(ignored) - MAX_LISTED_COMMANDS} more" if len(ignored) > MAX_LISTED_COMMANDS else ""
    return translated, [*notes, f"In grading, this does nothing: {listed}{others}."]


def _needed_cells(cells: list[_CodeCell]) -> list[_CodeCell]:
    """Leave out the illustrations of the lesson, except those that bind a name which a running cell needs."""
    skippable = [cell for cell in cells if cell.is_skippable]
    running = [cell for cell in cells if not cell.is_skippable]
    while skippable:
        read = frozenset().union(*(cell.names.read for cell in running))
        missing = read.difference(*(cell.names.provided for cell in running))
        needed = [cell for cell in skippable if cell.names.bound & missing]
        if not needed:
            break
        running += needed
        skippable = [cell for cell in skippable if cell not in needed]
    labels = {cell.label for cell in running}
    return [cell for cell in cells if cell.label in labels]


def _without_other_definitions(cells: list[_CodeCell]) -> tuple[list[_CodeCell], list[str]]:
    """Remove stubs of functions that are written elsewhere, and copies of functions in cells that only illustrate."""
    places: dict[str, _Places] = {}
    for cell in cells:
        for definition in cell.names.definitions:
            places.setdefault(definition.name, []).append((cell, definition))
    removed: dict[str, list[cell_names.Definition]] = {}
    notes: list[str] = []
    for name, definitions in places.items():
        if len(definitions) == 1 or not any(definition.is_function for _, definition in definitions):
            continue
        counting, others = _choose_definitions(definitions)
        for cell, definition in others:
            removed.setdefault(cell.label, []).append(definition)
        notes += _describe_choice(name, counting, others)
    kept = [
        replace(cell, source=cell_names.without_lines(cell.source, removed[cell.label]))
        if cell.label in removed
        else cell
        for cell in cells
    ]
    return kept, notes


def _choose_definitions(definitions: _Places) -> tuple[_Places, _Places]:
    """Return the definitions of a function that stay, and those that are removed."""
    written = [(cell, definition) for cell, definition in definitions if not definition.is_stub]
    if not written:
        return definitions, []
    answers = [cell.label for cell, _ in written if not cell.is_tagged]
    position = {cell.label: index for index, (cell, _) in enumerate(definitions)}
    counting = [
        (cell, definition)
        for cell, definition in written
        if not (cell.is_tagged and answers and position[cell.label] > position[answers[0]])
    ]
    return counting, [place for place in definitions if place not in counting]


def _describe_choice(name: str, counting: _Places, others: _Places) -> Iterator[str]:
    """Say which definition of a function counts, if more than one cell has a different one."""
    chosen = counting[-1][0]
    for cell, definition in others:
        if cell.label != chosen.label:
            state = "is still empty" if definition.is_stub else "is only an experiment"
            yield f"The {name} in {cell.label} {state}: the one in {chosen.label} counts."
    # A variable of that name above the function is none of its definitions.
    functions = itertools.dropwhile(lambda place: not place[1].is_function, counting)
    labels = list(dict.fromkeys(cell.label for cell, _ in functions))
    if len(labels) > 1:
        yield f"{name} is defined in {' and again in '.join(labels)}. {KEEP_ONE}"
