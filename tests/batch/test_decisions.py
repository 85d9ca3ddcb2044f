"""What an instructor decides about a submission holds until the student submits something else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from autograder.batch import decisions
from autograder.batch.decisions import Decision, DecisionError
from autograder.course.settings import load_course
from autograder.reports.score_explanation import explain_score
from tests.helpers.classroom import RIGHT, WRONG, Classroom
from tests.helpers.no_silent_zero import assert_no_silent_zero, who_waits

pytestmark = pytest.mark.slow
NAME = "3-softmax"
REFLECTION = "6-reflection"


@pytest.fixture(scope="module")
def waiting_template(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class that was graded once: script, two and broken wait, right and essay do not wait for 3-softmax."""
    folder = tmp_path_factory.mktemp("waiting") / "template"
    classroom = Classroom(folder, f"sqlite:///{folder / 'gradebook.db'}", NAME, REFLECTION)
    classroom.answer("right", RIGHT)
    submit_script(classroom, WRONG)
    classroom.answer("two", "x = 1\n" + RIGHT).rename(classroom.folder("two") / "a.ipynb")
    (classroom.folder("two") / "b.ipynb").write_text(json.dumps(classroom.notebook(NAME, softmax=WRONG)))
    classroom.submit("broken", "no notebook")
    classroom.submit("essay", classroom.notebook(REFLECTION, senses="Two."), REFLECTION)
    for assignment in (NAME, REFLECTION):
        summary, _ = classroom.grade(assignment)
        assert_no_silent_zero(classroom.db_url, assignment, summary)
    return classroom


@pytest.fixture
def waiting_class(waiting_template: Classroom, tmp_path: Path) -> Classroom:
    """A copy of the class."""
    return waiting_template.twin(tmp_path / "class")


def submit_script(classroom: Classroom, source: str) -> None:
    """Submit only a Python file, which is judged with doubt."""
    classroom.folder("script").mkdir(parents=True, exist_ok=True)
    (classroom.folder("script") / "mine.py").write_text(f"import numpy as np\n{source}")


def accept(classroom: Classroom, student: str, assignment: str = NAME) -> Decision:
    return decisions.accept(load_course(classroom.root), student, assignment, "teacher")


def choose(classroom: Classroom, student: str, file: str) -> None:
    decisions.choose_file(load_course(classroom.root), student, NAME, file, "teacher")


def grade_of(classroom: Classroom, student: str) -> tuple[float | None, float | None, bool]:
    with Gradebook(classroom.db_url) as gradebook:
        (grade,) = gradebook.find_submission(NAME, student).notebooks[0].grades
        return grade.auto_score, grade.manual_score, grade.needs_manual_grade


def mark(classroom: Classroom, student: str, score: float) -> None:
    """Enter points as formgrader does."""
    with Gradebook(classroom.db_url) as gradebook:
        (grade,) = gradebook.find_submission(NAME, student).notebooks[0].grades
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()


def listed(classroom: Classroom, **options: bool) -> set[str]:
    summary, _ = classroom.grade(NAME, **options)
    if not summary.dry_run:
        assert_no_silent_zero(classroom.db_url, NAME, summary)
    return set(who_waits(summary))


def test_who_waits_is_flagged_and_listed_in_each_run(waiting_class: Classroom) -> None:
    assert grade_of(waiting_class, "script") == (4, None, True)
    assert grade_of(waiting_class, "right") == (5, None, False)
    assert listed(waiting_class) == {"script", "two", "broken"}
    summary, _ = waiting_class.grade(NAME, students=("right",))
    assert set(who_waits(summary)) == {"script", "two", "broken"}


def test_accepted_points_count_until_other_work_comes_in(waiting_class: Classroom) -> None:
    decision = accept(waiting_class, "script")
    assert decision.is_settled
    assert "4 points" in decision.message
    assert grade_of(waiting_class, "script") == (4, None, False)
    course = load_course(waiting_class.root)
    assert any(line.startswith("accepted   by teacher, 2") for line in explain_score(course, "script", NAME))
    assert any(line.startswith("waits      ") for line in explain_score(course, "two", NAME))
    assert listed(waiting_class, force=True) == {"two", "broken"}
    assert grade_of(waiting_class, "script") == (4, None, False)
    submit_script(waiting_class, WRONG + "\n")
    assert "script" in listed(waiting_class, dry_run=True)
    assert "script" in listed(waiting_class)
    assert grade_of(waiting_class, "script") == (4, None, True)


def test_a_manual_mark_closes_a_doubt_until_other_work_comes_in(waiting_class: Classroom) -> None:
    mark(waiting_class, "script", 3)
    mark(waiting_class, "broken", 1)
    assert listed(waiting_class, force=True) == {"two"}
    waiting_class.submit("broken", "no notebook either")
    assert listed(waiting_class) == {"two", "broken"}
    assert grade_of(waiting_class, "broken") == (None, 1, True)
    assert listed(waiting_class, force=True) == {"two", "broken"}
    assert accept(waiting_class, "broken").is_settled
    assert listed(waiting_class, force=True) == {"two"}


