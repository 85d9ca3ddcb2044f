"""The demo's students."""

from __future__ import annotations

from autograder.demo.demo_course import ANSWERS
from autograder.demo.students import STUDENTS


def test_thirty_students_have_different_ids_and_existing_answers() -> None:
    assert len({student.id for student in STUDENTS}) == 30
    for student in STUDENTS:
        assert student.answer is None or (ANSWERS / f"{student.answer}.py").is_file()


def test_an_id_is_the_last_name_in_lower_case() -> None:
    assert (STUDENTS[0].first_name, STUDENTS[0].last_name, STUDENTS[0].id) == ("Amara", "Okafor", "okafor")
