"""doctor: a line for everything that commonly goes wrong, and what would work."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder import cli
from autograder.authoring.new_course import create_course
from autograder.commands import doctor_checks
from autograder.course import seeds
from autograder.gradebook import database
from autograder.nbgrader_plugin import effective_config
from tests.helpers.postgres import PASSWORD, Server

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("school") / "course"
    create_course(root)
    return root


@pytest.fixture
def course(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sound course; whatever a test puts there is taken away again."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    (made / "exchange").mkdir(exist_ok=True)
    before = {name: (made / name).read_text() for name in ("course.yml", "nbgrader_config.py")}
    yield made
    for name, settings in before.items():
        (made / name).write_text(settings)
    for name in ("gradebook.db", seeds.SECRET_FILE):
        (made / name).unlink(missing_ok=True)


def problems(root: Path | None) -> str:
    return "\n".join(str(finding) for finding in doctor_checks.run_checks(root) if not finding.ok)


def test_a_new_course_has_no_problem(course: Path) -> None:
    assert problems(course) == ""


def test_a_folder_without_a_course_says_how_to_make_one() -> None:
    assert "autograder init DIR" in problems(None)


def test_a_mistake_in_course_yml_is_told_with_its_line(course: Path) -> None:
    (course / "course.yml").write_text("title: X\nleave_out: [maks]\n")
    assert "line 2: there is no clause maks" in problems(course)


def test_a_secret_that_others_can_read_is_told(course: Path) -> None:
    seeds.seed_for(course, "a", "b")
    assert problems(course) == ""
    (course / seeds.SECRET_FILE).chmod(0o644)
    assert "chmod 600" in problems(course)


@pytest.fixture(scope="module")
def reached() -> Iterator[Path]:
    """A course that other accounts of the machine can get at, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        root = Path(folder) / "course"
        create_course(root)
        (root / "exchange").mkdir(exist_ok=True)
        yield root


def private(root: Path) -> str:
    """What `doctor` says of modes."""
    return "\n".join(map(str, doctor_checks._private(doctor_checks.load_course(root))))


@pytest.mark.parametrize("name", ["submitted", "autograded", "feedback"])
def test_work_that_others_can_read_is_told_until_they_cannot(reached: Path, name: str) -> None:
    folder = reached / name
    folder.mkdir()
    folder.chmod(0o755)
    assert f"{name}: other accounts can read people's work\n         chmod o-rwx {folder}" in private(reached)
    folder.chmod(0o751)  # a name that is known or guessed is enough
    assert "chmod o-rwx" in private(reached)
    folder.chmod(0o750)
    assert "problem" not in private(reached)
    folder.rmdir()


def test_a_gradebook_that_others_can_read_is_told_until_they_cannot(
    reached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    path = reached / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    for mode in (0o644, 0o642):
        path.chmod(mode)
        assert f"chmod o-rwx {path}" in private(reached)
    path.chmod(0o660)
    assert "chmod" not in private(reached)
    path.chmod(0o644)
    reached.chmod(0o700)
    assert "chmod" not in private(reached), "nobody else gets into the course's directory"


def test_an_exchange_that_is_not_there_is_told(course: Path) -> None:
    (course / "course.yml").write_text("title: X\nexchange: elsewhere/exchange\n")
    assert "mkdir -p" in "\n".join(
        str(finding) for finding in doctor_checks._exchange(doctor_checks.load_course(course))
    )


def test_a_configuration_without_our_preprocessors_is_told(course: Path) -> None:
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    assert "lacks autograder.nbgrader_plugin.preprocessors.Rebuild" in problems(course)


def test_a_built_file_that_was_changed_is_named(course: Path) -> None:
    path = course / "assignments" / "3-softmax" / "selfcheck.py"
    built = path.read_text()
    path.write_text(built + "# mine\n")
    assert "assignments/3-softmax/selfcheck.py differs" in problems(course)
    path.write_text(built)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(b"nonsense" * 100), "cannot be opened"),
        (
            lambda path: sqlite3.connect(path).execute("CREATE TABLE x (y)").connection.close(),
            "no gradebook of nbgrader",
        ),
        (lambda path: _older(path), "nbgrader db upgrade"),
    ],
    ids=["corrupt", "another database", "of an older nbgrader"],
)
def test_a_gradebook_that_cannot_be_used_is_told(course: Path, spoil: object, says: str) -> None:
    assert callable(spoil)
    spoil(course / "gradebook.db")
    assert says in problems(course)


