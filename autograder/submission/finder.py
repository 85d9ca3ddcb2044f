"""Decide which file of a submitted folder is the student's work.

A file is used if it is clear that it is meant, and a note says which. Where it is likely, it is used and a
person has to confirm it. Otherwise a person has to choose. Files that contain the same answers count as one, and the
notebook as it was handed out is no work.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.formatting import strip_control_characters
from autograder.student_files import loading
from autograder.student_files.loading import Notebook, UnreadableNotebookError, cells_of, source_of
from autograder.submission.candidates import Candidate, Candidates, Kind, find_candidates
from autograder.submission.cell_matching import exercise_functions
from autograder.submission.companion_modules import read_siblings
from autograder.submission.reader import Submission, load_release, parse_notebook, read_submission
from autograder.submission.restore import ONLY_THE_FUNCTION, assignment_of
from autograder.submission.student_work import Place, StudentText, is_untouched_function, is_untouched_text
from autograder.submission.submitted_file import Rejection, SubmittedFile
from autograder.submission.submitted_folder import (
    SubmittedFolder,
    is_document,
    read_single_file,
    read_submitted_folder,
)
from autograder.verdict import Status

MAX_LISTED_NAMES = 5
MAX_PARSED = 50  # candidates
_DEFINITION = re.compile(rb"\b(def|lambda|class)\b")

RENAMED = "Your notebook was submitted as {found} and read as {name}.ipynb."
ORIGINAL_BESIDE = "{name}.ipynb is as it was handed out. Your answers were found in {found}, and that was read instead."
UNREADABLE_BESIDE = (
    "{name}.ipynb could not be used ({reason}). {found} was read instead. Make sure that it is the right one."
)
SEVERAL = "There are notebooks with different answers: {names}. {found} was read. Make sure that it is the right one."
SEVERAL_TO_CHOOSE = (
    "There are several files with different answers: {names}. Choose the one to grade, and submit only that."
)
FROM_CHECKPOINT = (
    "The answers were found only in {found}, a copy that was saved earlier. Make sure that it is the right one."
)
FROM_SCRIPT = "The answers were found only in the Python file {found}."
ONLY_OTHER_FILES = (
    "There is no notebook with answers in the submission, only files that cannot be graded automatically: {names}."
)
DIRECTORY = "{name}.ipynb is a directory, and there is no notebook in it. Submit the file itself."
NOT_A_CHOICE = (
    "{file} is no notebook or Python file of the submission, so only a person can grade it: enter its points in "
    "formgrader. These files can be graded: {names}."
)
NOTHING = "There is no {name}.ipynb in the submission, and no other notebook."


def find_notebook(
    folder: SubmittedFolder,
    name: str,
    release: Notebook | None,
    notebooks: Collection[str] = (),
    released_names: Collection[str] = (),
    functions: Sequence[str] = (),
) -> SubmittedFile | Rejection:
    """Find the notebook called ``name`` in a submitted folder, whatever its file is called.

    ``notebooks`` are the names of all notebooks of the assignment, without ``.ipynb``; ``functions`` are those that are
    asked for, if there is no release that says so.
    """
    if folder.problem is not None:
        return folder.problem
    exact_name = f"{name}.ipynb"
    siblings = {f"{notebook}.ipynb" for notebook in notebooks} - {exact_name}
    candidates = find_candidates(folder, name, released_names)
    files = [file for file in candidates.files if file.path.name not in siblings]
    if not _documents(candidates) and len(files) == 1 and str(files[0].path) == exact_name and not candidates.unusable:
        return SubmittedFile(folder.path / exact_name, files[0].data)
    if release is not None:
        functions = exercise_functions(release["cells"])
    readings = [_Reading(file, release, tuple(functions)) for file in files[:MAX_PARSED]]
    return _Choice(folder, name, readings, candidates).choose()


def read_chosen_file(
    folder: SubmittedFolder, file: str, released_names: Collection[str] = ()
) -> SubmittedFile | Rejection:
    """Read the file of a submitted folder that an instructor chose as the student's notebook.

    ``file`` is its path in the folder, which may lead through archives: "work.zip/3-softmax.ipynb".
    """
    if folder.problem is not None:
        return folder.problem
    candidates = find_candidates(folder, "", released_names)
    chosen = next((candidate for candidate in candidates.files if str(candidate.path) == file), None)
    if chosen is None:
        names = _list([str(candidate.path) for candidate in candidates.files]) or "none"
        return Rejection(Status.MISSING, NOT_A_CHOICE.format(file=strip_control_characters(file), names=names))
    siblings = _siblings(candidates, chosen)
    return SubmittedFile(folder.path / chosen.path, chosen.as_notebook(), siblings=siblings)


def read_path(
    path: Path, function: str, releases: Path | None = None
) -> tuple[Submission | Rejection, Mapping[str, bytes]]:
    """Read what was submitted for one function: a notebook, a Python file, an archive, or a folder with any of them.

    Return it together with the Python files in its folder, by their paths in that folder.
    ``releases`` is the assignments/ folder of a course. The notebook in a folder or an archive is restored from the
    release that asks for the function; a notebook by itself from the one that it names.
    """
    if not path.is_dir() and (path.suffix in (".ipynb", ".py") or not path.is_file() or path.is_symlink()):
        submission = read_submission(path, releases)
        return submission, read_siblings(path) if isinstance(submission, Submission) else {}
    assignment, release = _release_with(function, releases) if releases is not None else ("", None)
    released_names = os.listdir(releases / assignment) if releases is not None and assignment else []
    folder = read_submitted_folder(path, released_names) if path.is_dir() else read_single_file(path)
    if not path.is_dir() and not folder.files:
        reason = folder.unusable.get(path.name)
        return (Rejection(Status.UNREADABLE, reason) if reason else read_submission(path)), {}
    file = find_notebook(folder, assignment or path.name, release, (), released_names, [function])
    if isinstance(file, Rejection):
        return file, {}
    return parse_notebook(file, release), file.siblings


@dataclass(frozen=True)
class _Reading:
    """A candidate, and what the student wrote in it."""

    candidate: Candidate
    release: Notebook | None
    functions: tuple[str, ...]

    @cached_property
    def submission(self) -> Submission | Rejection:
        return parse_notebook(SubmittedFile(Path(self.candidate.path), self.candidate.as_notebook()), self.release)

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """The texts of the student's answers, so that copies can be recognised; empty if there are none."""
        if isinstance(self.submission, Rejection):
            return ()
        texts = self.submission.student_texts
        if texts is None:
            sources = tuple(source.strip() for _, source in self.submission.sources if source.strip())
            return () if all(map(self.submission.is_untouched, self.functions)) else sources
        return tuple(text.text.strip() for text in texts if _is_answer(text, self.functions))

    @property
    def is_of_this_assignment(self) -> bool:
        """Whether its cells are those of the assignment, and not only its function."""
        doubt = ONLY_THE_FUNCTION.format(function=" and ".join(self.functions))
        return isinstance(self.submission, Submission) and doubt not in self.submission.doubt

    @property
    def may_hide_work(self) -> bool:
        """Whether the student may have written something in it that was not understood."""
        if self.candidate.kind is Kind.SCRIPT:
            return _DEFINITION.search(self.candidate.data) is not None
        if isinstance(self.submission, Submission):
            return False
        try:
            notebook = loading.parse_notebook(self.candidate.data)
        except UnreadableNotebookError:
            return bool(self.candidate.data.strip())
        other, expected = assignment_of(notebook), assignment_of(self.release or {})
        is_of_another_assignment = bool(other and expected and other != expected)
        return not is_of_another_assignment and any(source_of(cell).strip() for cell in cells_of(notebook))

    @property
    def shown_path(self) -> str:
        return strip_control_characters(str(self.candidate.path))


