"""No grading begins where it would spoil marks: on a class that was graded, in each kind of database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from autograder.authoring import build
from autograder.cli import main
from autograder.course import seeds
from autograder.course.settings import load_course
from autograder.gradebook.tables import SECRETS
from autograder.nbgrader_plugin.nbgrader_commands import CommandError
from autograder.nbgrader_plugin.preconditions import PreconditionError
from tests.helpers.classroom import RIGHT, WRONG, Classroom

pytestmark = pytest.mark.slow
NAME = "3-softmax"
GENERATE = f"nbgrader generate_assignment {NAME} --force"


@pytest.fixture
def classroom(tmp_path: Path, new_database: Callable[[Path], str]) -> Classroom:
    """Ann and Ben, graded once."""
    classroom = Classroom(tmp_path, new_database(tmp_path), NAME)
    classroom.answer("ann", RIGHT)
    classroom.answer("ben", WRONG)
    classroom.grade()
    return classroom


def refused_by_all(classroom: Classroom, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> str:
    """Let every way of grading refuse; return the sentence, after checking that nothing was written."""
    before = classroom.results()
    with pytest.raises(PreconditionError) as raised:
        classroom.grade(dry_run=True)
    with pytest.raises(CommandError):
        classroom.with_nbgrader(NAME, lambda commands: commands.autograde("ann"))
    monkeypatch.chdir(classroom.root)
    capsys.readouterr()
    assert main(["grade", NAME]) == 2
    assert str(raised.value) in capsys.readouterr().err
    assert classroom.results() == before
    return str(raised.value)


def run_build(classroom: Classroom) -> None:
    # The class was made of built files, without the record of a build.
    build.build(load_course(classroom.root), force=True)


def generate(classroom: Classroom) -> None:
    classroom.with_nbgrader(NAME, lambda commands: commands.generate())


def test_points_changed_in_course_yml_stop_gradings_until_all_is_generated(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    classroom.set("points: {}", 'points: {softmax: {"no overflow": 2}}')
    classroom.set("  - 0-start\n  - 1-scores\n  - 2-scaling\n", "")
    for line in ("1-scores: 2027-04-16 23:59:00+02:00", "2-scaling: 2027-04-23 23:59:00+02:00"):
        classroom.set(f"  {line}\n", "")
    sentence = refused_by_all(classroom, monkeypatch, capsys)
    assert "course.yml gives softmax 6 points, the release of 3-softmax 5." in sentence
    assert sentence.endswith(f"Run: autograder build && {GENERATE}")
    run_build(classroom)
    sentence = refused_by_all(classroom, monkeypatch, capsys)
    assert "the release of 3-softmax gives check-softmax 6 points, the gradebook 5." in sentence
    assert sentence.endswith(f"Run: {GENERATE}")
    generate(classroom)
    summary, _ = classroom.grade()
    assert (summary.graded, summary.clean) == (2, True)


def _change_release(classroom: Classroom, change: Callable[[dict[str, Any]], None]) -> None:
    path = classroom.root / "assignments" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    change(
        next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "softmax")
    )
    path.write_text(json.dumps(notebook))


def test_a_release_with_other_cells_than_the_gradebook_is_refused(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _change_release(classroom, lambda cell: cell["metadata"]["nbgrader"].update(grade_id="other"))
    sentence = refused_by_all(classroom, monkeypatch, capsys)
    assert "different cells (other, softmax)" in sentence
    assert "Put the former lesson" in sentence


def test_a_missing_release_does_not_cost_anybody_the_graded_notebook(classroom: Classroom) -> None:
    release = classroom.root / "assignments" / NAME / f"{NAME}.ipynb"
    text = release.read_text()
    before = classroom.results()
    classroom.answer("ann", WRONG)
    release.unlink()  # nbgrader would remove the graded notebook before it asks for this file
    with pytest.raises(CommandError):
        classroom.with_nbgrader(NAME, lambda commands: commands.autograde("ann"))
    assert classroom.results() == before
    generate(classroom)
    assert json.loads(release.read_text()) == json.loads(text)


@pytest.mark.parametrize("is_lost", [True, False])
@pytest.mark.parametrize("is_recorded", [True, False])
def test_another_secret_stops_gradings_until_it_is_restored_or_accepted(
    classroom: Classroom,
    is_lost: bool,
    is_recorded: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not is_recorded:  # as in the gradebook of an earlier release
        engine = create_engine(classroom.db_url)
        with engine.begin() as connection:
            SECRETS.drop(connection)
        engine.dispose()
    path = classroom.root / seeds.SECRET_FILE
    secret = path.read_text()
    path.unlink()
    if not is_lost:
        seeds.seed_for(classroom.root, NAME, "ann")
    sentence = refused_by_all(classroom, monkeypatch, capsys)
    assert path.exists() is not is_lost
    assert ("is missing" if is_lost else "is not the one") in sentence
    assert f"autograder grade {NAME} --new-secret" in sentence
    path.unlink(missing_ok=True)
    path.write_text(secret)
    assert classroom.grade()[0].unchanged == 2
    path.unlink()
    classroom.answer("dia", RIGHT)
    before = classroom.results()[0]
    assert classroom.grade(new_secret=True, force=True)[0].clean
    after = classroom.results()[0]
    assert {key: value for key, value in after.items() if key[0] != "dia"} == before
    assert classroom.grade()[0].unchanged == 3
    assert secret not in path.read_text()


def test_the_secret_itself_is_not_stored(classroom: Classroom) -> None:
    secret = (classroom.root / seeds.SECRET_FILE).read_text().strip()
    engine = create_engine(classroom.db_url)
    with engine.connect() as connection:
        (stored,) = connection.execute(SECRETS.select()).mappings()
    engine.dispose()
    assert len(stored["fingerprint"]) == 64
    assert stored["fingerprint"] not in (secret, "")
