"""Each student whose page can be delivered gets it with nbgrader's own fetch_feedback; the others are named."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeFetchFeedback

from autograder.nbgrader_plugin.release_feedback import SECRET, CheckedReleaseFeedback

NAME = "3-softmax"
TIME = "2026-09-01 10:00:00.000000 UTC"


class Exchange:
    """A course with pages of feedback, its exchange, and the caches of its students."""

    def __init__(self, root: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.course, self.exchange, self.homes = root / "a course [1]", root / "exchange", root / "homes"
        self.exchange.mkdir()
        self._caplog = caplog

    def submit(
        self, student: str, *notebooks: str, secret: str | None = "secret of {}", pages: tuple[str, ...] = (NAME,)
    ) -> None:
        """Submit notebooks with nbgrader, then have them collected, graded, and their pages made."""
        files = {f"{name}.ipynb": "{}" for name in notebooks} | {"timestamp.txt": TIME}
        if secret is not None:
            files[SECRET] = secret.format(student)
        self._write(self.homes / student / "cache" / "course" / f"{student}+{NAME}+{TIME}", files)
        self._write(self.folder("submitted", student), files)
        graded = {name: text for name, text in files.items() if not name.endswith(".ipynb")}
        self._write(self.folder("autograded", student), graded | {f"{page}.ipynb": "{}" for page in pages})
        self._write(
            self.folder("feedback", student), graded | {f"{page}.html": f"{page} of {student}" for page in pages}
        )

    def folder(self, step: str, student: str) -> Path:
        return self.course / step / student / NAME

    def release(self, student: str = "*") -> str:
        """Run release_feedback and return its warnings."""
        self._caplog.clear()
        directory = CourseDirectory(root=str(self.course), course_id="course", assignment_id=NAME, student_id=student)
        command = CheckedReleaseFeedback(coursedir=directory, root=str(self.exchange))
        command.log = logging.getLogger("test")
        command.start()
        return "\n".join(record.getMessage() for record in self._caplog.records if record.levelno >= logging.WARNING)

    def fetch(self, student: str) -> dict[str, str]:
        """Run nbgrader's own fetch_feedback and return the pages that the student has."""
        home = self.homes / student
        directory = CourseDirectory(root=str(home), course_id="course", assignment_id=NAME, student_id=student)
        settings = {"root": str(self.exchange), "cache": str(home / "cache"), "assignment_dir": str(home)}
        ExchangeFetchFeedback(coursedir=directory, **settings).start()
        return {path.name: path.read_text() for path in home.rglob("*.html")}

    @staticmethod
    def _write(folder: Path, files: dict[str, str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)


@pytest.fixture
def exchange(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Exchange:
    return Exchange(tmp_path, caplog)


@pytest.mark.parametrize("secret", [None, ""])
def test_a_submission_without_a_secret_stops_nobody_else(exchange: Exchange, secret: str | None) -> None:
    for student in ("anna", "carl"):
        exchange.submit(student, NAME)
    exchange.submit("bymail", NAME, secret=secret)
    said = exchange.release()
    assert "bymail: no page released" in said
    assert str(exchange.folder("feedback", "bymail")) in said
    assert "anna" not in said
    assert exchange.fetch("anna") == {"3-softmax.html": "3-softmax of anna"}
    assert exchange.fetch("carl") == {"3-softmax.html": "3-softmax of carl"}


def test_a_command_that_released_nothing_fails(exchange: Exchange) -> None:
    exchange.submit("bymail", NAME, secret=None)
    with pytest.raises(ExchangeError, match="No feedback could be released"):
        exchange.release()


def test_a_command_without_any_page_says_which_command_makes_them(exchange: Exchange) -> None:
    assert "autograder grade 3-softmax --feedback" in exchange.release()


@pytest.mark.parametrize("name", ["3-softmax (1)", "solution", "Übung [2] 'x'", "3-softmax-Copy1.edited"])
def test_feedback_of_a_renamed_notebook_can_be_fetched(exchange: Exchange, name: str) -> None:
    exchange.submit("ben", name)
    assert exchange.release() == ""
    assert exchange.fetch("ben") == {f"{name}.html": "3-softmax of ben"}


def test_a_second_notebook_beside_the_right_one_gets_no_page(exchange: Exchange) -> None:
    exchange.submit("ben", NAME, "scratch")
    exchange.release()
    assert exchange.fetch("ben") == {"3-softmax.html": "3-softmax of ben"}


def test_each_of_two_renamed_notebooks_gets_its_own_page(exchange: Exchange) -> None:
    exchange.submit("ben", "first (1)", "second (1)", pages=("first", "second"))
    exchange.release()
    assert exchange.fetch("ben") == {"first (1).html": "first of ben", "second (1).html": "second of ben"}


def test_a_student_without_a_notebook_to_fetch_for_is_named(exchange: Exchange) -> None:
    exchange.submit("zipped")
    assert "zipped: nbgrader fetch_feedback will not find the page" in exchange.release()


def test_feedback_of_an_earlier_submission_is_released_and_named(exchange: Exchange) -> None:
    exchange.submit("ben", NAME)
    (exchange.folder("submitted", "ben") / SECRET).write_text("secret of a later submission")
    assert "ben: the page belongs to an earlier submission" in exchange.release()
    assert exchange.fetch("ben") == {"3-softmax.html": "3-softmax of ben"}


def test_feedback_is_released_after_submissions_were_archived(exchange: Exchange) -> None:
    exchange.submit("ben", NAME)
    shutil.rmtree(exchange.course / "submitted")
    assert exchange.release() == ""
    assert exchange.fetch("ben") == {"3-softmax.html": "3-softmax of ben"}


@pytest.mark.parametrize("student", ["o'neil", "müller", "first last", "a.b@example.org", "1234567", "x-y_z"])
def test_student_ids_with_other_characters_get_their_feedback(exchange: Exchange, student: str) -> None:
    exchange.submit(student, "3-softmax (1)")
    exchange.submit("other", NAME)
    assert exchange.release(student) == ""
    assert exchange.fetch(student) == {"3-softmax (1).html": f"3-softmax of {student}"}
    assert exchange.fetch("other") == {}


def test_no_file_behind_a_link_is_released(exchange: Exchange, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("of another student")
    for student, name in (("page", f"{NAME}.html"), ("secret", SECRET)):
        exchange.submit(student, NAME)
        path = exchange.folder("feedback", student) / name
        path.unlink()
        path.symlink_to(tmp_path / "other.txt")
    exchange.submit("anna", NAME)
    said = exchange.release()
    assert "page: " in said
    assert "secret: no page released, because submission_secret.txt cannot be read" in said
    assert [path.read_text() for path in exchange.exchange.rglob("*.html")] == ["3-softmax of anna"]


def test_students_can_read_a_page_that_only_the_instructor_could(exchange: Exchange) -> None:
    exchange.submit("anna", NAME)
    (exchange.folder("feedback", "anna") / f"{NAME}.html").chmod(0o600)
    exchange.release()
    (page,) = exchange.exchange.rglob("*.html")
    assert page.stat().st_mode & 0o777 == 0o644
