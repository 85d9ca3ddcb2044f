"""What the subcommands share."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from autograder.commands import shared


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "", "²"])
def test_only_whole_numbers_from_1_on_count_something(text: str) -> None:
    assert shared.positive_number("12") == 12
    with pytest.raises(argparse.ArgumentTypeError, match="write a whole number from 1 on"):
        shared.positive_number(text)


def test_paths_below_the_current_directory_are_printed_relative_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shared.print_paths([tmp_path / "a" / "b", Path("/elsewhere")])
    assert capsys.readouterr().out == "a/b\n/elsewhere\n"
    shared.print_paths([], if_none="Nothing.")
    assert capsys.readouterr().out == "Nothing.\n"


def test_printed_lines_have_nothing_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    shared.print_lines(["a\x1b[31mb"])
    assert capsys.readouterr().out == "ab\n"