class _Choice:
    """The rules, in their order."""

    def __init__(
        self, folder: SubmittedFolder, name: str, readings: Sequence[_Reading], candidates: Candidates
    ) -> None:
        self._folder, self._name, self._readings, self._candidates = folder, name, readings, candidates
        exact = (reading for reading in readings if str(reading.candidate.path) == f"{name}.ipynb")
        self._exact = next(exact, None)

    def choose(self) -> SubmittedFile | Rejection:
        if self._exact and self._exact.answers:
            return self._exact_with_answers(self._exact)
        works = next(self._works(), [])
        if not works:
            return self._without_answers()
        return self._only(works[0]) if len(works) == 1 else self._reject(SEVERAL_TO_CHOOSE, _names(works))

    def _exact_with_answers(self, exact: _Reading) -> SubmittedFile:
        notebooks = [reading for reading in self._readings if reading.candidate.kind is Kind.NOTEBOOK]
        works = _distinct(reading for reading in notebooks if reading is exact or reading.is_of_this_assignment)
        if len(works) <= 1:
            return self._file(exact)
        return self._file(exact, doubt=SEVERAL.format(names=_names(works), found=exact.shown_path))

    def _works(self) -> Iterator[list[_Reading]]:
        """Yield the readings with answers: first those that are surest to be meant."""
        for kind in Kind:
            of_kind = [reading for reading in self._readings if reading.candidate.kind is kind]
            surest = [reading for reading in of_kind if reading.is_of_this_assignment]
            for group in (surest, of_kind):
                yield from filter(None, [_distinct(group)])

    def _only(self, work: _Reading) -> SubmittedFile:
        found = work.shown_path
        if work.candidate.kind is Kind.CHECKPOINT:
            return self._file(work, doubt=FROM_CHECKPOINT.format(found=found))
        if work.candidate.kind is Kind.SCRIPT:
            return self._file(work, doubt=FROM_SCRIPT.format(found=found))
        reason = self._why_not_exact()
        if reason:
            reason = reason.rstrip(".")
            return self._file(work, doubt=UNREADABLE_BESIDE.format(name=self._name, reason=reason, found=found))
        return self._file(work, note=(ORIGINAL_BESIDE if self._exact else RENAMED).format(found=found, name=self._name))

    def _why_not_exact(self) -> str:
        """Return why the file of the right name cannot be used; empty if there is none, or if it contains no work."""
        if self._exact is None:
            return self._candidates.unusable.get(f"{self._name}.ipynb", "")
        submission = self._exact.submission
        return submission.message if isinstance(submission, Rejection) and self._exact.candidate.data.strip() else ""

    def _without_answers(self) -> SubmittedFile | Rejection:
        """Return the untouched or unreadable notebook, unless other files may contain the student's work."""
        notebooks = [reading for reading in self._readings if reading.candidate.kind is not Kind.SCRIPT]
        untouched = [reading for reading in notebooks if isinstance(reading.submission, Submission)]
        first = next(iter([*filter(None, [self._exact]), *untouched, *notebooks]), None)
        if first is None:
            return self._without_notebook()
        unread = [reading.shown_path for reading in self._readings if reading is not first and reading.may_hide_work]
        unread += self._candidates.unusable
        if first in untouched and (unread or _documents(self._candidates)):
            names = _list([*unread, *_documents(self._candidates)])
            return Rejection(Status.NEEDS_LOOK, ONLY_OTHER_FILES.format(names=names), first.submission.notebook)
        if first not in untouched and unread:
            return self._reject(ONLY_OTHER_FILES, _list([first.shown_path, *unread]))
        note = "" if first is self._exact else RENAMED.format(found=first.shown_path, name=self._name)
        return self._file(first, note=note)

    def _without_notebook(self) -> Rejection:
        unusable, exact_name = self._candidates.unusable, f"{self._name}.ipynb"
        if exact_name in unusable:
            return Rejection(Status.UNREADABLE, unusable[exact_name])
        scripts = [reading.shown_path for reading in self._readings]
        if any(name.startswith(f"{exact_name}/") for name in (*scripts, *self._candidates.others)):
            return Rejection(Status.UNREADABLE, DIRECTORY.format(name=self._name))
        if unusable and not scripts and not self._candidates.others:
            path, reason = next(iter(unusable.items()))
            return Rejection(Status.UNREADABLE, f"{strip_control_characters(path)}: {reason}")
        found = [*scripts, *self._candidates.others, *unusable]
        if found:
            return self._reject(ONLY_OTHER_FILES, _list(found))
        return Rejection(Status.MISSING, NOTHING.format(name=self._name))

    def _reject(self, message: str, names: str) -> Rejection:
        return Rejection(Status.NEEDS_LOOK, message.format(names=names))

    def _file(self, reading: _Reading, note: str = "", doubt: str = "") -> SubmittedFile:
        candidate = reading.candidate
        siblings = _siblings(self._candidates, candidate)
        return SubmittedFile(self._folder.path / candidate.path, candidate.as_notebook(), doubt, note, siblings)


