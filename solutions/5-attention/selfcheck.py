"""Check your own work: `check(...)` in the notebook; `python selfcheck.py` or `python -m pytest` in a terminal.

All three run your function on the public examples in selfcheck.json and say the same. The grader checks the same rules
with other numbers. Needs numpy and the other files beside this one, and no internet.
"""

from __future__ import annotations

import contextlib
import html
import json
import linecache
import math
import os
import sys
import textwrap
import time
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

try:
    import cell_names
    import loading
    import notebook_code
    from comparing import (
        NAME_ERRORS,
        NAME_HINT,
        Answer,
        Expected,
        answers_agree,
        describe_mismatch,
        expected_answer,
        format_call,
        from_json,
        is_unchanged,
        to_plain_value,
    )
except ModuleNotFoundError as missing:
    if __name__ != "__main__":
        raise  # the notebook shows its own message
    print(f"{missing.name} is missing. Put all files of the course beside selfcheck.py, and install numpy.")
    sys.exit(2)

HERE = Path(__file__).absolute().parent
WIDTH = 79
INDENT = " " * 11
PUBLIC_NOTE = "These are public examples; the grader asks for the same on other numbers."
STOPPED = "You stopped the check. If your function did not end by itself, look for an endless loop."
OWN_MODULES = ("selfcheck", "plots", "comparing", "loading", "notebook_code", "magics", "cell_names")
NAMES_OF_IPYTHON = ("In", "Out", "get_ipython", "exit", "quit", "open")
COLOURS = {"pass": "#2e8b57", "not yet": "#c77700"}
# Replacements for consoles that cannot print these characters.
ASCII_REPLACEMENTS = str.maketrans(
    {"√": "sqrt ", "ᵀ": "^T", "·": "*", "×": "x", "≠": "!=", "–": "-", "—": "-", "…": "...", "’": "'"}
)


class SelfCheckError(Exception):
    """Raised if there is nothing to check; the text says what is missing and what to do."""


