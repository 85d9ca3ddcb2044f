"""`explain` says why a submission has its score, and shows hidden inputs only on request."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder import cli
from autograder.course import seeds
from autograder.course.settings import Course, load_course
from autograder.judging.reference_answers import draw_input
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands, nbgrader_application
from autograder.reports import score_explanation
from autograder.student_files.comparing import format_value

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "assignments", tmp_path / "assignments")
    folder = tmp_path / "submitted" / "novak" / "3-softmax"
    folder.mkdir(parents=True)
    text = (ROOT / "assignments" / "3-softmax" / "3-softmax.ipynb").read_text()
    stub = text.index("# YOUR CODE HERE", text.index('"def softmax(scores, axis=-1):'))
    body = r"e = np.exp(scores); return e / e.sum(axis, keepdims=True)\n"
    (folder / "3-softmax.ipynb").write_text(text[:stub] + body + text[stub:])
    return load_course(tmp_path)


def explanation(course: Course, *, hidden: bool = False) -> str:
    return "\n".join(score_explanation.explain_score(course, "novak", "3-softmax", hidden=hidden))


def test_an_explanation_names_the_mistake_its_cost_and_how_to_repeat_it(course: Course) -> None:
    text = explanation(course)
    seed = seeds.seed_for(course.root, "3-softmax", "novak")
    for words in (
        "softmax  4 / 5   graded",
        "mistake    softmax-without-shift (stable)",
        "without it 5 / 5",
        "fail      rows far apart (any finite scores",
        "example    softmax([[1000, 999, 0]]) should give [[0.7311, 0.2689, 0]]. Yours gave",
        "gradebook  nothing yet: nbgrader autograde 3-softmax --student novak",
        f"--exercise softmax --seed {seed}",
    ):
        assert words in text


def test_the_courses_own_files_replace_the_students_as_in_grading(course: Course) -> None:
    folder = course.root / "submitted" / "novak" / "3-softmax"
    notebook = json.loads((folder / "3-softmax.ipynb").read_text())
    own = {"cell_type": "code", "id": "x", "metadata": {}, "source": "from loading import softmax"}
    notebook["cells"].append(own)
    (folder / "3-softmax.ipynb").write_text(json.dumps(notebook))
    (folder / "loading.py").write_text("def softmax(scores, axis=-1):\n    return scores\n")
    assert "softmax  0 / 5" in explanation(course)
    shutil.copytree(ROOT / "solutions", course.root / "solutions")
    assert "cannot import name 'softmax' from 'loading'" in explanation(course)


def test_cases_that_did_not_run_share_one_line(course: Course) -> None:
    path = course.root / "submitted" / "novak" / "3-softmax" / "3-softmax.ipynb"
    path.write_text("no notebook")
    lines = explanation(course).splitlines()
    assert [line for line in lines if line.startswith("not_run")] == ["not_run   24 of 24 cases"]


def test_a_notebook_with_another_name_and_a_missing_one_are_explained(course: Course) -> None:
    path = course.root / "submitted" / "novak" / "3-softmax" / "3-softmax.ipynb"
    path.rename(path.with_name("mine.ipynb"))
    assert "softmax  4 / 5   graded" in explanation(course)
    path.with_name("mine.ipynb").unlink()
    assert "missing" in explanation(course)


def test_hidden_inputs_are_shown_only_on_request(course: Course) -> None:
    seed = seeds.seed_for(course.root, "3-softmax", "novak")
    cases = (case for criterion in course.exercise("softmax").criteria for case in criterion.cases)
    case = next(case for case in cases if case.name == "rows far apart")
    hidden = format_value(draw_input(case, seed).args[0])
    assert hidden not in explanation(course)
    assert hidden in explanation(course, hidden=True)


@pytest.mark.parametrize(
    ("student", "assignment", "words"),
    [
        ("nobody", "3-softmax", "nbgrader collect"),
        ("novak", "9-none", "There are: 1-scores"),
        ("novak", "0-start", "no exercise"),
    ],
)
def test_what_cannot_be_explained_is_reported_with_what_to_do(
    course: Course, student: str, assignment: str, words: str
) -> None:
    with pytest.raises(score_explanation.ExplainError, match=words):
        list(score_explanation.explain_score(course, student, assignment))


@pytest.mark.slow
def test_the_recorded_verdict_stands_beside_todays_if_they_differ(course: Course, db_url: str) -> None:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {db_url!r}\n")
    shutil.copytree(ROOT / "solutions", course.root / "solutions")
    with nbgrader_application(course.root) as app:
        commands = NbgraderCommands(app, "3-softmax")
        commands.generate()
        commands.enrol("novak", "Jana", "Nováková")
        commands.autograde("novak")
    assert "gradebook  4 graded, version" in explanation(course)
    assert "; now" not in explanation(course)
    file = course.root / "course.yml"
    file.write_text(file.read_text().replace("points: {}", "points: {softmax: {any axis: 3}}"))
    assert "; now 6 graded" in explanation(load_course(course.root))


def test_nothing_that_is_explained_controls_the_terminal(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course.root / "submitted" / "novak" / "3-softmax" / "3-softmax.ipynb"
    notebook = json.loads(path.read_text())
    raising = "raise ValueError('no\\x1b[2Jthing')"
    notebook["cells"].append({"cell_type": "code", "id": "x", "metadata": {}, "source": raising})
    path.write_text(json.dumps(notebook))
    monkeypatch.chdir(course.root)
    assert cli.main(["explain", "novak", "3-softmax"]) == 0
    out = capsys.readouterr().out
    assert "raised ValueError: no" in out
    assert "\x1b" not in out
