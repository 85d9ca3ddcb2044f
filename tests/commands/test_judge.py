"""`autograder judge`: what it prints for people and for programs, and how it exits."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox, default_sandbox
from tests.helpers.command_line import SOFTMAX_WITHOUT_SHIFT, CommandLine

ESCAPES = "\\x1b[2J\\x1b]0;title\\x07\\x9b31m\\r\\x08\\u202e"


def test_json_is_one_object_a_line_in_the_order_of_the_paths(run_command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(SOFTMAX_WITHOUT_SHIFT)
    (tmp_path / "stub.py").write_text("def softmax(scores, axis=-1): raise NotImplementedError")
    names = ["wrong.py", "no.py", "right.py", ".", "stub.py"]
    status, out, _ = run_command("judge", *names, "--exercise", "softmax", "--seed", "7", "--json")
    reports = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [report["path"] for report in reports] == names
    assert [report["status"] for report in reports] == ["graded", "missing", "graded", "needs_look", "unfinished"]
    assert [report["score"] for report in reports] == [4, None, 5, None, 0]
    for report in reports:
        assert (report["exercise"], report["seed"], report["max_score"]) == ("softmax", 7, 5)
        ran = report["status"] in ("graded", "unfinished")
        assert report["isolation"] == (default_sandbox().level if ran else "none")
        assert report["message"]
        assert all({"name", "points", "max_points"} <= set(criterion) for criterion in report["criteria"])
        keys = {"case", "criterion", "clause", "mark", "misconceptions", "hint"}
        assert all(set(outcome) == keys for outcome in report["outcomes"])
        assert len(report["outcomes"]) == len(reports[0]["outcomes"])
    failed = [outcome for outcome in reports[0]["outcomes"] if outcome["mark"] == "fail"]
    assert {(outcome["clause"], *outcome["misconceptions"]) for outcome in failed} == {
        ("stable", "softmax-without-shift")
    }


def test_a_printed_seed_repeats_the_verdict_and_the_default_seed_is_fresh(run_command: CommandLine) -> None:
    words = ("judge", "right.py", "--exercise", "softmax", "--json")
    first, second = (json.loads(run_command(*words)[1]) for _ in range(2))
    assert first["seed"] != second["seed"]
    again = json.loads(run_command(*words, "--seed", str(first["seed"]))[1])
    assert again == first


def test_without_json_a_verdict_is_a_table_with_reasons(run_command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(SOFTMAX_WITHOUT_SHIFT)
    status, out, _ = run_command("judge", "wrong.py", "--exercise", "softmax", "--seed", "7")
    assert status == 0
    for words in (
        "softmax  4 / 5",
        "pass  any axis ",
        "fail  no overflow           0 / 1",
        "What is exp(1000)",
        "--seed 7",
    ):
        assert words in out


def test_a_failing_sandbox_is_not_graded_and_exits_1(run_command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as broken:
        monkeypatch.setattr("autograder.sandbox.host._default", (os.getpid(), broken))
        monkeypatch.setattr("autograder.sandbox.isolation.fork_server_command", lambda *_: ["/nonexistent"])
    status, out, _ = run_command("judge", "right.py", "--exercise", "softmax", "--json")
    assert (status, json.loads(out)["status"], json.loads(out)["score"]) == (1, "not_graded", None)


def test_in_a_course_its_points_and_its_own_exercises_apply(run_command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "course.yml").write_text("title: X\npoints: {softmax: {no overflow: 3}}\nlimits: {seconds: 1}\n")
    assert json.loads(run_command("judge", "right.py", "--exercise", "softmax", "--json")[1])["max_score"] == 7
    assert run_command("init", "--exercise", "layer_norm")[0] == 0
    assert run_command("judge", "right.py", "--exercise", "layer_norm", "--json")[0] == 0


@pytest.mark.parametrize(("text", "reason"), [("1 / 0", "ZeroDivisionError"), ("nothing = 1", "defines no EXERCISE")])
def test_an_exercise_definition_that_cannot_be_loaded_is_reported(
    run_command: CommandLine, tmp_path: Path, text: str, reason: str
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    folder = tmp_path / "exercises" / "mine"
    folder.mkdir(parents=True)
    (folder / "exercise.py").write_text(text)
    status, _, err = run_command("judge", "right.py", "--exercise", "mine")
    assert (status, reason in err) == (2, True)


def test_nothing_of_a_submission_controls_the_terminal(run_command: CommandLine, tmp_path: Path) -> None:
    rude = f"def softmax(scores, axis=-1):\n    raise type('Be{ESCAPES}fore', (Exception,), {{}})('x{ESCAPES}')"
    (tmp_path / "rude.py").write_text(rude)
    (tmp_path / "a\x1b[31m.py").write_text(f"raise ValueError('be{ESCAPES}fore')")
    status, out, _ = run_command("judge", "rude.py", "a\x1b[31m.py", "--exercise", "softmax")
    assert status == 0
    assert "a.py\n" in out
    assert not [c for c in out if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")]
    _, out, _ = run_command("judge", "rude.py", "--exercise", "softmax", "--json")
    assert out.isascii()
    assert "\x1b" not in out
    _, _, err = run_command("judge", "rude.py", "--exercise", "soft\x1b[31mmax")
    assert "\x1b" not in err
