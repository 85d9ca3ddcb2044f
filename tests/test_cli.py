"""The command line as a whole: help, wrong usage, Ctrl-C."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.commands.shared import READER_GONE
from tests.helpers.command_line import CommandLine

COMMANDS = ("judge", "grade", "build", "init", "kit", "doctor", "audit", "explain", "compare", "demo")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("judge", "right.py", "--exercise", "softmx"), "Did you mean softmax?"),
        (("judge", "right.py", "--exercise", "nothing"), "There are: attention_scores"),
        (("judge", "right.py"), "--exercise"),
        (("judge", "--exercise", "softmax"), "PATH"),
        (("judge", "right.py", "--exercise", "softmax", "--seed", "-1"), "whole number"),
        (("judge", "right.py", "--exercise", "softmax", "--seed", "x"), "whole number"),
        (("grade", "3-softmax", "--workers", "0"), "write a whole number from 1 on"),
        (("build",), "autograder init DIR"),
        (("kit",), "autograder init DIR"),
        (("explain", "novak", "3-softmax"), "autograder init DIR"),
        (("compare", "3-softmax"), "autograder init DIR"),
        (("init",), "autograder init my-course"),
        (("init", "--exercise", "layer_norm"), "autograder init DIR"),
        (("init", "here", "--exercise", "layer_norm"), "not both"),
        (("init", "."), "is not empty"),
        (("init", "right.py"), "is a file"),
        (("demo", "--folder", "."), "is not a demo's folder"),
        (("mark",), "invalid choice"),
        (("grade", "3-softmax"), "autograder init DIR"),
        ((), "COMMAND"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_answered_with_a_sentence_and_exit_status_2(
    run_command: CommandLine, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    status, out, err = run_command(*words)
    assert (status, out) == (2, "")
    assert message in " ".join(err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["right.py"]


@pytest.mark.parametrize("words", [("judge", "right.py", "--exercise", "softmax"), ("build",), ("build", "--check")])
def test_a_mistake_in_course_yml_is_reported_with_its_line(
    run_command: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "course.yml").write_text("title: X\nleave_out: [maks]\n")
    status, _, err = run_command(*words)
    assert status == 2
    assert "line 2: there is no clause maks. Did you mean mask?" in err


def test_help_lists_every_command_with_its_line(run_command: CommandLine) -> None:
    status, out, _ = run_command("--help")
    assert status == 0
    for command in COMMANDS:
        line = next(line for line in out.splitlines() if line.split()[:1] == [command])
        assert len(line.split()) > 2


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_a_help_page(run_command: CommandLine, command: str) -> None:
    status, out, _ = run_command(command, "--help")
    assert status == 0
    assert f"usage: autograder {command}" in out


def test_the_package_runs_as_a_module() -> None:
    shown = subprocess.run([sys.executable, "-m", "autograder", "--help"], capture_output=True, text=True, check=True)
    assert "usage: autograder" in shown.stdout


def test_the_command_line_starts_without_nbgrader_numpy_and_rich() -> None:
    code = "import sys, autograder.cli; sys.exit(bool({'nbgrader', 'jupytext', 'numpy', 'rich'} & {*sys.modules}))"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_ctrl_c_ends_with_a_sentence(run_command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.grading.grader.grade_file", interrupted)
    status, _, err = run_command("judge", "right.py", "--exercise", "softmax")
    assert (status, "stopped" in err) == (130, True)


@pytest.mark.parametrize("words", [("--help",), ("judge", "--help"), ("doctor",), ("judge", "right.py"), ("init", "x")])
def test_a_command_whose_reader_has_gone_ends_quietly(tmp_path: Path, words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "autograder", *words]
    ended = subprocess.run(command, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr
    # 0: argparse ignores that nobody reads its help; 2: a sentence about wrong usage went to stderr.
    assert ended.returncode in (0, 2, READER_GONE)
