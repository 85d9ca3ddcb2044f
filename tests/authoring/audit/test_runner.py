"""An audit judges every known program under every seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.audit import ExerciseAudit, find_problems, run_audits
from autograder.authoring.new_course import add_exercise, create_course
from autograder.course import catalogue
from autograder.course.settings import load_course


def test_an_audit_covers_every_misconception_and_every_correct_program(good_audit: ExerciseAudit) -> None:
    exercise = catalogue.load_exercise("scale_scores")
    assert [result.program for result in good_audit.misconceptions] == [m.slug for m in exercise.misconceptions]
    assert good_audit.sandbox.program_count == len(good_audit.correct) + len(good_audit.misconceptions)
    assert [mutation.program for mutation in good_audit.mutations] == [r.program for r in good_audit.correct]


def test_the_audit_of_a_new_exercise_says_what_is_missing(tmp_path: Path) -> None:
    course = tmp_path / "course"
    create_course(course)
    add_exercise(load_course(course), "layer_norm")
    reports: list[tuple[str, int, int]] = []
    (audit,) = run_audits([(course, "layer_norm")], seeds=2, progress=lambda *report: reports.append(report))
    assert reports[-1] == ("layer_norm", len(reports), len(reports))
    problems = "\n".join(find_problems(audit))
    assert "there are 0 correct alternatives: write at least" in problems
    assert "there are 3 misconceptions: write at least" in problems
    assert "no case tests batch" in problems
    assert "has another verdict" not in problems
    assert "full marks" not in problems


def test_an_exercise_without_a_lesson_cannot_be_audited(tmp_path: Path) -> None:
    folder = tmp_path / "exercises" / "softmax"
    folder.mkdir(parents=True)
    (folder / "exercise.py").write_text("from autograder.exercises.softmax.exercise import EXERCISE\n")
    with pytest.raises(catalogue.CatalogueError, match=r"no lesson\.py"):
        list(run_audits([(tmp_path, "softmax")], seeds=1, progress=lambda *_: None))
