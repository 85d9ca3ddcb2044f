"""The programs whose right verdict is known: the notebook's solution, correct alternatives and misconceptions."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from functools import partial
from pathlib import Path
from typing import Any

import jupytext

from autograder.course.catalogue import Lesson
from autograder.exercise import Program
from autograder.judging.reference_answers import ReferenceAnswers, passes_all, run_trusted

SOLUTION = "solution"  # the name of the notebook's own solution among the correct programs
MAX_MUTANT_SECONDS = 2.0
MAX_MUTANT_BYTES = 4 << 30
_PACKAGE_MODULES = ("autograder.contract", "autograder.exercise", "autograder.exercises", "course_exercises")
# Defines each module as soon as the modules that it imports are there.
_DEFINE_MODULES = """\
import sys, types
while texts:
    name = next(iter(texts))
    text = texts.pop(name)
    sys.modules[name] = types.ModuleType(name)
    try:
        exec(compile(text, name, "exec"), sys.modules[name].__dict__)
    except ModuleNotFoundError:
        del sys.modules[name]
        texts[name] = text
"""


def correct_programs(lesson: Lesson) -> dict[str, str]:
    """Return the text of the notebook's solution and of each file in ``correct/``, by name."""
    alternatives = sorted((lesson.source.parent / "correct").glob("*.py"))
    return {SOLUTION: _solution(lesson)} | {path.stem: path.read_text(encoding="utf-8") for path in alternatives}


def _solution(lesson: Lesson) -> str:
    """Return the notebook's answer, preceded by the answers that it may call."""
    assert lesson.exercise is not None
    cells = jupytext.reads(lesson.source.read_text(encoding="utf-8"), fmt="py:percent").cells
    answers = [cell for cell in cells if "answer" in cell.metadata and "tags" not in cell.metadata]
    names = [cell.metadata["answer"] for cell in answers]
    needed = answers[: names.index(lesson.exercise.function) + 1]
    return "\n\n".join(["import numpy as np", *(cell.source for cell in needed)])


def misconception_program(lesson: Lesson, slug: str) -> str:
    """Return a text that defines a misconception's program in the sandbox, which cannot import this package."""
    assert lesson.exercise is not None
    definition = str(lesson.source.with_name("exercise.py"))
    files = {name: module.__file__ for name, module in sys.modules.items() if name.startswith(_PACKAGE_MODULES)}
    texts = {name: Path(file).read_text(encoding="utf-8") for name, file in files.items() if file}
    module = next(name for name, file in files.items() if file == definition)
    program = f"m.program for m in sys.modules[{module!r}].EXERCISE.misconceptions if m.slug == {slug!r}"
    return f"texts = {texts!r}\n{_DEFINE_MODULES}\n{lesson.exercise.function} = next({program})"


def load_program(text: str, function: str) -> Program:
    """Run a program's text and return the function that it defines. Raises whatever the text raises."""
    namespace: dict[str, Any] = {"__name__": "submission"}
    exec(compile(text, "<program>", "exec"), namespace)
    program: Program = namespace[function]
    return program


def mutant_survives(answers: ReferenceAnswers, text: str) -> bool:
    """Tell whether a mutant passes every case. It runs in a separate process, which is killed after two seconds."""
    process = multiprocessing.get_context("fork").Process(target=_exit_0_if_all_pass, args=(answers, text))
    process.start()
    process.join(MAX_MUTANT_SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()
    survived = process.exitcode == 0
    process.close()
    return survived


def _exit_0_if_all_pass(answers: ReferenceAnswers, text: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MUTANT_BYTES, MAX_MUTANT_BYTES))
    try:
        survived = passes_all(answers, partial(run_trusted, load_program(text, answers.exercise.function)))
    except BaseException:
        survived = False
    raise SystemExit(0 if survived else 1)
