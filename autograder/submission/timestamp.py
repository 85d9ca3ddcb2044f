"""Read timestamp.txt, which says when the work was submitted: as it is written, or not at all.

nbgrader takes a time zone that it does not know for UTC, ``+0200`` for 200 seconds, and 04/05 for a day in April. Here
such a text is a problem that is reported, because a wrong time can cost a student every point.
"""

from __future__ import annotations

import calendar
import codecs
import os
import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.formatting import strip_control_characters
from autograder.submission.submitted_file import read_regular_file

TIMESTAMP_FILE = "timestamp.txt"
_MAX_BYTES = 4096
_MAX_SHOWN = 60
_EXAMPLE = "2027-04-20 10:00:00 UTC"
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
)
_WEEKDAY = r"(?:[^\W\d]+\.?,?\s+)?"
_MONTH, _DAY, _YEAR = r"(?P<month>[^\W\d]+)\.?", r"(?P<day>\d{1,2})\.?", r"(?P<year>\d{4})"
_ZONE = r"(?:\s*(?P<zone>\S.*))?"
# The year comes first, or the month has a name: everything else could be another day.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}(?P<separator>[-/.])(?P<month>\d{{1,2}})(?P=separator)(?P<day>\d{{1,2}})(?:\s*T\s*|\s+){_TIME}{_ZONE}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<half>)(?P<fraction>){_ZONE}",
        rf"{_WEEKDAY}{_DAY}\s+{_MONTH},?\s+{_YEAR},?\s+(?:at\s+)?{_TIME}{_ZONE}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR},?\s+(?:at\s+)?{_TIME}{_ZONE}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_TIME}(?:\s+(?P<zone>[^\s\d]\S*|[+-]\d+))?\s+{_YEAR}",
        rf"{_WEEKDAY}{_DAY}\s+{_MONTH}\s+{_TIME}(?:\s+(?P<zone>[^\s\d]\S*|[+-]\d+))?\s+{_YEAR}",
    )
)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}
_OFFSET = re.compile(
    r"(?:UTC?|GMT|Z)?\s*(?P<sign>[+-])(?:(?P<hours>\d{1,2})|(?P<pair>\d\d?:\d\d|\d{4}))", re.IGNORECASE
)
_MAX_OFFSET = timedelta(hours=14)
# Abbreviations that mean one offset. CST, BST, IST and others mean several: only the course's own zone can decide.
_HOURS = {
    **dict.fromkeys(("Z", "UTC", "UT", "UCT", "GMT", "WET", "WEZ"), 0),
    **dict.fromkeys(("CET", "MEZ", "MET", "WEST", "WESZ"), 1),
    **dict.fromkeys(("CEST", "MESZ", "MEST", "EET", "OEZ", "SAST"), 2),
    **dict.fromkeys(("EEST", "OESZ", "MSK"), 3),
    **dict.fromkeys(("HKT", "SGT", "AWST"), 8),
    **dict.fromkeys(("JST", "KST"), 9),
    **{"AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13},
    **{"EDT": -4, "EST": -5, "CDT": -5, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9, "HST": -10},
}
_FILES_OF_THIS_MACHINE = {"localtime", "posixrules", "Factory"}  # beside the zones, and no zones


class TimestampError(ValueError):
    """Raised if a text names no time, or may name several; the text says why."""


@dataclass(frozen=True)
class TimeRules:
    """What times a course expects: ``zone`` decides abbreviations such as CST; other times are not believed."""

    zone: tzinfo = UTC
    earliest: datetime | None = None
    latest: datetime | None = None


@dataclass(frozen=True)
class SubmissionTime:
    """When something was submitted, in UTC without a time zone, as the gradebook keeps it.

    ``moment`` is None without a timestamp.txt, and if there is a ``problem`` with it, which says what to do.
    """

    moment: datetime | None = None
    problem: str = ""


def read_timestamp(folder: Path, rules: TimeRules, root: Path) -> SubmissionTime:
    """Read timestamp.txt in a submitted folder; ``root`` is the course directory, from which the file is named."""
    path = folder / TIMESTAMP_FILE
    if not os.path.lexists(path):
        return SubmissionTime()
    data = read_regular_file(path, _MAX_BYTES)
    try:
        if data is None:
            raise TimestampError("cannot be read, or is not a small text file")
        moment = _parse(_decode(data), rules)
    except TimestampError as error:
        return SubmissionTime(problem=_problem(os.path.relpath(path, root), str(error)))
    return SubmissionTime(moment)


def parse_timestamp(text: str, zone: tzinfo = UTC) -> datetime:
    """Return the time that a text names, in UTC without a time zone. A time without a zone is UTC, as in nbgrader.

    Raises `TimestampError`.
    """
    match = next(filter(None, (pattern.fullmatch(text) for pattern in _PATTERNS)), None)
    if match is None:
        raise TimestampError(f"says {_shown(text)}, which is not a time such as {_EXAMPLE}")
    clock = _clock(match, text)
    try:
        return clock - _offset(match["zone"] or "", clock, zone)
    except OverflowError:
        raise TimestampError(f"says {_shown(text)}, which is no time that a calendar has") from None


def _parse(text: str, rules: TimeRules) -> datetime:
    if not text:
        raise TimestampError("is empty")
    moment = parse_timestamp(text, rules.zone)
    if rules.latest and moment.replace(tzinfo=UTC) > rules.latest:
        raise TimestampError(f"says {_shown(text)}, long after the last due date of the course")
    if rules.earliest and moment.replace(tzinfo=UTC) < rules.earliest:
        raise TimestampError(f"says {_shown(text)}, long before the first due date of the course")
    return moment


def _problem(name: str, reason: str) -> str:
    file = shlex.quote(strip_control_characters(name))
    return (
        f"{file} {reason}. No late penalty is taken until that is decided. Write the time of submission into the file, "
        f"for example: echo '{_EXAMPLE}' > {file}; or delete it, and the submission is not late: rm {file}"
    )


def _decode(data: bytes) -> str:
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # A file that was being written when the disk was full can consist of null characters.
    return data.decode("utf-16" if is_utf16 else "utf-8-sig", "replace").strip("\0 \t\r\n")


def _shown(text: str) -> str:
    return repr(strip_control_characters(text[:_MAX_SHOWN]) + ("..." if len(text) > _MAX_SHOWN else ""))


def _clock(match: re.Match[str], text: str) -> datetime:
    """Return what clock and calendar showed, without a time zone."""
    month, hour, half = match["month"], int(match["hour"]), (match["half"] or "").lower()
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    try:
        if half:
            # Noon is 12 pm, midnight is 12 am, and there is no 13 pm.
            hour = datetime.strptime(f"{hour}{half}m", "%I%p").hour
        number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
        day, minute, second = int(match["day"]), int(match["minute"]), int(match["second"] or 0)
        return datetime(int(match["year"]), number, day, hour, minute, second, int(fraction))
    except (ValueError, KeyError):
        raise TimestampError(f"says {_shown(text)}, which is no time that a calendar has") from None


def _offset(name: str, clock: datetime, zone: tzinfo) -> timedelta:
    """Return the offset from UTC that a time zone, as it is written, has when a clock in it shows this time."""
    name = re.sub(r"\s*\(.*\)$", "", name).strip().replace("\N{MINUS SIGN}", "-")
    if not name:
        return timedelta()
    numeric = _OFFSET.fullmatch(name)
    if numeric:
        return _numeric_offset(numeric)
    own_offsets = [offset for offset in _offsets(clock, zone) if offset.tzname == name]
    if own_offsets:
        return own_offsets[0].offset
    if name.upper() in _HOURS:
        return timedelta(hours=_HOURS[name.upper()])
    offsets = {offset.offset for offset in _named_offsets(name, clock)}
    if len(offsets) == 1:
        return offsets.pop()
    if offsets:
        raise TimestampError(f"says {clock} {name}, a time that the clocks there show twice or never")
    raise TimestampError(f"has the time zone {_shown(name)}, which is not known or has several meanings")


def _numeric_offset(match: re.Match[str]) -> timedelta:
    digits = (match["pair"] or match["hours"] + "00").replace(":", "").zfill(4)
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset > _MAX_OFFSET or int(digits[2:]) >= 60:
        raise TimestampError(f"has the offset {match[0]} from UTC, which no time zone has")
    return -offset if match["sign"] == "-" else offset


@dataclass(frozen=True)
class _Offset:
    """An offset from UTC and its abbreviation in a time zone."""

    offset: timedelta
    tzname: str | None


def _offsets(clock: datetime, zone: tzinfo) -> list[_Offset]:
    """Return the offsets that a zone may have when its clocks show this time: two where they are put back."""
    moments = [clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    return [_Offset(moment.utcoffset() or timedelta(), moment.tzname()) for moment in moments]


def _named_offsets(name: str, clock: datetime) -> list[_Offset]:
    """Return the offsets of a zone such as Europe/Berlin; none if there is no such zone."""
    if name in _FILES_OF_THIS_MACHINE:
        return []
    try:
        return _offsets(clock, ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return []
