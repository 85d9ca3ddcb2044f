"""The programs that an audit runs, all of them ours: the notebook's solution, correct alternatives, misconceptions."""

from __future__ import annotations

import multiprocessing
import re
import resource
import sys
from functools import partial
from pathlib import Path
from typing import Any

import jupytext

from autograder.course.catalogue import Lesson
from autograder.exercise import Program
from autograder.judging.reference_answers import ReferenceAnswers, passes_all, run_trusted

KEY = "solution"  # the name of the notebook's own answer among the right programs
_SECONDS = 2.0  # for one mutant
_MEMORY = 4 << 30
_OURS = re.compile(r"autograder$|(autograder\.(contract|exercise|exercises)|course_exercises)(\.|$)")
_DEFINE = """\
import sys, types
while texts:  # each as soon as what it imports is there
    name = next(iter(texts))
    text = texts.pop(name)
    sys.modules[name] = types.ModuleType(name)
    try:
        exec(compile(text, name, "exec"), sys.modules[name].__dict__)
    except ModuleNotFoundError:
        del sys.modules[name]
        texts[name] = text
"""


def right_texts(lesson: Lesson) -> dict[str, str]:
    """The text of the notebook's solution, and of every file in ``correct/`` beside the exercise definition."""
    assert lesson.exercise is not None
    cells = jupytext.reads(lesson.source.read_text(encoding="utf-8"), fmt="py:percent").cells
    answers = [cell for cell in cells if "answer" in cell.metadata and "tags" not in cell.metadata]
    last = next(i for i, cell in enumerate(answers) if cell.metadata["answer"] == lesson.exercise.function)
    key = "\n\n".join(["import numpy as np", *(cell.source for cell in answers[: last + 1])])
    others = sorted((lesson.source.parent / "correct").glob("*.py"))
    return {KEY: key} | {path.stem: path.read_text(encoding="utf-8") for path in others}


def mistake_text(lesson: Lesson, slug: str) -> str:
    """A text that defines a misconception's program for the sandbox, where nothing of ours can be imported."""
    assert lesson.exercise is not None
    card = lesson.source.with_name("exercise.py")
    files = {name: module.__file__ for name, module in sys.modules.items() if _OURS.match(name)}
    texts = {name: Path(file).read_text(encoding="utf-8") for name, file in files.items() if file}
    last = next(name for name, file in files.items() if file == str(card))
    chosen = f"m.program for m in sys.modules[{last!r}].EXERCISE.misconceptions if m.slug == {slug!r}"
    return f"texts = {texts!r}\n{_DEFINE}\n{lesson.exercise.function} = next({chosen})"


def load(text: str, function: str) -> Program:
    """The function that a text defines; whatever the text raises."""
    namespace: dict[str, Any] = {"__name__": "submission"}
    exec(compile(text, "<program>", "exec"), namespace)
    program: Program = namespace[function]
    return program


def survives(sheet: ReferenceAnswers, text: str) -> bool:
    """Whether a mutant passes every case. It runs in a process of its own, which is stopped after two seconds."""
    process = multiprocessing.get_context("fork").Process(target=_passes, args=(sheet, text))
    process.start()
    process.join(_SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()
    survived = process.exitcode == 0
    process.close()
    return survived


def _passes(sheet: ReferenceAnswers, text: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        survived = passes_all(sheet, partial(run_trusted, load(text, sheet.exercise.function)))
    except BaseException:
        survived = False
    raise SystemExit(0 if survived else 1)
