"""Which folders in ``submitted/`` belong to students of the class: a doubtful one waits for a person, without a row."""

from __future__ import annotations

import difflib
import shlex
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_SIMILAR = 0.75
# nbgrader joins the parts of a submission's name with +, lists students separated by commas, strips spaces around a
# name, and takes the others for a pattern.
_BREAKS_NBGRADER = "+,*?[]"


@dataclass(frozen=True)
class ClassList:
    """The students in the gradebook.

    ``added`` were added by an instructor: they have a name or an address, or never submitted anything.
    ``graded_before`` have a graded submission of this assignment, though they may have been removed since.
    """

    students: Collection[str]
    added: Collection[str]
    graded_before: Collection[str] = ()


def doubtful_students(submitted: Collection[str], class_list: ClassList) -> dict[str, str]:
    """Return why a folder may not belong to a student, by its name; students in the gradebook are never doubted."""
    unknown = sorted(set(submitted) - set(class_list.students))
    reasons = {student: _reason(student, submitted, class_list) for student in unknown}
    return {student: reason for student, reason in reasons.items() if reason}


def _reason(student: str, submitted: Collection[str], class_list: ClassList) -> str:
    same_name = sorted(other for other in {*submitted, *class_list.students} - {student} if _same(other, student))
    if same_name:
        return (
            f"There is also {same_name[0]}, which differs only by capitals, spaces or the form of its letters. "
            f"Nothing was graded for {student}: keep one folder in submitted/. {_confirm(student)}"
        )
    if student in class_list.graded_before:
        return f"{student} was removed from the gradebook, so nothing was graded. {_confirm(student)}"
    nearest = difflib.get_close_matches(student, sorted(class_list.added), n=1, cutoff=_SIMILAR)
    rename = "Nothing was graded. Rename the folder in submitted/ to the student's id."
    if nearest:
        return f"{student} is not on the class list. Do you mean {nearest[0]}? {rename} {_confirm(student)}"
    if not set(submitted).isdisjoint(class_list.added):
        return f"{student} is not on the class list, and no similar name is. {rename} {_confirm(student)}"
    return ""


def unknown_extensions(extended: Iterable[str], students: Collection[str]) -> str:
    """Return a sentence about the ids with an extension in course.yml that no student has; empty if there are none."""
    unknown = []
    for student in sorted(set(extended) - set(students)):
        nearest = difflib.get_close_matches(student, sorted(students), n=1, cutoff=_SIMILAR)
        unknown.append(f"{student} (do you mean {nearest[0]}?)" if nearest else student)
    return f"course.yml has extensions for ids that no student has: {', '.join(unknown)}" if unknown else ""


def names_that_nbgrader_cannot_use(students: Iterable[str]) -> str:
    """Return a sentence about the students whose ids break a command of nbgrader; empty if there are none."""
    names = sorted(student for student in students if _breaks_nbgrader(student))
    if not names:
        return ""
    return (
        f"nbgrader's own commands (submit, fetch_feedback, autograde --student) cannot use these ids: "
        f"{', '.join(names)}. Use letters, digits, dots, - and _ only, and begin with a letter or a digit."
    )


def _breaks_nbgrader(student: str) -> bool:
    return student != student.strip() or student.startswith("-") or any(sign in student for sign in _BREAKS_NBGRADER)


def _same(first: str, second: str) -> bool:
    return _plain(first) == _plain(second)


def _plain(student: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", student).casefold()).strip()


def _confirm(student: str) -> str:
    return f"If {student} is right, add the name to the gradebook: nbgrader db student add {shlex.quote(student)}"


def similar_groups(students: Iterable[str]) -> list[list[str]]:
    """Return the students whose ids differ only by capitals, spaces or the form of their letters, in groups."""
    groups: dict[str, list[str]] = {}
    for student in sorted(students):
        groups.setdefault(_plain(student), []).append(student)
    return [group for group in groups.values() if len(group) > 1]
