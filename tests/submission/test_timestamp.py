"""timestamp.txt is read as it is written, or reported: never taken for UTC, another month or another half of a day."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.submission.timestamp import TimeRules, TimestampError, parse_timestamp, read_timestamp

BERLIN = ZoneInfo("Europe/Berlin")
TEN = datetime(2027, 4, 20, 10)  # in UTC
ZONES = {
    "": 0,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "utc": 0,
    "+02:00": 2,
    "+0200": 2,
    "+02": 2,
    "+2": 2,
    "-0330": -3.5,
    "\N{MINUS SIGN}05:00": -5,
    "UTC+2": 2,
    "GMT+0200 (Central European Summer Time)": 2,
    "CEST": 2,
    "CET": 1,
    "MEZ": 1,
    "MESZ": 2,
    "EST": -5,
    "PDT": -7,
    "JST": 9,
    "Europe/Berlin": 2,
    "America/Los_Angeles": -7,
    "EST5EDT": -4,
    "Asia/Kathmandu": 5.75,
    "Etc/GMT+2": -2,
}


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
@pytest.mark.parametrize("separator", [" ", ""])
def test_the_time_zone_is_read_as_it_is_written(zone: str, hours: float, separator: str) -> None:
    assert parse_timestamp(f"2027-04-20 10:00:00{separator}{zone}".strip()) == TEN - timedelta(hours=hours)


FORMS = [
    "2027-04-20 10:00",
    "2027-04-20 10:00:00.000000",
    "2027-04-20T10:00:00,000",
    "2027/04/20 10:00:00",
    "2027.04.20 10:00:00",
    "2027-4-20 10:00:00",
    "20270420T100000Z",
    "2027-04-20 10:00:00 am",
    "Tue, 20 Apr 2027 10:00:00 +0000",
    "20 April 2027 10:00 UTC",
    "20. Apr 2027 10:00 UTC",
    "April 20, 2027 at 10:00 AM",
    "Tue Apr 20 2027 12:00:00 GMT+0200 (Mitteleuropäische Sommerzeit)",
    "Tue Apr 20 10:00:00 UTC 2027",
    "Tue Apr 20 12:00:00 CEST 2027",
    "Tue Apr 20 10:00:00 AM UTC 2027",
    "Di 20. Apr 12:00:00 CEST 2027",
    "Tue Apr 20 10:00:00 2027",
]


@pytest.mark.parametrize("text", FORMS)
def test_a_time_whose_day_and_month_are_certain_is_read(text: str) -> None:
    assert parse_timestamp(text) == TEN


def test_parts_of_a_second_are_kept_as_far_as_the_gradebook_keeps_them() -> None:
    assert parse_timestamp("2027-04-20 10:00:00.123456789 UTC") == TEN.replace(microsecond=123456)


@pytest.mark.parametrize(("text", "hour"), [("12:05 am", 0), ("12:05 PM", 12), ("11:05 p.m.", 23)])
def test_noon_and_midnight_are_different(text: str, hour: int) -> None:
    assert parse_timestamp(f"2027-04-20 {text} UTC").hour == hour


UNREADABLE = {
    "": "not a time",
    "soon": "not a time",
    "04/05/2027 10:00:00 UTC": "not a time",
    "04.05.2027 10:00": "not a time",
    "20.04.2027 10:00": "not a time",
    "4-5-27 10:00": "not a time",
    "2027-04-20": "not a time",
    "1808215200": "not a time",
    "2027-04-20 10:00:00 UTC\nand more": "not a time",
    "2027-20-04 10:00:00 UTC": "no time that a calendar has",
    "2027-02-30 10:00:00 UTC": "no time that a calendar has",
    "2027-04-20 25:00:00 UTC": "no time that a calendar has",
    "2027-04-20 13:00 pm": "no time that a calendar has",
    "20 Foo 2027 10:00": "no time that a calendar has",
    "0001-01-01 00:00:00 +0800": "no time that a calendar has",
    "2027-04-20 10:00:00 XYZ": "not known or has several meanings",
    "2027-04-20 10:00:00 CST": "not known or has several meanings",
    "2027-04-20 10:00:00 IST": "not known or has several meanings",
    "2027-04-20 10:00:00 ../../etc/passwd": "not known or has several meanings",
    "2027-04-20 10:00:00 Europe": "not known or has several meanings",
    "2027-04-20 10:00:00 localtime": "not known or has several meanings",
    "2027-04-20 10:00:00 +200": "not known or has several meanings",
    "2027-04-20 10:00:00 +2500": "no time zone has",
    "2027-04-20 10:00:00 +0175": "no time zone has",
    "2027-10-31 02:30:00 Europe/Berlin": "twice or never",
    "2027-03-28 02:30:00 Europe/Berlin": "twice or never",
}


@pytest.mark.parametrize(("text", "reason"), UNREADABLE.items(), ids=map(repr, UNREADABLE))
def test_what_is_ambiguous_or_unreadable_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(TimestampError, match=reason):
        parse_timestamp(text)


def test_the_courses_own_zone_decides_what_an_abbreviation_means() -> None:
    assert parse_timestamp("2027-04-20 10:00 CST", ZoneInfo("Asia/Shanghai")) == TEN - timedelta(hours=8)
    assert parse_timestamp("2027-01-20 10:00 CST", ZoneInfo("America/Chicago")) == datetime(2027, 1, 20, 16)
    assert parse_timestamp("2027-10-31 02:30 CEST", BERLIN) == datetime(2027, 10, 31, 0, 30)
    assert parse_timestamp("2027-10-31 02:30 CET", BERLIN) == datetime(2027, 10, 31, 1, 30)


RULES = TimeRules(BERLIN, datetime(2026, 4, 1, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "submitted" / "o'neill" / "3-softmax"
    folder.mkdir(parents=True)
    return folder


CONTENTS = {
    b"2027-04-20 10:00:00 UTC\n": "",
    b"\xef\xbb\xbf2027-04-20 10:00:00 UTC\r\n": "",
    "2027-04-20 10:00:00 UTC".encode("utf-16"): "",
    b"": "is empty",
    b" \n\n": "is empty",
    b"\0" * 24: "is empty",
    b"2199-01-01 10:00:00 UTC": "long after the last due date",
    b"9999-12-31 23:59:59 UTC": "long after the last due date",
    b"1970-01-01 00:00:00 UTC": "long before the first due date",
    b"\xff\xfe\xfd": "not a time",
    b"1" * 5000: "not a small text file",
}


@pytest.mark.parametrize(("content", "problem"), CONTENTS.items(), ids=[repr(key[:30]) for key in CONTENTS])
def test_the_file_is_a_time_or_a_problem_with_the_command_that_solves_it(
    tmp_path: Path, folder: Path, content: bytes, problem: str
) -> None:
    (folder / "timestamp.txt").write_bytes(content)
    time = read_timestamp(folder, RULES, tmp_path)
    if not problem:
        assert (time.moment, time.problem) == (TEN, "")
        return
    assert time.moment is None
    assert problem in time.problem
    assert """rm 'submitted/o'"'"'neill/3-softmax/timestamp.txt'""" in time.problem


def test_without_a_file_there_is_no_time_and_no_problem(tmp_path: Path, folder: Path) -> None:
    time = read_timestamp(folder, RULES, tmp_path)
    assert (time.moment, time.problem) == (None, "")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/nowhere")])
def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, folder: Path, make: object) -> None:
    make(folder / "timestamp.txt")  # type: ignore[operator]
    assert "cannot be read" in read_timestamp(folder, RULES, tmp_path).problem


def test_a_time_controls_no_terminal(tmp_path: Path, folder: Path) -> None:
    (folder / "timestamp.txt").write_text("\x1b[31m2027")
    assert "\x1b" not in read_timestamp(folder, RULES, tmp_path).problem