def _siblings(candidates: Candidates, work: Candidate) -> dict[str, bytes]:
    """Return the Python files beside the file that is used, by their paths from its folder."""
    parent = work.path.parent
    return {
        str(file.path.relative_to(parent)): file.data
        for file in candidates.files
        if file.kind is Kind.SCRIPT and file.path != work.path and file.path.is_relative_to(parent)
    }


def _is_answer(text: StudentText, functions: tuple[str, ...]) -> bool:
    """Whether a text that differs from the release is an answer, or may be meant as one."""
    if functions and (text.is_code or text.place is Place.RELEASED):
        return not all(is_untouched_function([text], function) for function in functions)
    if text.place is Place.ANSWER:
        return bool(text.added_lines)
    return not is_untouched_text([text])


def _distinct(readings: Iterable[_Reading]) -> list[_Reading]:
    """Return the readings that have answers, without those that repeat the answers of one before."""
    first_with: dict[tuple[str, ...], _Reading] = {}
    for reading in readings:
        if reading.answers:
            first_with.setdefault(reading.answers, reading)
    return list(first_with.values())


def _documents(candidates: Candidates) -> list[str]:
    """Return the names of files that can contain an answer which only a person can read."""
    return [name for name in candidates.others if is_document(name)]


def _names(readings: Iterable[_Reading]) -> str:
    return _list([reading.shown_path for reading in readings])


def _list(names: Sequence[str]) -> str:
    text = ", ".join(names[:MAX_LISTED_NAMES])
    if len(names) > MAX_LISTED_NAMES:
        text += f" and {len(names) - MAX_LISTED_NAMES} more"
    return strip_control_characters(text)


def _release_with(function: str, releases: Path) -> tuple[str, Notebook | None]:
    """Return the name and the release of the assignment that asks for a function."""
    for path in sorted(releases.iterdir()):
        release = load_release(releases, path.name)
        if release is not None and function in exercise_functions(release["cells"]):
            return path.name, release
    return "", None
