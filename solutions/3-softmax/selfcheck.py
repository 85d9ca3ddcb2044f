"""Check your own work: `check(...)` in the notebook; `python selfcheck.py` or `python -m pytest` in a terminal.

All three ask your function the public examples of selfcheck.json and say the same words. The grader asks for the same
promises on other numbers. Needs numpy and the two files beside this one, no internet.
"""

from __future__ import annotations

import contextlib
import html
import json
import os
import sys
import textwrap
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

try:
    import loading
    from comparing import (
        LOST,
        NAMES,
        Answer,
        Expected,
        answers_agree,
        describe_mismatch,
        format_call,
        from_data,
        same,
        to_plain_data,
    )
except ModuleNotFoundError as missing:
    if __name__ != "__main__":
        raise  # the notebook says it in its own words
    print(f"{missing.name} is missing. Put comparing.py and loading.py beside selfcheck.py, and install numpy.")
    sys.exit(2)

HERE = Path(__file__).absolute().parent
WIDTH = 79
PUBLIC = "These are public examples; the grader asks for the same on other numbers."
STOPPED = "Stopped by hand. If your function did not end by itself, look for a loop without an end."
COLOURS = {"pass": "#2e8b57", "not yet": "#c77700"}
INDENT = " " * 11
PLAIN = str.maketrans(
    {"√": "sqrt ", "ᵀ": "^T", "·": "*", "×": "x", "≠": "!=", "–": "-", "—": "-", "…": "...", "’": "'"}
)


class Unusable(Exception):
    """There is nothing to check; the text says what is missing and what would work."""


