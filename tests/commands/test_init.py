"""`autograder init`: a new course, and an exercise for a course."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.command_line import CommandLine


def test_a_new_course_is_built_and_the_next_command_is_named(run_command: CommandLine, tmp_path: Path) -> None:
    status, out, _ = run_command("init", "school")
    assert status == 0
    assert "Next: cd school && autograder doctor" in out
    assert (tmp_path / "school" / "assignments" / "3-softmax" / "3-softmax.ipynb").exists()


def test_an_exercise_is_added_to_the_course_here_only_once(run_command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    status, out, _ = run_command("init", "--exercise", "layer_norm")
    assert status == 0
    assert "exercises/layer_norm/exercise.py" in out
    assert "autograder build" in out
    status, _, err = run_command("init", "--exercise", "layer_norm")
    assert (status, "already" in err) == (2, True)


def test_a_folder_with_brackets_is_refused_before_anything_is_written(run_command: CommandLine, tmp_path: Path) -> None:
    before = {*tmp_path.rglob("*")}
    status, _, err = run_command("init", "attention [2027]")
    assert (status, "Rename the folder" in err) == (2, True)
    assert {*tmp_path.rglob("*")} == before
