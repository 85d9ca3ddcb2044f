"""The checks of `autograder doctor`: each common problem is found, with what to do about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder import cli
from autograder.authoring.new_course import create_course
from autograder.commands import doctor_checks
from autograder.course import seeds
from autograder.gradebook import database, inspection
from tests.helpers.postgres import PASSWORD, Server

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def new_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("school") / "course"
    create_course(root)
    return root


@pytest.fixture
def course(new_course: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A course without problems; whatever a test changes in it is restored."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    (new_course / "exchange").mkdir(exist_ok=True)
    before = {name: (new_course / name).read_text() for name in ("course.yml", "nbgrader_config.py")}
    yield new_course
    for name, settings in before.items():
        (new_course / name).write_text(settings)
    for name in ("gradebook.db", seeds.SECRET_FILE):
        (new_course / name).unlink(missing_ok=True)


def problems(root: Path | None) -> str:
    return "\n".join(str(finding) for finding in doctor_checks.run_checks(root) if not finding.ok)


def test_a_new_course_has_no_problem(course: Path) -> None:
    assert problems(course) == ""


def test_a_folder_without_a_course_says_how_to_make_one() -> None:
    assert "autograder init DIR" in problems(None)


def test_a_mistake_in_course_yml_is_reported_with_its_line(course: Path) -> None:
    (course / "course.yml").write_text("title: X\nleave_out: [maks]\n")
    assert "line 2: there is no clause maks" in problems(course)


def test_an_extension_for_an_id_that_nobody_has_is_a_problem(course: Path) -> None:
    settings = course / "course.yml"
    extensions = "extensions:\n  3-softmax:\n    novac: 2027-05-05 23:59:00+02:00"
    settings.write_text(settings.read_text().replace("extensions: {}", extensions))
    (course / "submitted" / "novak" / "3-softmax").mkdir(parents=True)
    assert "novac (do you mean novak?)" in problems(course)
    (course / "submitted" / "novac" / "3-softmax").mkdir(parents=True)
    assert "novac (" not in problems(course)
    shutil.rmtree(course / "submitted")


def test_an_unreadable_timestamp_is_a_problem_with_the_command_for_it(course: Path) -> None:
    folder = course / "submitted" / "novak" / "3-softmax"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("")
    assert "submitted/novak/3-softmax/timestamp.txt is empty" in problems(course)
    assert "rm submitted/novak/3-softmax/timestamp.txt" in problems(course)
    shutil.rmtree(course / "submitted")


def test_a_configuration_without_our_preprocessors_is_a_problem(course: Path) -> None:
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    assert "lacks autograder.nbgrader_plugin.restore_submission.RestoreSubmission" in problems(course)


def test_a_changed_built_file_is_named(course: Path) -> None:
    path = course / "assignments" / "3-softmax" / "selfcheck.py"
    built = path.read_text()
    path.write_text(built + "# mine\n")
    assert "assignments/3-softmax/selfcheck.py differs" in problems(course)
    path.write_text(built)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(b"nonsense" * 100), "cannot be opened"),
        (
            lambda path: sqlite3.connect(path).execute("CREATE TABLE x (y)").connection.close(),
            "not a gradebook of nbgrader",
        ),
        (lambda path: _make_older(path), "nbgrader db upgrade"),
    ],
    ids=["corrupt", "another database", "of an older nbgrader"],
)
def test_a_gradebook_that_cannot_be_used_is_a_problem(course: Path, damage: object, message: str) -> None:
    assert callable(damage)
    damage(course / "gradebook.db")
    assert message in problems(course)


def _make_older(path: Path) -> None:
    Gradebook(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '50a4d84c131a'")
    database.close()


def move_gradebook(course: Path, db_url: str) -> None:
    """Set the gradebook's path in the course's configuration."""
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {db_url!r}\n")


def test_an_assignment_missing_from_the_gradebook_is_a_problem(course: Path, db_url: str) -> None:
    move_gradebook(course, db_url)
    with Gradebook(db_url) as gradebook:
        gradebook.add_assignment("3-softmax")
    report = problems(course)
    assert "built, but not in the gradebook: 0-start, 1-scores" in report
    assert "--force" in report


def test_a_server_database_must_be_empty_or_hold_a_gradebook(course: Path, postgresql: Server) -> None:
    db_url = postgresql.new()
    move_gradebook(course, db_url)
    report = "\n".join(map(str, doctor_checks.run_checks(course)))
    assert "ok       gradebook postgresql://grader:***@/gradebook_" in report
    assert "problem" not in report
    with database.connect(db_url) as connection:
        connection.execute(text("CREATE TABLE x (y int)"))
        connection.commit()
    assert "it is not a gradebook of nbgrader. Name an empty one in db_url" in problems(course)


@pytest.mark.parametrize(
    ("db_url", "message"),
    [
        ("postgresql://grader:hush@127.0.0.1:1/x", "grader:***@127.0.0.1:1/x: it cannot be opened (connection failed"),
        ("postgresql://127.0.0.1:1/x?user=grader&password=hush", "Check that the server runs, and what db_url says"),
        ("postgresql://grader:hush@localhost:port/x", "gradebook (db_url): that is no database's address"),
        ("postgres://grader:hush@localhost/x", "One would be postgresql://user@host/database"),
        ("mysql://grader:hush@localhost/x", "MySQLdb, is not installed"),
    ],
)
def test_an_unreachable_server_is_reported_without_the_password(course: Path, db_url: str, message: str) -> None:
    move_gradebook(course, db_url)
    report = problems(course)
    assert message in report
    assert "hush" not in report


def test_refusals_by_postgresql_are_reported_without_the_password(postgresql: Server) -> None:
    for db_url, message in (
        (postgresql.url("none"), 'database "none" does not exist'),
        (postgresql.url("postgres", password="hush"), 'password authentication failed for user "grader"'),
    ):
        problem = inspection.gradebook_problem(db_url)
        assert message in problem
        assert "hush" not in problem
        assert PASSWORD not in problem


def test_a_missing_driver_is_reported_with_what_to_install(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    move_gradebook(course, "postgresql://grader:hush@127.0.0.1:1/x")
    assert "psycopg, is not installed. For a db_url postgresql://…: python -m pip install 'attention-c" in problems(
        course
    )


@pytest.mark.parametrize("words", [("compare", "3-softmax"), ("explain", "novak", "3-softmax")], ids=" ".join)
def test_commands_report_an_unreadable_gradebook_in_one_sentence(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    move_gradebook(course, "postgresql://grader:hush@127.0.0.1:1/x")
    (course / "submitted" / "novak" / "3-softmax").mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(course)
    assert cli.main(words) == 2
    message = capsys.readouterr().err
    assert message.startswith("autograder: gradebook postgresql://grader:***@127.0.0.1:1/x: it cannot be opened")


def test_alembic_missing_from_path_is_a_problem(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "alembic is not on PATH" in problems(None)