class NotYet(AssertionError):
    """A check that fails while `nbgrader validate` runs; Jupyter shows the report and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


@dataclass(frozen=True)
class Criterion:
    """One criterion: it holds, or there is a reason in a few sentences."""

    name: str
    points: float
    reason: tuple[str, ...] = ()


def _same_hint(one: Criterion, other: Criterion) -> bool:
    return one.reason[:1] + one.reason[2:] == other.reason[:1] + other.reason[2:]


@dataclass(frozen=True)
class Report:
    """What became of one function: its criteria, or only a title that says why no example could be asked."""

    title: str
    criteria: tuple[Criterion, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.criteria) and not any(criterion.reason for criterion in self.criteria)

    def rows(self) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """Each criterion as people read it: mark, name, points, reason. One that may follow from another is short."""
        missed: list[Criterion] = []
        for one in self.criteria:
            if not one.reason:
                yield "pass", one.name, f"{one.points:g} / {one.points:g}", ()
                continue
            root = next((other for other in missed if other is self.criteria[0] or _same_hint(other, one)), None)
            reason = (f'Mend "{root.name}" first: this may follow from it.',) if root else one.reason
            yield "not yet", one.name, f"0 / {one.points:g}", reason
            missed.append(one)

    def __repr__(self) -> str:
        lines = textwrap.wrap(self.title, WIDTH)
        width = max((len(criterion.name) for criterion in self.criteria), default=0)
        for mark, name, points, reason in self.rows():
            lines.append(f"  {mark:7}  {name:{width}}  {points}")
            for sentence in reason:
                lines += textwrap.wrap(sentence, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
        return "\n".join([*lines, PUBLIC] if self.criteria else lines)

    def _repr_html_(self) -> str:
        """The same words as a table; colour only repeats what the words say, and suits light and dark themes."""
        title = f"<p><strong>{html.escape(self.title)}</strong></p>"
        if not self.criteria:
            return title
        style = "text-align:left; vertical-align:top; padding:0.4em 0.8em;"
        rows = "".join(
            f'<tr><th scope="row" style="{style} white-space:nowrap; border-left:5px solid {COLOURS[mark]}">{mark}</th>'
            f'<td style="{style}">{html.escape(name)}</td><td style="{style} white-space:nowrap">{points}</td>'
            f'<td style="{style} white-space:normal">{"<br>".join(map(html.escape, reason))}</td></tr>'
            for mark, name, points, reason in self.rows()
        )
        return f'{title}<table style="table-layout:auto; margin-left:0; color:inherit">{rows}</table><p>{PUBLIC}</p>'


def check(function: Any) -> None:
    """Ask ``function`` the public examples, and show what holds, what does not yet, and one thing to try."""
    try:
        exercises = read_data()["exercises"]
        name = getattr(function, "__name__", "")
        report = judge(function, next((one for one in exercises if one["function"] == name), exercises[0]))
    except (Exception, KeyboardInterrupt) as error:
        report = Report(what_happened(error))
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not report.holds:
        raise NotYet(repr(report))
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell:
        sys.modules["IPython"].display.display(report)
    else:
        say(repr(report))


def check_notebook() -> dict[str, Report]:
    """Run the saved notebook in this folder, and report on each function in it."""
    exercises, module = read_data()["exercises"], types.ModuleType(loading.SUBMISSION)
    ours = {loading.SUBMISSION: module, "selfcheck": loading.Silent("selfcheck"), "plots": loading.Silent("plots")}
    with contextlib.chdir(HERE), loading.changed(os.environ, {"MPLBACKEND": "Agg"}), loading.changed(sys.modules, ours):
        try:
            problems = loading.run(loading.sources(loading.read_notebook(saved_notebook()[0])), module)
        except loading.UnreadableNotebookError as error:
            return {one["function"]: Report(str(error)) for one in exercises}
        return {one["function"]: _of_saved(module, one, problems) for one in exercises}


def saved_notebook() -> tuple[Path, str]:
    """The notebook in this folder, and a sentence that says which it is and when it was saved (local time)."""
    path = HERE / read_data()["notebook"]
    others = ", ".join(sorted(one.name for one in HERE.glob("[!.]*.ipynb") if one.name != path.name))
    if not path.is_file():
        found = f" There is {others}: if that is yours, rename it." if others else ""
        raise Unusable(f"There is no {path.name} in {HERE}. Save your notebook there, under this name.{found}")
    when = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M:%S")
    return path, f"Read {path.name}, saved {when}." + (f" Not read: {others}." if others else "")


def read_data() -> dict[str, Any]:
    """What selfcheck.json holds."""
    try:
        data: dict[str, Any] = json.loads((HERE / "selfcheck.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unusable(f"selfcheck.json in {HERE} is missing or damaged. Copy it again from your course.") from error
    return data


def what_happened(error: BaseException) -> str:
    """Why nothing could be checked, in a sentence."""
    if isinstance(error, KeyboardInterrupt):
        return STOPPED
    if isinstance(error, Unusable):
        return str(error)
    return f"The self-check failed, not your work ({loading.words(error)}). Copy its files again from your course."


def say(text: str) -> None:
    """Print, also on a console that lacks some of the characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
    print(text)


# Judging: the grader's rules, on public examples.


@dataclass(frozen=True)
class _Asked:
    """One example and what came of it; ``seen`` says what is wrong, and is empty where nothing is."""

    clause: str
    wanted: list[Expected]
    answer: Answer
    seen: str
    unwritten: str = ""  # the function that raised NotImplementedError


def judge(function: Any, exercise: dict[str, Any]) -> Report:
    """Ask a function every public example of an exercise."""
    name = exercise["function"]
    if not callable(function):
        return Report(f"check wants the function itself, not what it returns: check({name})")
    groups = [[_ask(function, name, example) for example in one["examples"]] for one in exercise["criteria"]]
    asked = [one for group in groups for one in group]
    if all(one.unwritten for one in asked):
        inner = asked[0].unwritten
        own = inner in (name, getattr(function, "__name__", ""), "<lambda>", "__call__")
        why = ". Put your code in place of `raise NotImplementedError()`."
        return Report(f"{name}: not written yet{why if own else f' (it calls {inner}, which is not written yet)'}")
    if all(one.answer.value is None and not one.answer.raised for one in asked):
        return Report(f"{name} gives nothing back (None). Does it end with `return`? print only shows a value.")
    cause, at, criteria = _likely_cause(exercise, asked, slice(None)), 0, []
    for criterion, group in zip(exercise["criteria"], groups, strict=True):
        failed = next((one for one in group if one.seen), None)
        hint = cause or (_hint(exercise, asked, slice(at, at + len(group)), failed) if failed else {})
        at += len(group)
        reason = (hint["holds"], failed.seen, hint["question"], hint["advice"]) if failed else ()
        criteria.append(Criterion(criterion["name"], criterion["points"], reason))
    held = sum(not criterion.reason for criterion in criteria)
    return Report(f"{name}: {held} of {len(criteria)} criteria hold", tuple(criteria))


