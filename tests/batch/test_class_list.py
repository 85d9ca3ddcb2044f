"""A folder that may not belong to a student of the class waits for a person; nobody gets a second row in silence."""

from __future__ import annotations

import unicodedata

import pytest

from autograder.batch.class_list import (
    ClassList,
    doubtful_students,
    names_that_nbgrader_cannot_use,
    similar_groups,
    unknown_extensions,
)

NFC, NFD = (unicodedata.normalize(form, "müller") for form in ("NFC", "NFD"))
CLASS = ClassList({"novak", "kim", NFC}, {"novak", "kim", NFC})


def test_students_in_the_gradebook_are_never_doubted() -> None:
    assert doubtful_students(["novak", "kim", NFC], CLASS) == {}


def test_without_a_class_list_everybody_is_new() -> None:
    graded_earlier = ClassList({"s01", "s02"}, set(), {"s01", "s02"})
    assert doubtful_students(["s01", "s02", "s03"], graded_earlier) == {}


def test_an_id_beside_the_class_list_is_named_with_the_nearest() -> None:
    (reason,) = doubtful_students(["novac"], CLASS).values()
    assert "Do you mean novak?" in reason
    assert "Rename the folder" in reason
    assert "nbgrader db student add novac" in reason


def test_extensions_for_ids_that_nobody_has_are_named_with_the_nearest() -> None:
    assert unknown_extensions(["novak", "kim"], CLASS.students) == ""
    assert unknown_extensions(["zzz", "novac"], CLASS.students).endswith(": novac (do you mean novak?), zzz")


def test_an_id_like_no_other_is_named_if_others_are_on_the_class_list() -> None:
    assert "no similar name" in doubtful_students(["kim", "zzz"], CLASS)["zzz"]


def test_a_class_list_that_nobody_uses_is_none() -> None:
    assert doubtful_students(["s01", "s02"], ClassList({"absent"}, {"absent"})) == {}


@pytest.mark.parametrize("student", [NFD, "Müller", "MÜLLER", "müller "])
def test_another_form_of_a_known_name_is_no_second_student(student: str) -> None:
    assert f"There is also {NFC}" in doubtful_students([student], CLASS)[student]
    auto_created = ClassList({NFC}, set())
    assert f"There is also {NFC}" in doubtful_students([student], auto_created)[student]


def test_two_new_folders_of_one_name_both_wait() -> None:
    assert set(doubtful_students([NFC, NFD, "kim"], ClassList((), ()))) == {NFC, NFD}


def test_a_student_who_was_removed_does_not_come_back_in_silence() -> None:
    reasons = doubtful_students(["gone", "kim"], ClassList({"kim"}, set(), {"gone", "kim"}))
    assert "was removed from the gradebook" in reasons["gone"]


def test_ids_that_break_a_command_of_nbgrader_are_named() -> None:
    odd = ["a+b", "a,b", "[x]", "a*", "-x", " a"]
    sentence = names_that_nbgrader_cannot_use([*odd, "novak", "o'neill", "ana maria", "a.b-c_1", "über", "{0}"])
    assert all(name in sentence for name in odd)
    assert "novak" not in sentence
    assert names_that_nbgrader_cannot_use(["novak", "o'neill", "ana maria"]) == ""


def test_names_that_differ_only_by_form_are_grouped() -> None:
    assert similar_groups(["kim", "Kim", NFC, NFD, "novak"]) == [["Kim", "kim"], [NFD, NFC]]