class NotYet(AssertionError):
    """A check that fails while `nbgrader validate` runs; Jupyter shows the report and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


@dataclass(frozen=True)
class Criterion:
    """The result of one criterion; ``reason`` is empty if it holds, and otherwise says why not in a few sentences."""

    name: str
    points: float
    reason: tuple[str, ...] = ()

    @property
    def hint(self) -> tuple[str, ...]:
        """The reason without what the example showed, which is its second sentence."""
        return self.reason[:1] + self.reason[2:]


@dataclass(frozen=True)
class Report:
    """The result of one function: its criteria, or only a title that says why the examples could not be run.

    ``notes`` say where grading may differ from what happens here.
    """

    title: str
    criteria: tuple[Criterion, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every criterion holds."""
        return bool(self.criteria) and not any(criterion.reason for criterion in self.criteria)

    def rows(self) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """Yield each criterion as text: mark, name, points, reason. One that may follow from another is short."""
        failed: list[Criterion] = []
        for criterion in self.criteria:
            if not criterion.reason:
                yield "pass", criterion.name, f"{criterion.points:g} / {criterion.points:g}", ()
                continue
            cause = self._possible_cause(criterion, failed)
            reason = (f'Fix "{cause.name}" first: this may follow from it.',) if cause else criterion.reason
            yield "not yet", criterion.name, f"0 / {criterion.points:g}", reason
            failed.append(criterion)

    def _possible_cause(self, criterion: Criterion, failed: Sequence[Criterion]) -> Criterion | None:
        """Return an earlier criterion that failed and may explain this one: the first of all, or one with its hint."""
        causes = (other for other in failed if other is self.criteria[0] or other.hint == criterion.hint)
        return next(causes, None)

    def __repr__(self) -> str:
        lines = textwrap.wrap(self.title, WIDTH)
        width = max((len(criterion.name) for criterion in self.criteria), default=0)
        for mark, name, points, reason in self.rows():
            lines.append(f"  {mark:7}  {name:{width}}  {points}")
            for sentence in reason:
                lines += textwrap.wrap(sentence, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
        for note in self.notes:
            lines += textwrap.wrap(f"Note: {note}", WIDTH)
        return "\n".join([*lines, PUBLIC_NOTE] if self.criteria else lines)

    def _repr_html_(self) -> str:
        """Return the same text as a table. Colours only repeat what the text says, and suit light and dark themes."""
        title = f"<p><strong>{html.escape(self.title)}</strong></p>"
        notes = "".join(f"<p>Note: {html.escape(note)}</p>" for note in self.notes)
        if not self.criteria:
            return title + notes
        style = "text-align:left; vertical-align:top; padding:0.4em 0.8em;"
        rows = "".join(
            f'<tr><th scope="row" style="{style} white-space:nowrap; border-left:5px solid {COLOURS[mark]}">{mark}</th>'
            f'<td style="{style}">{html.escape(name)}</td><td style="{style} white-space:nowrap">{points}</td>'
            f'<td style="{style} white-space:normal">{"<br>".join(map(html.escape, reason))}</td></tr>'
            for mark, name, points, reason in self.rows()
        )
        table = f'<table style="table-layout:auto; margin-left:0; color:inherit">{rows}</table>'
        return f"{title}{table}{notes}<p>{PUBLIC_NOTE}</p>"


# The three ways to check.


def check(function: Any) -> None:
    """Run the public examples with ``function``; show what holds, what does not yet, and one thing to try."""
    try:
        data = read_data()
        exercises = data["exercises"]
        name = getattr(function, "__name__", "")
        exercise = next((exercise for exercise in exercises if exercise["function"] == name), exercises[0])
        report = check_function(function, exercise, data.get("seconds", math.inf))
        report = replace(report, notes=(*report.notes, *_import_notes(_modules_beside(function), data)))
    except (Exception, KeyboardInterrupt) as error:
        report = Report(describe_failure(error))
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not report.holds:
        raise NotYet(repr(report))
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell:
        sys.modules["IPython"].display.display(report)
    else:
        print_text(repr(report))


def main() -> int:
    """`python selfcheck.py`: return 0 if all criteria hold, 1 if not, and 2 if there is no notebook to check."""
    try:
        print_text(find_saved_notebook()[1])
        reports = check_notebook().values()
    except (Exception, KeyboardInterrupt) as error:
        print_text(describe_failure(error))
        return 2
    for report in reports:
        print_text(repr(report))
    return 0 if all(report.holds for report in reports) else 1


def check_notebook() -> dict[str, Report]:
    """Run the saved notebook in this folder, as the grader does, and return a report for each of its functions."""
    data = read_data()
    path, _ = find_saved_notebook()
    module = types.ModuleType(loading.SUBMISSION_MODULE)
    modules = {name: loading.SilentModule(name) for name in ("selfcheck", "plots")}
    modules[loading.SUBMISSION_MODULE] = module
    seconds = data.get("seconds", math.inf)
    try:
        code = notebook_code.read_code(loading.parse_notebook(path.read_bytes()), data.get("illustrations"))
    except loading.UnreadableNotebookError as error:
        return {exercise["function"]: Report(str(error)) for exercise in data["exercises"]}
    environment = {"MPLBACKEND": "Agg"}
    reports = {}
    with contextlib.chdir(HERE), loading.patched(os.environ, environment), loading.patched(sys.modules, modules):
        problems, notes = loading.run_cells(code.sources, module, seconds)
        notes = [*code.notes, *_import_notes(notebook_code.imported_modules(code), data), *notes]
        for exercise in data["exercises"]:
            report = _check_module(module, exercise, problems, seconds)
            reports[exercise["function"]] = replace(report, notes=(*notes, *report.notes))
    return reports


def find_saved_notebook() -> tuple[Path, str]:
    """Return the notebook in this folder, and a sentence that says which it is and when it was saved (local time).

    The grader finds a notebook by the same rule.
    """
    name = read_data()["notebook"]
    path, others = loading.find_notebook(HERE, name)
    other_names = ", ".join(other.name for other in others)
    if path is None or not path.is_file():
        advice = f"If one of these is yours, rename it: {other_names}." if others else ""
        raise SelfCheckError(
            f"There is no {name} in {HERE}. Save your notebook there, with this name. {advice}".strip()
        )
    saved = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M:%S")
    sentence = f"Read {path.name}, saved {saved}."
    if path.name != name:
        sentence += f" Please rename it to {name} before you submit it."
    if others:
        sentence += f" Not read: {other_names}."
    return path, sentence


def read_data() -> dict[str, Any]:
    """Return the contents of selfcheck.json."""
    try:
        data: dict[str, Any] = json.loads((HERE / "selfcheck.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"selfcheck.json in {HERE} is missing or damaged. Copy it again from your course."
        raise SelfCheckError(message) from error
    return data


def describe_failure(error: BaseException) -> str:
    """Say in a sentence why nothing could be checked."""
    if isinstance(error, KeyboardInterrupt):
        return STOPPED
    if isinstance(error, SelfCheckError):
        return str(error)
    problem = loading.describe_error(error)
    return f"The self-check failed, not your work ({problem}). Copy its files again from your course."


def print_text(text: str) -> None:
    """Print text, even on a console that cannot show some of its characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(ASCII_REPLACEMENTS).encode(encoding, "replace").decode(encoding)
    print(text)


# Checking a function on public examples, by the grader's rules.


@dataclass(frozen=True)
class _Result:
    """The answer to one example; ``problem`` says what is wrong with it, and is empty if nothing is.

    ``unwritten`` is the name of the function that raised NotImplementedError, if one did.
    """

    clause: str
    expected: list[Expected]
    answer: Answer
    problem: str
    unwritten: str = ""
    seconds: float = 0.0


def check_function(function: Any, exercise: dict[str, Any], seconds: float = math.inf) -> Report:
    """Run every public example of an exercise with a function. Grading stops a call after ``seconds``."""
    name = exercise["function"]
    if not callable(function):
        return Report(f"Give check the function itself, not what it returns: check({name})")
    groups = [[_run_example(function, name, example) for example in c["examples"]] for c in exercise["criteria"]]
    results = [result for group in groups for result in group]
    if all(result.unwritten for result in results):
        return Report(_unwritten_title(function, name, results[0].unwritten))
    if all(result.answer.value is None and not result.answer.raised for result in results):
        return Report(f"{name} returns nothing (None). Does it end with `return`? print only shows a value.")
    common_cause = _likely_cause(exercise, results, slice(None))
    criteria = []
    start = 0
    for criterion, group in zip(exercise["criteria"], groups, strict=True):
        part = slice(start, start + len(group))
        start = part.stop
        failed = next((result for result in group if result.problem), None)
        reason: tuple[str, ...] = ()
        if failed:
            hint = common_cause or _hint(exercise, results, part, failed)
            reason = (hint["holds"], failed.problem, hint["question"], hint["advice"])
        criteria.append(Criterion(criterion["name"], criterion["points"], reason))
    held = sum(not criterion.reason for criterion in criteria)
    slowest = max(result.seconds for result in results)
    notes = (f"A call took {slowest:.1f} s here. In grading, it is stopped after {seconds:g} s.",)
    return Report(
        f"{name}: {held} of {len(criteria)} criteria hold", tuple(criteria), notes if slowest > seconds else ()
    )


def _unwritten_title(function: Any, name: str, unwritten: str) -> str:
    if unwritten in (name, getattr(function, "__name__", ""), "<lambda>", "__call__"):
        if _has_stub_line(function):
            return f"{name} contains an answer, and still the line `raise NotImplementedError()`. Delete that line."
        return f"{name}: not written yet. Put your code in place of `raise NotImplementedError()`."
    return f"{name}: not written yet (it calls {unwritten}, which is not written yet)"


def _has_stub_line(function: Any) -> bool:
    """Whether the cell that defines a function left the stub's line beside an answer."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    definitions = cell_names.names_of("".join(linecache.getlines(code.co_filename))).definitions
    return any(definition.name == code.co_name and definition.has_stub_line for definition in definitions)


def _run_example(function: Any, name: str, example: dict[str, Any]) -> _Result:
    """Call the function with new arrays, and see whether they are the same afterwards."""
    (args, kwargs), (args_before, kwargs_before) = _arguments(example), _arguments(example)
    call = format_call(name, args_before, kwargs_before)
    clause, expected = example["clause"], list(map(_expected_part, example["expected"]))
    start = time.perf_counter()
    try:
        with loading.silenced():
            value = function(*args, **kwargs)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        inner, line, code = loading.error_place(error)
        place = f", in line {line} of its cell: {code}" if line else ""
        problem = f"{call} raised {loading.describe_error(error)}{place}"
        unwritten = (inner or name) if isinstance(error, NotImplementedError) else ""
        return _Result(clause, expected, Answer(raised=type(error).__name__), problem, unwritten)
    seconds = time.perf_counter() - start
    before, after = [*args_before, *kwargs_before.values()], [*args, *kwargs.values()]
    answer = Answer(to_plain_value(value), changed=not all(map(is_unchanged, before, after)))
    problem = describe_mismatch(call, expected, answer, pure=clause == "pure")
    return _Result(clause, expected, answer, problem, seconds=seconds)


def _arguments(example: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return list(map(from_json, example["args"])), {name: from_json(data) for name, data in example["kwargs"].items()}


def _expected_part(data: dict[str, Any]) -> Expected:
    return Expected(**{**data, "array": from_json(data["array"]), "zeros": from_json(data["zeros"])})


def _hint(exercise: dict[str, Any], results: Sequence[_Result], part: slice, failed: _Result) -> dict[str, str]:
    """Return the hint for one criterion when no known mistake explains all of them, because there may be two."""
    if failed.answer.raised in NAME_ERRORS:
        return NAME_HINT
    # Too many mistakes lead to an exception or a NaN to name one of them.
    is_ambiguous = failed.answer.raised or "NaN" in failed.problem
    cause = None if is_ambiguous else _likely_cause(exercise, results, part)
    hint: dict[str, str] = cause or exercise["hints"][failed.clause]
    return hint


def _likely_cause(exercise: dict[str, Any], results: Sequence[_Result], part: slice) -> dict[str, str] | None:
    """Return the hint of the first known mistake that gives the student's answers on every example of this part."""
    if not any(result.problem for result in results[part]):
        return None
    for mistake in exercise["misconceptions"]:
        if all(map(_agrees_with_mistake, results[part], mistake["answers"][part])):
            hint: dict[str, str] = mistake["hint"]
            return hint
    return None


def _agrees_with_mistake(result: _Result, data: dict[str, Any] | None) -> bool:
    """Whether an answer agrees with that of a known mistake; None stands for a mistake that gives the right answer."""
    mistaken = expected_answer(result.expected)
    if data is not None:
        mistaken = Answer(from_json(data.get("value")), data.get("raised", ""), data.get("changed", False))
    return answers_agree(result.answer, mistaken, [part.tolerance for part in result.expected])


def _check_module(
    module: types.ModuleType, exercise: dict[str, Any], problems: Sequence[loading.CellProblem], seconds: float
) -> Report:
    """Check what the function's name stands for after all cells ran; ``problems`` are of cells that raised."""
    name = exercise["function"]
    function = getattr(module, name, None)
    if callable(function):
        return check_function(function, exercise, seconds)
    if function is not None:
        return Report(f"{name} is there, but it is not a function. Define it with `def {name}(...)`.")
    if problems:
        cause = next((problem for problem in problems if f"def {name}" in problem.source), problems[0])
        return Report(f"{name} is not there, because {cause.text}. Fix that cell, run it, and save the notebook.")
    return Report(f"The notebook runs, but it defines no function {name}. Check the spelling of its name.")


# What the grader may not have.


def _import_notes(modules: Mapping[str, str], data: dict[str, Any]) -> Iterator[str]:
    """Say which imported modules the grader lacks. ``modules`` says by module where it is imported, in brackets."""
    if "packages" not in data:
        return
    for module, place in modules.items():
        if (HERE / f"{module}.py").is_file():
            if module not in OWN_MODULES:
                yield f"Submit {module}.py together with your notebook, which imports it{place}."
        elif module not in sys.stdlib_module_names and module not in data["packages"]:
            yield (
                f"The grader does not have {module}, which the notebook imports{place}. Do without it, or ask your "
                "instructor to allow it."
            )


def _modules_beside(function: Any) -> dict[str, str]:
    """Return the modules that the notebook of a function has imported, or imported a function or class from."""
    modules = {}
    for name, value in getattr(function, "__globals__", {}).items():
        if name.startswith("_") or name in NAMES_OF_IPYTHON:
            continue
        if isinstance(value, types.ModuleType):
            module = value.__name__
        elif isinstance(value, types.FunctionType | type):
            module = value.__module__
        else:
            continue
        modules[str(module).partition(".")[0]] = ""
    return {module: place for module, place in modules.items() if module != "__main__"}


if __name__ == "__main__":
    sys.exit(main())