def _ask(function: Any, name: str, example: dict[str, Any]) -> _Asked:
    """Ask one example with fresh arrays, and see whether they are the same afterwards."""
    (args, kwargs), (before, named) = _arguments(example), _arguments(example)
    call = format_call(name, before, named)
    wanted = [Expected(**one | {key: from_data(one[key]) for key in ("array", "zeros")}) for one in example["wanted"]]
    try:
        with loading.quiet():
            value = function(*args, **kwargs)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        inner, line, code = loading.place(error)
        where = f", in line {line} of its cell: {code}" if line else ""
        unwritten = (inner or name) if isinstance(error, NotImplementedError) else ""
        answer, seen = Answer(raised=type(error).__name__), f"{call} raised {loading.words(error)}{where}"
        return _Asked(example["clause"], wanted, answer, seen, unwritten)
    after = [*args, *kwargs.values()]
    answer = Answer(to_plain_data(value), changed=not all(map(same, [*before, *named.values()], after)))
    return _Asked(
        example["clause"], wanted, answer, describe_mismatch(call, wanted, answer, pure=example["clause"] == "pure")
    )


def _arguments(example: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return list(map(from_data, example["args"])), {name: from_data(data) for name, data in example["kwargs"].items()}


def _hint(exercise: dict[str, Any], asked: Sequence[_Asked], part: slice, failed: _Asked) -> dict[str, str]:
    """What to say of one criterion where no known mistake explains all of them: two mistakes may have met."""
    if failed.answer.raised in NAMES:
        return LOST
    many = failed.answer.raised or "NaN" in failed.seen  # too many ways lead there to name one
    alone = None if many else _likely_cause(exercise, asked, part)
    hint: dict[str, str] = alone or exercise["hints"][failed.clause]
    return hint


def _likely_cause(exercise: dict[str, Any], asked: Sequence[_Asked], part: slice) -> dict[str, str] | None:
    """The hint of the first known mistake that gives the same answer as yours on every example of this part."""

    def agrees(one: _Asked, data: dict[str, Any] | None) -> bool:
        right = tuple(part.array for part in one.wanted)
        mistaken = Answer(right if len(right) > 1 else right[0])  # where there is no data, the mistake does not show
        if data is not None:
            mistaken = Answer(from_data(data.get("value")), data.get("raised", ""), data.get("changed", False))
        return answers_agree(one.answer, mistaken, [part.tolerance for part in one.wanted])

    mistakes = exercise["misconceptions"] if any(one.seen for one in asked[part]) else []
    return next((one["hint"] for one in mistakes if all(map(agrees, asked[part], one["answers"][part]))), None)


# Running a saved notebook, by the grader's rules.


def _of_saved(module: types.ModuleType, exercise: dict[str, Any], problems: Sequence[tuple[str, str]]) -> Report:
    """The report on what a function's name holds after all cells ran."""
    name = exercise["function"]
    function = getattr(module, name, None)
    if callable(function):
        return judge(function, exercise)
    if function is not None:
        return Report(f"{name} is there, but it is not a function. Define it with `def {name}(...)`.")
    if problems:
        cause = next((problem for source, problem in problems if f"def {name}" in source), problems[0][1])
        return Report(f"{name} is not there, because {cause}. Mend that cell, run it, and save the notebook.")
    return Report(f"The notebook runs, but it defines no function {name}. Check the spelling of its name.")


def main() -> int:
    """`python selfcheck.py`: 0 when everything holds, 1 when something is missing or wrong, 2 without a notebook."""
    try:
        say(saved_notebook()[1])
        reports = check_notebook().values()
    except (Exception, KeyboardInterrupt) as error:
        say(what_happened(error))
        return 2
    for report in reports:
        say(repr(report))
    return 0 if all(report.holds for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