def test_without_points_there_is_nothing_to_accept(waiting_class: Classroom) -> None:
    for name in ("loading.py", "selfcheck.py"):
        shutil.copy(waiting_class.root / "solutions" / NAME / name, waiting_class.folder("two"))
    waiting_class.grade(NAME)
    decision = accept(waiting_class, "two")
    assert not decision.is_settled
    assert "autograder accept two 3-softmax FILE" in decision.message
    assert "notebooks and Python files: a.ipynb, b.ipynb." in decision.message
    assert "two" in listed(waiting_class)


def test_a_chosen_file_is_graded_in_all_later_runs(waiting_class: Classroom) -> None:
    choose(waiting_class, "two", "b.ipynb")
    assert listed(waiting_class) == {"script", "broken"}
    assert grade_of(waiting_class, "two") == (4, None, False)
    choose(waiting_class, "two", str(waiting_class.folder("two") / "a.ipynb"))
    assert listed(waiting_class, force=True) == {"script", "broken"}
    assert grade_of(waiting_class, "two") == (5, None, False)
    (waiting_class.folder("two") / "c.ipynb").write_text("{}")
    assert "two" in listed(waiting_class)


@pytest.mark.parametrize(
    ("student", "assignment", "message"),
    [
        ("nobody", NAME, "no student nobody submitted 3-softmax. There are: "),
        ("right", "3-sotfmax", "Did you mean 3-softmax?"),
        ("right", REFLECTION, "no student right submitted 6-reflection."),
    ],
)
def test_an_unknown_student_or_assignment_is_named(
    waiting_class: Classroom, student: str, assignment: str, message: str
) -> None:
    with pytest.raises(DecisionError, match=message):
        accept(waiting_class, student, assignment)


def test_work_that_was_not_graded_cannot_be_accepted(waiting_class: Classroom) -> None:
    submit_script(waiting_class, "x = 1")
    waiting_class.answer("late", RIGHT)
    for student in ("script", "late"):
        with pytest.raises(DecisionError, match=f"autograder grade 3-softmax --student {student}"):
            accept(waiting_class, student)


@pytest.mark.parametrize("file", ["c.ipynb", "../script/mine.py"])
def test_a_file_that_is_not_in_the_submission_cannot_be_chosen(waiting_class: Classroom, file: str) -> None:
    with pytest.raises(DecisionError, match=r"a.ipynb, b.ipynb"):
        choose(waiting_class, "two", file)


def test_answers_that_nobody_has_marked_are_named(waiting_class: Classroom) -> None:
    decision = accept(waiting_class, "essay", REFLECTION)
    assert not decision.is_settled
    assert "Nobody has marked essay's 6-reflection yet: evidence, mechanism, prediction, senses." in decision.message
    assert accept(waiting_class, "right") == Decision(True, "right's 3-softmax waits for nobody: 5 points, graded.")


def test_a_class_that_an_earlier_release_graded_keeps_its_manual_marks(waiting_class: Classroom) -> None:
    mark(waiting_class, "broken", 2)
    mark(waiting_class, "right", 4.5)
    with create_engine(waiting_class.db_url).begin() as connection:
        connection.execute(text("DROP TABLE attention_acceptances"))
        connection.execute(text("ALTER TABLE attention_gradings DROP COLUMN work"))
        connection.execute(text("UPDATE attention_gradings SET fingerprint = 'of an earlier release'"))
        # Earlier releases did not flag what was judged with doubt.
        connection.execute(text("UPDATE grade SET needs_manual_grade = 0 WHERE auto_score IS NOT NULL"))
    assert listed(waiting_class, dry_run=True) == {"script", "two"}
    assert listed(waiting_class) == {"script", "two"}
    assert grade_of(waiting_class, "broken") == (None, 2, False)
    assert grade_of(waiting_class, "right") == (5, 4.5, False)
    assert grade_of(waiting_class, "script") == (4, None, True)


def test_nbgraders_own_command_follows_what_was_decided(waiting_class: Classroom) -> None:
    accept(waiting_class, "script")
    choose(waiting_class, "two", "b.ipynb")
    mark(waiting_class, "broken", 1)
    waiting_class.stock()
    assert grade_of(waiting_class, "script") == (4, None, False)
    assert grade_of(waiting_class, "two") == (4, None, False)
    assert grade_of(waiting_class, "broken") == (None, 1, False)
    assert listed(waiting_class) == set()
    submit_script(waiting_class, WRONG + "\n")
    waiting_class.stock()
    assert grade_of(waiting_class, "script") == (4, None, True)
    assert listed(waiting_class) == {"script"}
