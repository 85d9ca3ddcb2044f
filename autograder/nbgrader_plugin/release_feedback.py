"""``nbgrader release_feedback`` gives each student whose page can be delivered that page, and names the others."""

from __future__ import annotations

import difflib
import glob
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from autograder.formatting import strip_control_characters
from autograder.submission.submitted_file import read_regular_file

SECRET = "submission_secret.txt"  # nbgrader submit writes it; only its student and the instructors know it
MAX_SECRET_BYTES = 10_000
MAX_PAGE_BYTES = 256 << 20
_ANY_STUDENT = "any-student-of-the-course"
_PAGE_MODE, _SHARED_PAGE_MODE = 0o644, 0o664
_NO_SECRET = (
    "no page released, because the submission has no submission_secret.txt: it did not come by nbgrader submit. "
    "Send the page yourself: {folder}"
)
_UNREADABLE_SECRET = (
    "no page released, because submission_secret.txt cannot be read. Collect the submission again, or send the page "
    "yourself: {folder}"
)
_UNREADABLE_PAGE = "{page} was not released: it is a link, too large or unreadable. Run: {command}"
_NOT_WRITTEN = "{page} was not released: {error}."
_NO_NOTEBOOK = (
    "nbgrader fetch_feedback will not find the page, because it looks for a notebook beside the files that were "
    "submitted, and there is none. Send the page yourself: {folder}"
)
_SUBMITTED_AGAIN = (
    "the page belongs to an earlier submission than the one in {folder}. To replace it, run: {command}; then: "
    "nbgrader release_feedback {assignment}"
)


@dataclass(frozen=True)
class _StudentFeedback:
    """The feedback of a student: where it is, and the names of its pages, without ``.html``."""

    student: str
    folder: Path
    pages: tuple[str, ...]


class CheckedReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's command, except that a student whose page cannot be delivered stops nobody else.

    ``nbgrader fetch_feedback`` looks for a page under each name that the student's own notebooks have, so the page of a
    renamed notebook is released under that name, too. Links are not followed.
    """

    def copy_files(self) -> None:
        """Release all pages. Fails if there are pages and none of them could be released."""
        released, named = 0, 0
        for feedback in self._find_feedback():
            problems: list[str] = []
            released += self._release(feedback, problems)
            named += bool(problems)
            for problem in problems:
                self.log.warning("%s: %s", *map(strip_control_characters, (feedback.student, problem)))
        self.log.info("Students whose feedback was released: %d. Students named above: %d.", released, named)
        if named and not released:
            self.fail("No feedback could be released. The students are named above, with what to do.")
        if not released:
            self.log.warning("There are no pages in %s. Run: %s", self.src_path, self._feedback_command)

    def _find_feedback(self) -> Iterator[_StudentFeedback]:
        directory, assignment = self.coursedir, self.coursedir.assignment_id
        excluded = set(directory.student_id_exclude.split(",")) if directory.student_id_exclude else set()
        template = (directory.feedback_directory, _ANY_STUDENT, assignment)
        wanted = "*" if directory.student_id in ("", "*") else glob.escape(directory.student_id)
        paths = glob.glob(glob.escape(directory.format_path(*template)).replace(_ANY_STUDENT, wanted))
        pattern = re.escape(directory.format_path(*template)).replace(re.escape(_ANY_STUDENT), "(?P<student>.*)", 1)
        for path in sorted(paths):
            match = re.fullmatch(pattern.replace(re.escape(_ANY_STUDENT), "(?P=student)"), path, re.DOTALL)
            if match and match["student"] not in excluded:
                yield _StudentFeedback(match["student"], Path(path), self._pages(match["student"], Path(path)))

    def _pages(self, student: str, folder: Path) -> tuple[str, ...]:
        """Return the names of the pages in a folder, where a student's own HTML files may lie as well."""
        pages = {path.stem for path in folder.glob("*.html")}
        graded = _notebook_names(self._step(self.coursedir.autograded_directory, student))
        return tuple(sorted(pages & graded or pages))

    def _release(self, feedback: _StudentFeedback, problems: list[str]) -> bool:
        """Release the pages of a student; return whether there is one that was released."""
        if not feedback.pages:
            return False
        secret = _read_secret(feedback.folder)
        if not secret:
            problems.append((_UNREADABLE_SECRET if secret is None else _NO_SECRET).format(folder=feedback.folder))
            return False
        other_names = self._other_names(feedback, secret, problems)
        released = [
            self._release_page(feedback, page, secret, [page, *other_names.get(page, ())], problems)
            for page in feedback.pages
        ]
        return any(released)

    def _other_names(self, feedback: _StudentFeedback, secret: str, problems: list[str]) -> Mapping[str, list[str]]:
        """Return the names that the student's notebooks had, by page, where they are not those of the assignment."""
        submitted = self._step(self.coursedir.submitted_directory, feedback.student)
        if not submitted.is_dir():  # moved away, perhaps to an archive
            return {}
        if _read_secret(submitted) != secret:
            assignment = self.coursedir.assignment_id
            problem = _SUBMITTED_AGAIN.format(folder=submitted, command=self._feedback_command, assignment=assignment)
            problems.append(problem)
            return {}
        notebooks = _notebook_names(submitted)
        if not notebooks:
            problems.append(_NO_NOTEBOOK.format(folder=feedback.folder))
        return _names_by_page(feedback.pages, notebooks)

    def _release_page(
        self, feedback: _StudentFeedback, page: str, secret: str, names: list[str], problems: list[str]
    ) -> bool:
        path = feedback.folder / f"{page}.html"
        content = read_regular_file(path, MAX_PAGE_BYTES)
        if content is None:
            problems.append(_UNREADABLE_PAGE.format(page=path, command=self._feedback_command))
            return False
        try:
            for name in names:
                self._write(Path(self.dest_path), notebook_hash(secret=secret, notebook_id=name), content)
        except OSError as error:
            problems.append(_NOT_WRITTEN.format(page=path, error=error.strerror or error))
            return False
        details = (", ".join(names), feedback.student, self.coursedir.assignment_id)
        self.log.info("Feedback on %s released to student '%s' for %s", *map(strip_control_characters, details))
        return True

    def _write(self, folder: Path, checksum: str, content: bytes) -> None:
        """Write a page so that every student can read it who knows its name, and replace an older one at once."""
        temporary = folder / f"{checksum}-tmp.html"
        temporary.unlink(missing_ok=True)
        temporary.write_bytes(content)
        os.chmod(temporary, _SHARED_PAGE_MODE if self.coursedir.groupshared else _PAGE_MODE)
        os.replace(temporary, folder / f"{checksum}.html")

    def _step(self, step: str, student: str) -> Path:
        return Path(self.coursedir.format_path(step, student, self.coursedir.assignment_id))

    @property
    def _feedback_command(self) -> str:
        return f"autograder grade {self.coursedir.assignment_id} --feedback"


def _read_secret(folder: Path) -> str | None:
    """Return the secret of a submission as nbgrader reads it; empty if there is none, None if it cannot be read."""
    path = folder / SECRET
    if not os.path.lexists(path):
        return ""
    content = read_regular_file(path, MAX_SECRET_BYTES)
    try:
        return None if content is None else content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _notebook_names(folder: Path) -> set[str]:
    """Return the names of the notebooks for which ``nbgrader fetch_feedback`` looks, without ``.ipynb``."""
    return {path.stem for path in folder.glob("*.ipynb") if not path.name.startswith(".")}


def _names_by_page(pages: Collection[str], notebooks: Collection[str]) -> dict[str, list[str]]:
    """Return, for each page whose notebook was submitted under other names, those names."""
    missing = sorted(set(pages) - set(notebooks))
    names: dict[str, list[str]] = {}
    for notebook in sorted(set(notebooks) - set(pages)):
        if missing:
            page = max(missing, key=lambda page: difflib.SequenceMatcher(None, page, notebook).ratio())
            names.setdefault(page, []).append(notebook)
    return names
