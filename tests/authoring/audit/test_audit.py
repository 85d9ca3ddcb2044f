"""``autograder audit``: it lets nothing pass that it should complain of, and complains of nothing that is right."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from autograder.authoring.audit import Audit, audit
from autograder.authoring.audit.exceptions_file import ExceptionsFileError, ExpectedExceptions, read_exceptions
from autograder.authoring.audit.mutants import mutants
from autograder.authoring.audit.programs import KEY, load, mistake_text, right_texts, survives
from autograder.authoring.new_course import add_exercise, create_course
from autograder.cli import main
from autograder.course import catalogue
from autograder.course.settings import load_course
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, run_trusted

RIGHT = """\
def scale_scores(scores: float, d_k):
    "Divide."
    print("hello")
    return scores / d_k ** 0.5
"""


@pytest.fixture(scope="module")
def good() -> Audit:
    (found,) = audit([(None, "scale_scores")], seeds=3, progress=lambda *_: None)
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audit") / "course"
    create_course(folder)
    add_exercise(load_course(folder), "layer_norm")
    return folder


def test_a_mutant_has_one_change_and_what_only_speaks_has_none() -> None:
    made = {mutant.name: mutant.text for mutant in mutants("plain", RIGHT)}
    assert "plain:4: scores / d_k ** 0.5 -> scores * d_k ** 0.5" in made
    assert "plain:4: 0.5 -> 1.5" in made
    assert not any("hello" in name or "Divide" in name or "float" in name for name in made)
    assert len(set(made.values())) == len(made)


def test_mutants_are_the_same_each_time() -> None:
    assert list(mutants("plain", RIGHT)) == list(mutants("plain", RIGHT))


@pytest.mark.parametrize(
    ("text", "alive"),
    [
        (RIGHT, True),
        (RIGHT.replace("/", "*"), False),
        ("def scale_scores(scores, d_k):\n    while True: pass\n", False),
        ("raise SystemExit(0)", False),
        ("import os\nos._exit(1)", False),
    ],
    ids=["right", "wrong", "endless", "quits", "dies"],
)
def test_a_mutant_survives_only_where_every_case_passes(text: str, alive: bool) -> None:
    assert survives(ReferenceAnswers(catalogue.load_exercise("scale_scores"), 1), text) is alive


def test_the_solution_is_the_notebooks_answer_with_what_it_stands_on() -> None:
    lesson = catalogue.load_lessons()["5-attention"]
    program = load(right_texts(lesson)[KEY], "scaled_dot_product_attention")
    assert lesson.exercise is not None
    verdict = judge_function(ReferenceAnswers(lesson.exercise, 2), partial(run_trusted, program))
    assert verdict.score == lesson.exercise.max_score


def test_a_misconception_as_a_text_is_the_same_program() -> None:
    lesson = catalogue.load_lessons()["3-softmax"]
    assert lesson.exercise is not None
    for one in lesson.exercise.misconceptions[:3]:
        text = mistake_text(lesson, one.slug)
        assert "import autograder" not in text
        compile(text, "text", "exec")


def test_a_good_exercise_has_no_problem(good: Audit) -> None:
    assert good.problems() == []
    assert good.mutants > 150
    assert json.loads(json.dumps(good.as_json()))["problems"] == []


def complaints(found: Audit) -> str:
    return "\n".join(found.problems())


def test_a_survivor_is_a_problem_unless_it_is_listed_with_a_reason(good: Audit) -> None:
    assert "survives" in complaints(replace(good, listed=replace(good.listed, equivalents={})))


def test_a_listed_mutant_that_is_gone_is_a_problem(good: Audit) -> None:
    listed = replace(good.listed, equivalents={**good.listed.equivalents, "x:1: a -> b": "why not"})
    assert "'x:1: a -> b', which is not found any more" in complaints(replace(good, listed=listed))


def test_a_right_program_without_full_marks_is_a_problem(good: Audit) -> None:
    one = replace(good.right[0], score=1.0, clauses=("dtype",))
    assert f"{one.name} is right, but fails dtype" in complaints(replace(good, right=(one, *good.right[1:])))


def test_a_misconception_with_full_marks_or_without_a_name_is_a_problem(good: Audit) -> None:
    caught = replace(good.wrong[0], score=good.max_score)
    unnamed = replace(good.wrong[1], named=())
    text = complaints(replace(good, wrong=(caught, unnamed, *good.wrong[2:])))
    assert f"{caught.name} gets full marks" in text
    assert f"{unnamed.name} is caught, but not named" in text


def test_a_misconception_that_is_named_as_another_is_a_problem_unless_it_is_listed(good: Audit) -> None:
    other = good.wrong[1].name
    found = replace(good, wrong=(replace(good.wrong[0], named=(other,)), *good.wrong[1:]))
    pair = f"{good.wrong[0].name}, {other}"
    assert f"{pair} is named as another" in complaints(found)
    assert pair not in complaints(
        replace(found, listed=replace(found.listed, twins={pair: "no input tells them apart"}))
    )


def test_a_verdict_that_depends_on_the_seed_is_a_problem(good: Audit) -> None:
    one = replace(good.right[0], changes_at=17)
    assert "another verdict under seed 17" in complaints(replace(good, right=(one, *good.right[1:])))


def test_a_verdict_that_differs_in_the_sandbox_is_a_problem(good: Audit) -> None:
    sandbox = replace(good.sandbox, differ=("loops",))
    assert "loops has another verdict in the sandbox" in complaints(replace(good, sandbox=sandbox))


def test_a_clause_without_cases_is_a_problem(good: Audit) -> None:
    cases = {clause: names for clause, names in good.cases.items() if clause != "dtype"}
    assert "no case tests dtype" in complaints(replace(good, cases=cases))


def test_an_input_that_is_the_same_for_everybody_is_a_problem(good: Audit) -> None:
    assert "the same input for two students" in complaints(replace(good, remembered=("whole numbers",)))


def test_a_broken_list_says_what_it_may_hold(tmp_path: Path) -> None:
    for text in ("equivalent: []", "twins: {}\nequivalents: [x]", "a: ["):
        (tmp_path / "audit.yml").write_text(text, encoding="utf-8")
        with pytest.raises(ExceptionsFileError, match="because"):
            read_exceptions(tmp_path)


def test_no_list_is_an_empty_one(tmp_path: Path) -> None:
    assert read_exceptions(tmp_path) == ExpectedExceptions()


def test_a_new_exercise_fails_and_hears_what_is_missing(
    course: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course)
    assert main(["audit", "layer_norm", "--seeds", "2", "--json"]) == 1
    problems = "\n".join(json.loads(capfd.readouterr().out)["problems"])
    assert "there are 0 correct alternatives: write at least" in problems
    assert "there are 3 misconceptions: write at least" in problems
    assert "no case tests batch" in problems
    assert "has another verdict" not in problems
    assert "full marks" not in problems


def test_an_unknown_exercise_is_wrong_usage(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "sotfmax"]) == 2
    assert "Did you mean softmax?" in capfd.readouterr().err


def test_no_seeds_are_wrong_usage() -> None:
    with pytest.raises(SystemExit) as error:
        main(["audit", "--seeds", "0"])
    assert error.value.code == 2


def test_the_tables_say_what_was_found(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "scale_scores", "--seeds", "1"]) == 0
    out = capfd.readouterr().out
    for word in ("right programs", "mutants", "misconceptions", "sandbox", "without it these would pass"):
        assert word in out
