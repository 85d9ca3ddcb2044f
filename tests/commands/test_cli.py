"""The command line: what it prints, how it exits, and a sentence for every bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import cli, formatting
from autograder.sandbox import Sandbox, default_sandbox

RIGHT = """
import numpy as np
def softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder; return its exit status and what it printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "right.py").write_text(RIGHT)

    def command(*words: str) -> tuple[int, str, str]:
        try:
            status = cli.main(words)
        except SystemExit as error:  # argparse's way out
            status = int(str(error.code))
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return status, printed.out, printed.err

    return command


def test_judge_prints_one_json_object_a_line_in_the_order_of_the_paths(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(RIGHT.replace("scores - scores.max(axis=axis, keepdims=True)", "scores"))
    (tmp_path / "stub.py").write_text("def softmax(scores, axis=-1): raise NotImplementedError")
    names = ["wrong.py", "no.py", "right.py", ".", "stub.py"]
    status, out, _ = run("judge", *names, "--exercise", "softmax", "--seed", "7", "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [one["path"] for one in found] == names
    assert [one["status"] for one in found] == ["graded", "missing", "graded", "unreadable", "unfinished"]
    assert [one["score"] for one in found] == [4, 0, 5, None, 0]
    for one in found:
        assert (one["exercise"], one["seed"], one["max_score"]) == ("softmax", 7, 5)
        ran = one["status"] in ("graded", "unfinished")
        assert one["isolation"] == (default_sandbox().level if ran else "none")
        assert one["message"]
        assert all({"name", "points", "max_points"} <= set(criterion) for criterion in one["criteria"])
        keys = {"case", "criterion", "clause", "mark", "misconceptions", "hint"}
        assert all(set(outcome) == keys for outcome in one["outcomes"])
        assert len(one["outcomes"]) == len(found[0]["outcomes"])
    failed = [outcome for outcome in found[0]["outcomes"] if outcome["mark"] == "fail"]
    assert {(outcome["clause"], *outcome["misconceptions"]) for outcome in failed} == {
        ("stable", "softmax-without-shift")
    }


def test_a_seed_repeats_a_verdict_and_without_one_a_fresh_one_is_printed(run: Run) -> None:
    words = ("judge", "right.py", "--exercise", "softmax", "--json")
    first, second = (json.loads(run(*words)[1]) for _ in range(2))
    assert first["seed"] != second["seed"]
    again = json.loads(run(*words, "--seed", str(first["seed"]))[1])
    assert again == first


def test_for_people_a_verdict_is_a_table_with_reasons(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(RIGHT.replace("scores - scores.max(axis=axis, keepdims=True)", "scores"))
    status, out, _ = run("judge", "wrong.py", "--exercise", "softmax", "--seed", "7")
    assert status == 0
    for words in (
        "softmax  4 / 5",
        "pass  any axis ",
        "fail  no overflow           0 / 1",
        "What is exp(1000)",
        "--seed 7",
    ):
        assert words in out


def test_a_failing_sandbox_is_not_graded_and_exits_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as broken:
        monkeypatch.setattr("autograder.sandbox.host._default", (os.getpid(), broken))
        monkeypatch.setattr("autograder.sandbox.isolation.fork_server_command", lambda *_: ["/nonexistent"])
    status, out, _ = run("judge", "right.py", "--exercise", "softmax", "--json")
    assert (status, json.loads(out)["status"], json.loads(out)["score"]) == (1, "not_graded", None)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("judge", "right.py", "--exercise", "softmx"), "Did you mean softmax?"),
        (("judge", "right.py", "--exercise", "nothing"), "There are: attention_scores"),
        (("judge", "right.py"), "--exercise"),
        (("judge", "--exercise", "softmax"), "PATH"),
        (("judge", "right.py", "--exercise", "softmax", "--seed", "-1"), "whole number"),
        (("judge", "right.py", "--exercise", "softmax", "--seed", "x"), "whole number"),
        (("build",), "autograder init DIR"),
        (("kit",), "autograder init DIR"),
        (("explain", "novak", "3-softmax"), "autograder init DIR"),
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
def test_wrong_usage_is_told_in_a_sentence_and_exits_2(
    run: Run, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert says in " ".join(err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["right.py"]


@pytest.mark.parametrize("words", [("judge", "right.py", "--exercise", "softmax"), ("build",), ("build", "--check")])
def test_a_mistake_in_course_yml_is_told_with_its_line(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "course.yml").write_text("title: X\nleave_out: [maks]\n")
    status, _, err = run(*words)
    assert status == 2
    assert "line 2: there is no clause maks. Did you mean mask?" in err


def test_in_a_course_its_points_and_its_own_exercises_hold(run: Run, tmp_path: Path) -> None:
    (tmp_path / "course.yml").write_text("title: X\npoints: {softmax: {no overflow: 3}}\nlimits: {seconds: 1}\n")
    assert json.loads(run("judge", "right.py", "--exercise", "softmax", "--json")[1])["max_score"] == 7
    assert run("init", "--exercise", "layer_norm")[0] == 0
    assert run("judge", "right.py", "--exercise", "layer_norm", "--json")[0] == 0
    status, _, err = run("init", "--exercise", "layer_norm")
    assert (status, "already" in err) == (2, True)


def test_a_card_that_cannot_be_loaded_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    folder = tmp_path / "exercises" / "mine"
    folder.mkdir(parents=True)
    for text, says in (("1 / 0", "ZeroDivisionError"), ("nothing = 1", "defines no EXERCISE")):
        (folder / "exercise.py").write_text(text)
        status, _, err = run("judge", "right.py", "--exercise", "mine")
        assert (status, says in err) == (2, True)


def test_the_package_runs_as_a_module_and_starts_without_nbgrader() -> None:
    shown = subprocess.run([sys.executable, "-m", "autograder", "--help"], capture_output=True, text=True, check=True)
    for command in ("judge", "build", "init", "kit", "doctor", "explain", "demo"):
        assert command in shown.stdout
    code = "import sys, autograder.cli; sys.exit('nbgrader' in sys.modules or 'jupytext' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_ctrl_c_ends_with_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.grading.grader.grade_file", interrupted)
    status, _, err = run("judge", "right.py", "--exercise", "softmax")
    assert (status, "stopped" in err) == (130, True)


ESCAPES = "\\x1b[2J\\x1b]0;title\\x07\\x9b31m\\r\\x08\\u202e"


def test_nothing_of_a_submission_commands_the_terminal(run: Run, tmp_path: Path) -> None:
    rude = f"def softmax(scores, axis=-1):\n    raise type('Be{ESCAPES}fore', (Exception,), {{}})('x{ESCAPES}')"
    (tmp_path / "rude.py").write_text(rude)
    (tmp_path / "a\x1b[31m.py").write_text(f"raise ValueError('be{ESCAPES}fore')")
    status, out, _ = run("judge", "rude.py", "a\x1b[31m.py", "--exercise", "softmax")
    assert status == 0
    assert "a.py\n" in out
    assert not [c for c in out if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")]
    _, out, _ = run("judge", "rude.py", "--exercise", "softmax", "--json")
    assert out.isascii()
    assert "\x1b" not in out
    _, _, err = run("judge", "rude.py", "--exercise", "soft\x1b[31mmax")
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\x1b[1;31mb\x1b[0m", "ab"),
        ("a\x1b]8;;https://evil.example\x07b", "ab"),
        ("a\x1bPq#0\x1b\\b\x1bc", "ab"),
        ("a\x9b2Jb\rc\x08\x7f\x00", "abc"),
        ("a\u202eb\u2066c\ud800", "abc"),
        ("a\x1b", "a"),
        ("Straße, 中文, √dₖ ·\n\tindented", "Straße, 中文, √dₖ ·\n\tindented"),
    ],
)
def test_a_plain_text_has_its_words_and_nothing_that_a_terminal_obeys(text: str, wanted: str) -> None:
    assert formatting.strip_control_characters(text) == wanted
