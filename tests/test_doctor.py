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

from autograder import doctor, seeds
from autograder.authoring.init import init

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("school") / "course"
    init(root)
    return root


@pytest.fixture
def course(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sound course; whatever a test puts there is taken away again."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    (made / "exchange").mkdir(exist_ok=True)
    before = {name: (made / name).read_text() for name in ("course.yml", "nbgrader_config.py")}
    yield made
    for name, text in before.items():
        (made / name).write_text(text)
    for name in ("gradebook.db", seeds.SECRET):
        (made / name).unlink(missing_ok=True)


def problems(root: Path | None) -> str:
    return "\n".join(str(finding) for finding in doctor.examine(root) if not finding.ok)


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
    (course / seeds.SECRET).chmod(0o644)
    assert "chmod 600" in problems(course)


@pytest.fixture(scope="module")
def reached() -> Iterator[Path]:
    """A course that other accounts of the machine can get at, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        root = Path(folder) / "course"
        init(root)
        (root / "exchange").mkdir(exist_ok=True)
        yield root


def private(root: Path) -> str:
    """What `doctor` says of modes."""
    return "\n".join(map(str, doctor._private(doctor.load_course(root))))


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
    assert "mkdir -p" in "\n".join(str(finding) for finding in doctor._exchange(doctor.load_course(course)))


def test_a_configuration_without_our_preprocessors_is_told(course: Path) -> None:
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    assert "lacks autograder.bridge.preprocessors.Rebuild" in problems(course)


def test_a_built_file_that_was_changed_is_named(course: Path) -> None:
    path = course / "assignments" / "3-softmax" / "selfcheck.py"
    text = path.read_text()
    path.write_text(text + "# mine\n")
    assert "assignments/3-softmax/selfcheck.py differs" in problems(course)
    path.write_text(text)


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


def _another(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE x (y)")
    database.close()


def _older(path: Path) -> None:
    Gradebook(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '50a4d84c131a'")
    database.close()


def test_an_assignment_that_is_built_but_not_in_the_gradebook_is_told(course: Path) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("3-softmax")
    found = problems(course)
    assert "built, but not in the gradebook: 0-start, 1-scores" in found
    assert "--force" in found


def test_alembic_missing_from_path_is_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "alembic is not on PATH" in problems(None)
