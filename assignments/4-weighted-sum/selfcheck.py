"""Check your functions on public examples: check(softmax) in the notebook, or `python selfcheck.py` in a terminal.

Everything it compares with stands in selfcheck.json beside this file: example inputs, right answers, and the answers
that common mistakes give. Grading uses other inputs of the same kinds.
"""

import contextlib
import html
import importlib.util
import io
import json
import os
import sys
import textwrap
import time
import types
import warnings
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
WIDTH = 88


def _neighbour(name):
    """The module `name` from this folder, wherever Python was started."""
    spec = importlib.util.spec_from_file_location(f"{name} of {HERE.name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


try:
    comparing, loading = _neighbour("comparing"), _neighbour("loading")
    DATA = json.loads((HERE / "selfcheck.json").read_text(encoding="utf-8"))
except FileNotFoundError as missing:
    raise SystemExit(f"Put {Path(missing.filename).name} back beside selfcheck.py, in {HERE}.") from None


# One function, checked ------------------------------------------------------------------------------------------------


class Row:
    """One criterion: "pass", "not yet" or "not written yet", and why."""

    def __init__(self, criterion, state, reason=()):
        self.criterion, self.state, self.reason = criterion, state, [line for line in reason if line]


class Result:
    """What the check of one function found; shows itself as a table."""

    def __init__(self, function, rows):
        self.function, self.rows = function, rows
        self.ok = all(row.state == "pass" for row in rows)

    def __str__(self):
        if all(row.state == "not written yet" for row in self.rows):
            return f"{self.function}: not written yet"
        lines = [f"{self.function}: {'all criteria hold' if self.ok else 'not there yet'}"]
        for row in self.rows:
            lines.append(f"  {row.state:8} {row.criterion}")
            for sentence in row.reason:
                lines += textwrap.wrap(sentence, WIDTH, initial_indent=" " * 11, subsequent_indent=" " * 11)
        return "\n".join(lines)

    def __repr__(self):
        return str(self)

    def _repr_html_(self):
        cell = "style='text-align:left;vertical-align:top;white-space:normal;padding:.3em .8em'"
        head = html.escape(str(self).split("\n")[0])
        if self.rows[0].state == "not written yet":
            return f"<p><strong>{head}</strong></p>"
        rows = "".join(
            f"<tr><td {cell}><strong>{row.state}</strong></td><td {cell}>{html.escape(row.criterion)}</td>"
            f"<td {cell}>{'<br>'.join(map(html.escape, row.reason))}</td></tr>"
            for row in self.rows
        )
        return (
            f"<table><caption style='text-align:left'><strong>{head}</strong></caption>"
            f"<thead><tr><th {cell}>result</th><th {cell}>criterion</th><th {cell}>why; what to try</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def examine(function, name):
    """Ask every public example of the exercise `name`; the mistake is named only if it explains every answer."""
    exercise = DATA["exercises"][name]
    asked = [[(example, _ask(function, example)) for example in c["examples"]] for c in exercise["criteria"]]
    answers = [pair for group in asked for pair in group]
    if all(answer.raised == "NotImplementedError" for _, (answer, _) in answers):
        return Result(name, [Row(c["name"], "not written yet") for c in exercise["criteria"]])
    slug = _mistake(exercise, answers)
    rows = []
    for criterion, group in zip(exercise["criteria"], asked, strict=True):
        wrong = next(((example, *seen) for example, seen in group if _wrong(example, seen[0])), None)
        if wrong is None:
            rows.append(Row(criterion["name"], "pass"))
            continue
        example, answer, how = wrong
        hint = exercise["misconceptions"][slug] if slug else exercise["clauses"][example["clause"]]
        reason = [hint["holds"], _seen(name, example, answer, how), hint["question"], hint["advice"]]
        rows.append(Row(criterion["name"], "not yet", reason))
    return Result(name, rows)


def _ask(function, example):
    """The answer to one example, and for an exception where it was raised. Arguments are fresh each time."""
    args, kwargs = _arguments(example)
    before = [one.tobytes() for one in [*args, *kwargs.values()] if isinstance(one, np.ndarray)]
    quiet = io.StringIO()
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(), contextlib.redirect_stdout(quiet):
            warnings.simplefilter("ignore")
            value = function(*args, **kwargs)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return comparing.Answer(raised=type(error).__name__), _where(error)
    after = [one.tobytes() for one in [*args, *kwargs.values()] if isinstance(one, np.ndarray)]
    return comparing.Answer(value, changed=before != after), ""


def _arguments(example):
    """Fresh arguments for a call."""
    return [_value(one) for one in example["args"]], {name: _value(one) for name, one in example["kwargs"].items()}


def _where(error):
    """An exception's own words and the line of the student's code that raised it."""
    line, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(str(Path(np.__file__).parent)) and code.co_filename != __file__:
            line = f" (line {trace.tb_lineno} of {code.co_name})"
        trace = trace.tb_next
    return f"{_words(error)}{line}"


def _wrong(example, answer):
    if answer.raised or (example["clause"] == "pure" and answer.changed):
        return True
    return comparing.difference(_wanted(example), answer.value) is not None


def _mistake(exercise, answers):
    """The first mistake that agrees with every answer; None where none does, or where every answer is right."""
    if not any(_wrong(example, answer) for example, (answer, _) in answers):
        return None
    for slug in exercise["misconceptions"]:
        if all(_alike(example, example["answers"][slug], answer) for example, (answer, _) in answers):
            return slug
    return None


def _alike(example, theirs, answer):
    known = comparing.Answer(_value(theirs["value"]), theirs["raised"], theirs["changed"])
    return comparing.alike(known, answer, [part["tolerance"] for part in example["wanted"]])


def _seen(name, example, answer, how):
    """What was expected and what came, in one sentence."""
    args, kwargs = _arguments(example)
    call = comparing.show_call(name, args, kwargs)
    if answer.raised:
        return f"{call} raised {how}"
    what = comparing.difference(_wanted(example), answer.value)
    if what is None:
        return f"{call} changed the array that it was given."
    right = [part.array for part in _wanted(example)]
    right = comparing.show(right[0] if len(right) == 1 else tuple(right))
    return f"{call} should give {right}. Yours gave {comparing.show(answer.value)}: {what}."


def _wanted(example):
    return [
        comparing.Wanted(
            part["name"],
            _value(part["array"]),
            part["tolerance"],
            part["may_be_integer"],
            None if part["zeros"] is None else _value(part["zeros"]),
        )
        for part in example["wanted"]
    ]


class _Odd:
    """Stands for a value of which only the type's name is known."""

    def __init__(self, type_name):
        self.type_name = type_name


def _value(plain):
    """A value from selfcheck.json: arrays with their dtype, memory order and read-only flag."""
    if not isinstance(plain, dict):
        return plain
    if "tuple" in plain:
        return tuple(_value(part) for part in plain["tuple"])
    if "type" in plain:
        return _Odd(plain["type"])
    array = np.array(plain["array"], dtype=plain["dtype"])
    if plain["order"] == "strided":
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    array = np.asfortranarray(array) if plain["order"] == "F" else array
    array.flags.writeable = not plain["readonly"]
    return array


# The three ways to check ----------------------------------------------------------------------------------------------


class CheckFailed(AssertionError):
    """Raised only under `nbgrader validate`; Jupyter shows its text and no traceback."""

    def _render_traceback_(self):
        return str(self).split("\n")


def check(*functions):
    """Check functions in the notebook: a table of what holds, and what to try where something does not."""
    for function in functions:
        result = examine(function, _exercise_of(function))
        if os.environ.get("NBGRADER_EXECUTION") == "validate" and not result.ok:
            raise CheckFailed(str(result))
        try:
            from IPython import get_ipython
            from IPython.display import display
        except ModuleNotFoundError:
            get_ipython = None
        if get_ipython and get_ipython():
            display(result)
        else:
            _say(str(result))


def _exercise_of(function):
    """The exercise that a function is meant for: by its name, else the only one of this folder."""
    name = getattr(function, "__name__", "")
    return name if name in DATA["exercises"] else next(iter(DATA["exercises"]))


class Saved:
    """The notebook as it was saved: when that was, and what its cells left behind when they ran in order."""

    def __init__(self, folder=HERE):
        self.path = folder / DATA["notebook"]
        if not self.path.is_file():
            others = sorted(path.name for path in folder.glob("*.ipynb"))
            found = f" There is {', '.join(others)}: rename it." if others else ""
            raise loading.UnreadableNotebook(f"{DATA['notebook']} is not beside selfcheck.py, in {folder}.{found}")
        saved = self.path.stat().st_mtime
        self.when = f"{time.strftime('%Y-%m-%d %H:%M', time.localtime(saved))} ({_ago(time.time() - saved)} ago)"
        sources = loading.sources(loading.read_notebook(self.path))
        self.sources = dict(sources)
        self.names, self.problems = _run(sources, folder)

    def results(self):
        """The result of each exercise of this folder."""
        return [self._result(name) for name in DATA["exercises"]]

    def _result(self, name):
        function = self.names.get(name)
        if callable(function):
            return examine(function, name)
        if function is not None:
            reason = [f"{name} is there, but it is not a function. Define it with: def {name}(...)"]
        elif self.problems:
            defining = [text for label, text in self.problems.items() if f"def {name}" in self.sources[label]]
            why = (defining or list(self.problems.values()))[0]
            reason = [f"{name} is not there, because {why}. Mend that cell, run it, and save."]
        else:
            reason = [f"The notebook defines no function {name}. Check the spelling of its name."]
        return Result(name, [Row("the notebook's code", "not yet", reason)])


def _run(sources, folder):
    """Run the cells in order in one namespace; one that raises is noted and does not stop the next."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    module = types.ModuleType("notebook")
    module.__dict__["display"] = _nothing
    problems, quiet = {}, io.StringIO()
    before = {name: sys.modules.get(name) for name in ("selfcheck", "plots")}
    sys.modules.update({name: _Silent(name) for name in before})
    folder_before, path_before = Path.cwd(), list(sys.path)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        for label, source in sources:
            try:
                with warnings.catch_warnings(), contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
                    warnings.simplefilter("ignore")
                    exec(compile(source, label, "exec"), module.__dict__)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                problems[label] = f"{label}{_line(error, label)} raised {_words(error)}"
    finally:
        os.chdir(folder_before)
        sys.path[:] = path_before
        for name, old in before.items():
            sys.modules.pop(name)
            if old is not None:
                sys.modules[name] = old
    return module.__dict__, problems


class _Silent(types.ModuleType):
    """Stands in for the course's own modules while the notebook runs: everything in it does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*args, **kwargs):
    return None


def _words(error):
    """An exception's kind and text; of a syntax error without the file that Python made up for the cell."""
    return f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"


def _line(error, label):
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    lines, trace = [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == label:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return f", line {lines[-1]}" if lines else ""


def _ago(seconds):
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def _say(text):
    """Print on any terminal: a character that it does not know becomes a question mark."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, errors="replace").decode(encoding), flush=True)


def main():
    """Check the saved notebook; 0 when all holds, 1 when something is missing, 2 when there is nothing to check."""
    try:
        saved = Saved()
    except loading.UnreadableNotebook as problem:
        _say(str(problem))
        return 2
    except KeyboardInterrupt:
        _say("Stopped. A cell was still running: look for a loop without an end.")
        return 2
    _say(f"Read {saved.path.name}, saved {saved.when}.")
    results = saved.results()
    for result in results:
        _say(f"\n{result}")
    return 0 if all(result.ok for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