def _older(path: Path) -> None:
    Gradebook(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '50a4d84c131a'")
    database.close()


def kept_in(course: Path, db_url: str) -> None:
    """Let the course have its gradebook there."""
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {db_url!r}\n")


def test_an_assignment_that_is_built_but_not_in_the_gradebook_is_told(course: Path, db_url: str) -> None:
    kept_in(course, db_url)
    with Gradebook(db_url) as gradebook:
        gradebook.add_assignment("3-softmax")
    found = problems(course)
    assert "built, but not in the gradebook: 0-start, 1-scores" in found
    assert "--force" in found


def test_a_servers_database_is_well_while_it_is_empty_and_told_where_it_holds_something_else(
    course: Path, postgresql: Server
) -> None:
    db_url = postgresql.new()
    kept_in(course, db_url)
    found = "\n".join(map(str, doctor_checks.run_checks(course)))
    assert "ok       gradebook postgresql://grader:***@/gradebook_" in found
    assert "problem" not in found
    with database.connect(db_url) as connection:
        connection.execute(text("CREATE TABLE x (y int)"))
        connection.commit()
    assert "it holds no gradebook of nbgrader's. Name an empty one in db_url" in problems(course)


@pytest.mark.parametrize(
    ("db_url", "says"),
    [
        ("postgresql://grader:hush@127.0.0.1:1/x", "grader:***@127.0.0.1:1/x: it cannot be opened (connection failed"),
        ("postgresql://127.0.0.1:1/x?user=grader&password=hush", "Check that the server runs, and what db_url says"),
        ("postgresql://grader:hush@localhost:port/x", "gradebook (db_url): that is no database's address"),
        ("postgres://grader:hush@localhost/x", "One would be postgresql://user@host/database"),
        ("mysql://grader:hush@localhost/x", "MySQLdb, is not installed"),
    ],
)
def test_a_server_that_cannot_be_had_is_told_without_the_password(course: Path, db_url: str, says: str) -> None:
    kept_in(course, db_url)
    found = problems(course)
    assert says in found
    assert "hush" not in found


def test_what_postgresql_itself_refuses_is_told_without_the_password(postgresql: Server) -> None:
    for db_url, says in (
        (postgresql.url("none"), 'database "none" does not exist'),
        (postgresql.url("postgres", password="hush"), 'password authentication failed for user "grader"'),
    ):
        found = effective_config.gradebook_problem(db_url)
        assert says in found
        assert "hush" not in found
        assert PASSWORD not in found


def test_without_a_driver_it_is_told_what_brings_one(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    kept_in(course, "postgresql://grader:hush@127.0.0.1:1/x")
    assert "psycopg, is not installed. For a db_url postgresql://…: python -m pip install 'attention-c" in problems(
        course
    )


def test_commands_that_read_the_gradebook_say_in_one_sentence_that_they_cannot(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_in(course, "postgresql://grader:hush@127.0.0.1:1/x")
    monkeypatch.chdir(course)
    assert cli.main(["compare", "3-softmax"]) == cli.USAGE
    said = capsys.readouterr().err
    assert said.startswith("autograder: gradebook postgresql://grader:***@127.0.0.1:1/x: it cannot be opened")


def test_alembic_missing_from_path_is_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "alembic is not on PATH" in problems(None)
