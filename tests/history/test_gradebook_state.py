"""What is recorded of a gradebook, and that nothing is recorded twice."""

from __future__ import annotations

from autograder.history.entries import Kind
from autograder.history.gradebook_state import exercise_of_cell, fingerprint_of_course
from tests.helpers.small_gradebook import GRADER, NAME, SmallGradebook


def test_a_verdict_is_recorded_with_everything_that_proves_it(gradebook: SmallGradebook) -> None:
    gradebook.judge(4)
    (entry,) = gradebook.history()
    assert (entry.key.kind, entry.key.subject, entry.author, entry.is_noticed) == ("verdict", "softmax", GRADER, False)
    expected = {"score": 4, "seed": 7, "isolation": "full", "fingerprint": "f", "work": "w", "status": "graded"}
    assert expected.items() <= entry.value.items()
    assert entry.value["criteria"][0]["name"] == "no overflow"


def test_marks_entered_in_formgrader_are_noticed_once(gradebook: SmallGradebook) -> None:
    gradebook.judge(4)
    gradebook.mark(4.5, "Nice.")
    noticed = gradebook.history()[1:]
    assert [(entry.key.kind, entry.value) for entry in noticed] == [("comment", "Nice."), ("manual_score", 4.5)]
    assert all(entry.is_noticed for entry in noticed)
    assert len(gradebook.history()) == 3
    gradebook.mark(None)
    assert [(entry.key.kind, entry.value) for entry in gradebook.history()[3:]] == [
        ("comment", None),
        ("manual_score", None),
    ]


def test_verdicts_from_before_the_history_are_noticed(gradebook: SmallGradebook) -> None:
    gradebook.judge(4)
    gradebook.tamper("DROP TABLE attention_history")
    (entry,) = gradebook.history()
    assert (entry.value["score"], entry.is_noticed) == (4, True)


def test_a_score_changed_in_the_table_is_noticed_as_a_verdict(gradebook: SmallGradebook) -> None:
    gradebook.judge(4)
    gradebook.tamper("UPDATE attention_verdicts SET score = 5")
    entry = gradebook.history()[-1]
    assert (entry.key.kind, entry.value["score"], entry.is_noticed) == (Kind.VERDICT, 5, True)


def test_penalties_extensions_and_scores_of_other_cells_are_recorded(gradebook: SmallGradebook) -> None:
    gradebook.tamper("UPDATE submitted_notebook SET late_submission_penalty = 1.5")
    gradebook.tamper("UPDATE grade SET auto_score = 2, extra_credit = 0.5")
    kinds = {entry.key.kind: entry.value for entry in gradebook.history()}
    assert kinds == {Kind.LATE_PENALTY: 1.5, Kind.AUTO_SCORE: 2, Kind.EXTRA_CREDIT: 0.5}


def test_the_score_of_an_exercise_is_recorded_with_its_verdict_only(gradebook: SmallGradebook) -> None:
    gradebook.judge(2)
    gradebook.tamper("UPDATE grade SET auto_score = 2")
    assert [entry.key.kind for entry in gradebook.history()] == [Kind.VERDICT]
    assert exercise_of_cell(f"{NAME}/check-softmax") == "softmax"
    assert exercise_of_cell(f"{NAME}/essay") == ""


def test_enrolled_students_and_new_cells_change_the_course(gradebook: SmallGradebook) -> None:
    hashes = []
    for statement in (
        "UPDATE student SET email = NULL",
        "UPDATE student SET email = 'a@example.org'",
        "UPDATE base_cell SET name = 'essays' WHERE name = 'essay'",
    ):
        gradebook.tamper(statement)
        with gradebook.engine.connect() as connection:
            hashes.append(fingerprint_of_course(connection))
    assert len(set(hashes)) == 3
