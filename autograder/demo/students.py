"""Thirty made-up students and their answers. The functions in ``answers/`` are read as text, never imported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Student:
    """A made-up student. ``answer`` is the name of a file in answers/, or None for an untouched notebook."""

    id: str
    first_name: str
    last_name: str
    answer: str | None
    days_late: float = 0.0
    submitted: bool = True


def _student(name: str, answer: str | None, days_late: float = 0.0, submitted: bool = True) -> Student:
    first, last = name.split(" ")
    return Student(last.lower(), first, last, answer, days_late, submitted)


STUDENTS = (
    _student("Amara Okafor", "right_broadcast"),
    _student("Bela Novak", "no_shift"),
    _student("Chen Wei", "right_logsumexp"),
    _student("Dora Lindqvist", "last_axis_only"),
    _student("Emil Sorensen", None),
    _student("Farida Haddad", "right_broadcast", days_late=1.4),
    _student("Goran Petrov", "over_queries"),
    _student("Hana Suzuki", "right_moved_axis"),
    _student("Ivo Marek", "one_maximum"),
    _student("Jonas Weber", "right_broadcast"),
    _student("Kavya Rao", "in_place"),
    _student("Liam Byrne", "loops"),
    _student("Mina Park", "right_logsumexp"),
    _student("Nils Berg", "no_shift", days_late=0.3),
    _student("Olga Ivanova", "integers"),
    _student("Pablo Ruiz", None, submitted=False),
    _student("Qing Liu", "right_broadcast"),
    _student("Rosa Bianchi", "no_keepdims"),
    _student("Samir Aziz", "crashes"),
    _student("Tara Singh", "right_moved_axis"),
    _student("Uma Nair", "syntax_error"),
    _student("Viktor Horvat", "no_shift"),
    _student("Wanda Kowalska", "right_broadcast"),
    _student("Xenia Popa", "a_list"),
    _student("Yusuf Demir", "right_logsumexp", days_late=9.0),
    _student("Zofia Nowak", None),
    _student("Aiko Tanaka", "last_axis_only"),
    _student("Bram Visser", "loops"),
    _student("Carla Mendes", "right_broadcast"),
    _student("Dario Rossi", None, submitted=False),
)
