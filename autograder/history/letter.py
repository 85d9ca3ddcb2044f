"""The history of a student's marks in sentences, for a person who has to be answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from autograder.formatting import format_points
from autograder.history.entries import Entry, Kind
from autograder.history.gradebook_state import exercise_of_cell

_NAMES = {
    Kind.AUTO_SCORE: "nbgrader's automatic score",
    Kind.MANUAL_SCORE: "manual mark",
    Kind.EXTRA_CREDIT: "extra credit",
    Kind.COMMENT: "comment",
    Kind.LATE_PENALTY: "late penalty",
    Kind.EXTENSION: "extension",
    Kind.ACCEPTANCE: "acceptance",
}
_TAKING_BACK = ("autograder restore", "autograder undo")


def write_letter(entries: Sequence[Entry], zone: tzinfo) -> Iterator[str]:
    """Yield the lines about a student's entries, which are in their order: by assignment, then by what they are about.

    Times are those of ``zone``.
    """
    ordered = sorted(entries, key=lambda entry: (entry.key.assignment, _topic(entry), entry.number))
    for assignment, of_assignment in groupby(ordered, key=lambda entry: entry.key.assignment):
        yield f"{assignment}:"
        for topic, of_topic in groupby(of_assignment, key=_topic):
            yield f"  {topic}:"
            yield from (f"    {line}" for line in _Topic(zone).lines(of_topic))


class _Topic:
    """The entries about one exercise, cell or submission, in their order."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._before: dict[Kind, Any] = {}

    def lines(self, entries: Iterable[Entry]) -> Iterator[str]:
        """Yield a line for each entry that tells anything new."""
        for entry in entries:
            before = self._before.get(entry.key.kind)
            if entry.key.kind is Kind.VERDICT:
                yield self._verdict(entry, before)
            else:
                yield self._value(entry, before)
            self._before[entry.key.kind] = entry.value

    def _verdict(self, entry: Entry, before: Any) -> str:
        if entry.value is None:
            return f"The verdict was removed before {self._time(entry)}, noticed by {entry.author.command}."
        verdict = entry.value
        points = f"{format_points(verdict['score'])} of {format_points(verdict['max_score'])}"
        moment, recorded = _local(verdict["graded_at"], self._zone), self._time(entry)
        if entry.is_noticed:
            found = "found in the gradebook" if before is None else "changed in the gradebook without a run"
            how = f"{found}, noticed on {recorded} by {entry.author.command}."
        elif entry.author.command.startswith(_TAKING_BACK):
            return f"{points} again since {recorded}, by {_who(entry)}: the verdict of {moment}."
        else:
            how = f"on {moment} by the grader ({_who(entry)})."
        return " ".join([points, how, *_reasons(verdict, before)])

    def _value(self, entry: Entry, before: Any) -> str:
        when = f"on {self._time(entry)} by {entry.author.command}"
        if entry.is_noticed:
            when = f"noticed {when}"
        changed = isinstance(before, float) and isinstance(entry.value, float) and entry.key.kind is not Kind.EXTENSION
        instead = f", instead of {format_points(before)}" if changed else ""
        return f"{_in_words(entry.key.kind, entry.value)}{instead}, {when}."

    def _time(self, entry: Entry) -> str:
        return _local(entry.recorded_at, self._zone)


def _in_words(kind: Kind, value: Any) -> str:
    """Say what an entry other than a verdict says."""
    name = _NAMES[kind]
    if value is None:
        return f"The {name} was removed"
    if kind is Kind.COMMENT:
        return f"Comment: “{value}”"
    if kind is Kind.EXTENSION:
        return f"Extension of {timedelta(seconds=value)}"
    if kind is Kind.ACCEPTANCE:
        by = value["accepted_by"]
        return f"Accepted by {by}" if value["is_settled"] else f"{by} chose the file {value['file']}"
    if kind in (Kind.MANUAL_SCORE, Kind.AUTO_SCORE):
        return f"{format_points(value)} by {name}"
    return f"{name.capitalize()} of {format_points(value)}"


def _topic(entry: Entry) -> str:
    """Return the exercise, cell or notebook that an entry is about."""
    if entry.key.kind in (Kind.LATE_PENALTY, Kind.EXTENSION):
        return "late work"
    subject = entry.key.subject
    return exercise_of_cell(subject) or subject.rpartition("/")[2] or "submission"


def _reasons(verdict: dict[str, Any], before: Any) -> Iterator[str]:
    """Yield sentences about what the verdict found, compared with the verdict before it."""
    earned = {criterion["name"]: criterion for criterion in (before or {}).get("criteria", [])}
    if verdict["status"] != "graded":
        yield f"Status {verdict['status']}: {verdict['message']}"
    for criterion in verdict["criteria"]:
        old = earned.get(criterion["name"])
        if old and old["points"] == criterion["points"]:
            continue
        seen = criterion["reason"]["seen"] if criterion["reason"] else ""
        if old:
            change = f"from {format_points(old['points'])} to {format_points(criterion['points'])}"
            yield f"“{criterion['name']}” went {change}{': ' + seen if seen else '.'}"
        elif seen:
            yield f"“{criterion['name']}” earned {format_points(criterion['points'])}: {seen}"
    if before is None:
        return
    if verdict.get("work") and before.get("work") and verdict["work"] != before["work"]:
        yield "Other files were submitted."
    if verdict["version"] != before["version"]:
        yield f"The grader's version changed from {before['version']} to {verdict['version']}."
    is_regraded = verdict.get("work") == before.get("work") and verdict["version"] == before["version"]
    if is_regraded and verdict.get("fingerprint") != before.get("fingerprint"):
        yield "The exercise or the course's settings changed."


def _who(entry: Entry) -> str:
    return f"{entry.author.command}, {entry.author.account} on {entry.author.machine}"


def _local(moment: str, zone: tzinfo) -> str:
    local = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"
