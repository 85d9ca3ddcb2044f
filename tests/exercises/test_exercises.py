"""The five exercises: every correct answer gets full marks, and every known mistake is caught and named.

The folder ``correct/`` of an exercise holds correct answers as students write them, as different as possible. `make
test` also runs `autograder audit`, which grades each program in the sandbox, compares seeds and tests mutants.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course import catalogue
from autograder.exercise import Case, Exercise, Misconception, Program
from autograder.grading.grader import grade_file
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, draw_input, expected_parts, run_trusted, to_answer
from autograder.student_files.comparing import difference, format_call
from autograder.verdict import Mark, Verdict

FUNCTIONS = ("attention_scores", "scale_scores", "softmax", "weighted_sum", "scaled_dot_product_attention")
EXERCISES = {function: catalogue.load_exercise(function) for function in FUNCTIONS}
ATTENTION = EXERCISES["scaled_dot_product_attention"]
MISTAKES = [
    pytest.param(exercise, mistake, id=mistake.slug)
    for exercise in EXERCISES.values()
    for mistake in exercise.misconceptions
]
RIGHT = sorted(catalogue.PACKAGED.glob("*/correct/*.py"))

COMMON = {"core", "batch", "rect", "hardcode", "pure", "dtype", "type"}
CLAUSES = {
    "attention_scores": COMMON,
    "scale_scores": COMMON,
    "softmax": COMMON | {"stable", "axis"},
    "weighted_sum": COMMON | {"linear"},
    "scaled_dot_product_attention": COMMON | {"stable", "mask", "mask-broadcast", "fully-masked"},
}

# Mistakes that break one clause only: the clauses of the cases that they fail. In-place work raises on integers, too.
BREAKS_ONLY = {
    "scores-transposes-every-axis": {"batch"},
    "scores-dot-on-stacks": {"batch"},
    "scores-keeps-integers": {"dtype"},
    "scale-in-place": {"pure", "dtype"},
    "scale-keeps-integers": {"dtype"},
    "scale-two-axes-only": {"batch"},
    "softmax-without-shift": {"stable"},
    "softmax-one-maximum": {"stable"},
    "softmax-maximum-at-least-zero": {"stable"},
    "softmax-ignores-axis": {"axis"},
    "softmax-in-place": {"pure", "dtype"},
    "softmax-keeps-integers": {"dtype"},
    "sum-renormalises": {"linear"},
    "sum-dot-on-stacks": {"batch"},
    "sum-two-axes-only": {"batch"},
    "sum-keeps-integers": {"dtype"},
}
ATTENTION_BREAKS_ONLY = {
    "softmax-without-shift": {"stable", "mask"},  # one case has large scores under a mask
    "softmax-one-maximum": {"stable", "mask"},
    "scale-queries-in-place": {"pure", "dtype"},
    "sum-keeps-integers": {"dtype"},
    "attention-nobody-is-nan": {"fully-masked"},
    "attention-nobody-is-average": {"fully-masked"},
    "attention-adds-to-blocked-scores": {"fully-masked"},
    "attention-shift-by-blocked-scores": {"mask"},
    "attention-mask-of-the-same-shape-only": {"mask-broadcast"},
    "attention-key-mask-along-queries": {"mask-broadcast"},
    "attention-writes-into-mask": {"mask", "fully-masked"},  # of these clauses are the cases with a read-only mask
}


def cases(exercise: Exercise) -> list[Case]:
    return [case for criterion in exercise.criteria for case in criterion.cases]


def verdict_on(exercise: Exercise, program: Program, seed: int) -> Verdict:
    return judge_function(ReferenceAnswers(exercise, seed), partial(run_trusted, program))


@cache
def sheet(function: str, seed: int) -> ReferenceAnswers:
    """Return the reference answers of an exercise under a seed, computed once for all tests."""
    return ReferenceAnswers(EXERCISES[function], seed)


@cache
def verdict_on_mistake(function: str, slug: str, seed: int = 3) -> Verdict:
    program = next(m.program for m in EXERCISES[function].misconceptions if m.slug == slug)
    return judge_function(sheet(function, seed), lambda call: sheet(function, seed).reply(program, call))


def function_of(path: Path) -> str:
    return path.parents[1].name


def student(path: Path) -> Program:
    namespace: dict[str, Any] = {"__name__": "submission"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    program: Program = namespace[function_of(path)]
    return program


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=FUNCTIONS)
def test_the_answer_key_gets_full_marks_under_any_seed(exercise: Exercise) -> None:
    assert {verdict_on(exercise, exercise.reference, seed).score for seed in range(50)} == {exercise.max_score}


def test_the_criteria_sum_to_the_points_that_the_course_promises() -> None:
    assert [exercise.max_score for exercise in EXERCISES.values()] == [4, 3, 5, 4, 10]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=FUNCTIONS)
def test_every_clause_that_applies_has_a_case_and_no_other_is_tested(exercise: Exercise) -> None:
    assert {case.clause for case in cases(exercise)} == CLAUSES[exercise.function]


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_mistake_is_caught_and_named(exercise: Exercise, mistake: Misconception) -> None:
    verdict = verdict_on_mistake(exercise.function, mistake.slug)
    assert verdict.misconceptions == (mistake.slug,), "no two mistakes are confusable"
    assert verdict.score < exercise.max_score


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_mistake_fails_a_case_of_the_clause_that_it_breaks(exercise: Exercise, mistake: Misconception) -> None:
    needs = {case.name: case.needs for case in cases(exercise)}
    outcomes = verdict_on_mistake(exercise.function, mistake.slug).outcomes
    wrong = [outcome for outcome in outcomes if outcome.mark != Mark.PASS]
    failed = {outcome.clause for outcome in wrong}
    assert mistake.clause in failed | {clause for outcome in wrong for clause in needs[outcome.case]}
    only = ATTENTION_BREAKS_ONLY if exercise is ATTENTION else BREAKS_ONLY
    assert failed == only.get(mistake.slug, failed)


def test_exercises_list_the_mistakes_that_break_one_clause() -> None:
    slugs = {
        mistake.slug
        for exercise in EXERCISES.values()
        if exercise is not ATTENTION
        for mistake in exercise.misconceptions
    }
    assert set(BREAKS_ONLY) <= slugs
    assert set(ATTENTION_BREAKS_ONLY) <= {mistake.slug for mistake in ATTENTION.misconceptions}


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_mistake_shows_on_a_public_example_of_a_criterion_it_breaks(
    exercise: Exercise, mistake: Misconception
) -> None:
    def shows(example: Any) -> bool:
        answer = to_answer(run_trusted(mistake.program, example.call), example.call)
        wrong = answer.raised or difference(expected_parts(exercise, example.call), answer.value)
        return bool(wrong) or (example.clause == "pure" and answer.changed)

    own = [c for c in exercise.criteria if any(mistake.clause in (case.clause, *case.needs) for case in c.cases)]
    assert any(shows(example) for criterion in own for example in criterion.examples)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_hint_is_short_and_asks_one_thing(exercise: Exercise, mistake: Misconception) -> None:
    hint = mistake.hint
    assert hint.holds.endswith(".")
    assert hint.question.endswith("?")
    assert hint.advice.endswith(".")
    assert len(str(hint)) >= 80
    assert len(str(hint).split()) < 60
    assert "you forgot" not in str(hint).lower()


def test_a_mistake_of_a_piece_keeps_its_name_and_hint_in_the_whole() -> None:
    hints = {
        m.slug: m.hint for exercise in EXERCISES.values() if exercise is not ATTENTION for m in exercise.misconceptions
    }
    shared = {m.slug for m in ATTENTION.misconceptions} & set(hints)
    assert {"scale-missing", "scale-without-root", "softmax-over-queries", "softmax-without-shift"} <= shared
    assert all(m.hint == hints[m.slug] for m in ATTENTION.misconceptions if m.slug in shared)


def test_there_are_enough_mistakes_and_right_answers_of_each_function() -> None:
    assert sum(len(exercise.misconceptions) for exercise in EXERCISES.values()) >= 120
    assert len(ATTENTION.misconceptions) >= 50
    for function, exercise in EXERCISES.items():
        assert len(exercise.misconceptions) >= 18
        assert len([path for path in RIGHT if function_of(path) == function]) >= 15


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: f"{function_of(path)}-{path.stem}")
def test_a_right_answer_gets_full_marks(path: Path) -> None:
    exercise = EXERCISES[function_of(path)]
    verdict = judge_function(sheet(exercise.function, 3), partial(run_trusted, student(path)))
    assert [outcome.case for outcome in verdict.outcomes if outcome.mark != Mark.PASS] == []
    assert verdict.score == exercise.max_score
    assert verdict.misconceptions == ()


@pytest.mark.parametrize(
    ("function", "source", "slug", "score"),
    [
        ("attention_scores", "def attention_scores(Q, K): return Q @ K.T", "scores-transposes-every-axis", 3),
        ("scale_scores", "def scale_scores(s, d_k):\n s /= d_k ** .5\n return s", "scale-in-place", 2),
        ("weighted_sum", "weighted_sum = lambda w, V: w / w.sum(-1, keepdims=True) @ V", "sum-renormalises", 2),
        (
            "scaled_dot_product_attention",
            "import numpy as np\n"
            "def scaled_dot_product_attention(Q, K, V, mask=None):\n"
            "    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])\n"
            "    powers = np.exp(scores - scores.max(-1, keepdims=True))\n"
            "    weights = powers / powers.sum(-1, keepdims=True)\n"
            "    if mask is not None: weights = weights * mask\n"
            "    return weights @ V, weights\n",
            "attention-mask-after-softmax",
            6,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value and " " not in value else "",
)
def test_a_mistake_in_a_students_file_is_named(
    tmp_path: Path, function: str, source: str, slug: str, score: float
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(source, encoding="utf-8")
    report = grade_file(path, EXERCISES[function], seed=5)
    assert (report.verdict.misconceptions, report.score) == ((slug,), score)
    reason = next(criterion.reason for criterion in report.verdict.criteria if criterion.reason)
    assert "should give" in reason.seen or "raised" in reason.seen or "changed" in reason.seen


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=FUNCTIONS)
def test_the_order_of_criteria_and_cases_changes_nothing(exercise: Exercise) -> None:
    turned = replace(exercise, criteria=tuple(replace(c, cases=c.cases[::-1]) for c in exercise.criteria[::-1]))
    sheets = [ReferenceAnswers(each, 7) for each in (exercise, turned)]
    for mistake in exercise.misconceptions[:5]:
        one, other = (judge_function(references, partial(run_trusted, mistake.program)) for references in sheets)
        assert set(one.outcomes) == set(other.outcomes)
        assert one.score == other.score


def arrays(call: Any) -> list[Any]:
    return [value for value in call.args if isinstance(value, np.ndarray)]


def is_stored(array: Any, how: str) -> bool:
    order = "rows" if array.flags.c_contiguous else "columns" if array.flags.f_contiguous else "steps"
    return order == how


def mask_rows(call: Any) -> Any:
    """Return whether each row of the mask allows any key; nothing if there is no mask."""
    return call.kwargs["mask"].any(axis=-1) if "mask" in call.kwargs else np.array([], dtype=bool)


def mask_shape(call: Any) -> tuple[int, tuple[int, ...]]:
    """How many axes the queries have, and the mask's shape with letters' lengths: 6 is the number of sentences."""
    return call.args[0].ndim, call.kwargs["mask"].shape if "mask" in call.kwargs else ()


SOFTMAX_LIKE = ("softmax", "scaled_dot_product_attention")
MASKED = ("scaled_dot_product_attention",)
# What a function may be asked that a narrow one refuses: the clause, who is asked it, and whether a call asks it.
DEMANDS: dict[str, tuple[str, tuple[str, ...], Any]] = {
    "a vector": ("core", ("softmax",), lambda call: arrays(call)[0].ndim == 1),
    "three axes": ("batch", FUNCTIONS, lambda call: arrays(call)[0].ndim == 3),
    "four axes": ("batch", FUNCTIONS, lambda call: arrays(call)[0].ndim == 4),
    "a length of 1": ("rect", FUNCTIONS, lambda call: any(1 in array.shape[-2:] for array in arrays(call))),
    "more rows than columns": ("rect", FUNCTIONS, lambda call: call.args[0].shape[0] == 6),
    "integers": ("dtype", FUNCTIONS, lambda call: arrays(call)[-1].dtype.kind == "i"),
    "read-only": ("pure", FUNCTIONS, lambda call: not arrays(call)[0].flags.writeable),
    "by columns": ("pure", FUNCTIONS, lambda call: is_stored(arrays(call)[0], "columns")),
    "in steps": ("pure", FUNCTIONS, lambda call: is_stored(arrays(call)[0], "steps")),
    "the first axis": ("axis", ("softmax",), lambda call: call.kwargs.get("axis") == 0),
    "a middle axis": ("axis", ("softmax",), lambda call: call.kwargs.get("axis") == 1),
    "the last axis by its number": ("axis", ("softmax",), lambda call: call.kwargs.get("axis") == 2),
    "a negative axis": ("axis", ("softmax",), lambda call: call.kwargs.get("axis", -1) < -1),
    "large scores": ("stable", SOFTMAX_LIKE, lambda call: scores_of(call).max() > 8e4),
    "very negative scores": ("stable", SOFTMAX_LIKE, lambda call: scores_of(call).max(axis=-1).min() < -1_000),
    "scores 1e5 apart": ("stable", SOFTMAX_LIKE, lambda call: np.ptp(scores_of(call), axis=-1).max() > 9e4),
    "gaps whose exp is subnormal": ("stable", ("softmax",), lambda call: has_subnormal_gap(scores_of(call))),
    "rows far apart": ("stable", SOFTMAX_LIKE, lambda call: np.ptp(scores_of(call).max(axis=-1)) > 1e5),
    "negative weights": ("linear", ("weighted_sum",), lambda call: (call.args[0] < -1e-9).any()),
    "weights of 2": ("linear", ("weighted_sum",), lambda call: np.allclose(call.args[0].sum(axis=-1), 2)),
    "a row of zeros": ("linear", ("weighted_sum",), lambda call: not call.args[0].any(axis=-1).all()),
    "a mask": ("mask", MASKED, lambda call: mask_shape(call) == (2, (3, 5))),
    "a mask (n_k,)": ("mask-broadcast", MASKED, lambda call: mask_shape(call) == (2, (5,))),
    "a mask (n_k,) for a stack": ("mask-broadcast", MASKED, lambda call: mask_shape(call) == (3, (5,))),
    "a mask (n_q, n_k) for a stack": ("mask-broadcast", MASKED, lambda call: mask_shape(call) == (3, (3, 5))),
    "a mask (b, 1, n_k)": ("mask-broadcast", MASKED, lambda call: mask_shape(call) == (3, (6, 1, 5))),
    "a mask (b, n_q, n_k)": ("mask-broadcast", MASKED, lambda call: mask_shape(call) == (3, (6, 3, 5))),
    "a mask (a, b, 1, n_k)": ("mask-broadcast", MASKED, lambda call: mask_shape(call) == (4, (2, 6, 1, 5))),
    "a mask (a, b, n_q, n_k)": ("mask-broadcast", MASKED, lambda call: mask_shape(call) == (4, (2, 6, 3, 5))),
    "a read-only mask": (
        "mask",
        MASKED,
        lambda call: "mask" in call.kwargs and not call.kwargs["mask"].flags.writeable,
    ),
    "a mask by columns": (
        "mask",
        MASKED,
        lambda call: "mask" in call.kwargs and is_stored(call.kwargs["mask"], "columns"),
    ),
    "nobody for one query": ("fully-masked", MASKED, lambda call: 0 < mask_rows(call).sum() < mask_rows(call).size),
    "nobody for anybody": ("fully-masked", MASKED, lambda call: mask_rows(call).size and not mask_rows(call).any()),
}


def scores_of(call: Any) -> Any:
    return call.args[0] if len(call.args) == 1 else scaled_scores(ATTENTION, call)


def has_subnormal_gap(scores: Any) -> bool:
    powers = np.exp(np.minimum(0, scores - scores.max(axis=-1, keepdims=True)))
    return bool(((powers > 0) & (powers < np.finfo(float).tiny)).any())


@pytest.mark.parametrize(
    ("function", "demand"),
    [(function, demand) for demand, (_, functions, _) in DEMANDS.items() for function in functions],
)
def test_whoever_refuses_one_kind_of_legal_input_fails_a_case_of_that_clause(function: str, demand: str) -> None:
    exercise, (clause, _, asks) = EXERCISES[function], DEMANDS[demand]
    for seed in range(5):
        asked = [case for case in cases(exercise) if asks(sheet(function, seed).call(case))]
        assert any(case.clause == clause for case in asked)


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=FUNCTIONS)
def test_remembered_answers_earn_nothing(exercise: Exercise) -> None:
    known = [
        (example.call, run_trusted(exercise.reference, example.call))
        for c in exercise.criteria
        for example in c.examples
    ]

    def remembers(call: Any) -> Any:
        answers = (
            reply
            for example, reply in known
            if format_call("f", example.args, example.kwargs) == format_call("f", call.args, call.kwargs)
        )
        return next(answers, known[0][1])

    assert judge_function(sheet(exercise.function, 3), remembers).score == 0


def test_a_mistake_with_masks_costs_nothing_where_there_is_no_mask() -> None:
    masks = {"blocked keys get nothing", "masks of every kind", "nobody to ask"}
    for mistake in ATTENTION.misconceptions:
        if mistake.clause in ("mask", "mask-broadcast", "fully-masked"):
            verdict = verdict_on_mistake(ATTENTION.function, mistake.slug)
            lost = {criterion.name for criterion in verdict.criteria if not criterion.earned}
            assert lost <= masks, mistake.slug


@pytest.mark.parametrize(
    ("slug", "score"),
    [
        ("attention-nobody-is-nan", 9),
        ("attention-nobody-is-average", 9),
        ("attention-shift-by-blocked-scores", 9),
        ("attention-mask-of-the-same-shape-only", 9),
        ("scale-queries-in-place", 9),
        ("softmax-without-shift", 8),
        ("scores-transposes-every-axis", 7),
        ("attention-mask-turned-round", 6),
    ],
)
def test_a_small_mistake_costs_little(slug: str, score: float) -> None:
    assert verdict_on_mistake(ATTENTION.function, slug).score == score


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=FUNCTIONS)
def test_a_clause_that_is_left_out_is_needed_by_no_case(exercise: Exercise) -> None:
    def calls(left_out: str) -> list[Any]:
        return [draw_input(case, 4) for case in cases(exercise.without((left_out,)))]

    assert not any("mask" in call.kwargs for call in calls("mask"))
    arrays = [value for call in calls("batch") for value in call.args if isinstance(value, np.ndarray)]
    assert all(array.ndim <= 2 for array in arrays)
    if "stable" in CLAUSES[exercise.function]:
        with np.errstate(over="raise"):
            for call in calls("stable"):
                np.exp(scaled_scores(exercise, call))


def scaled_scores(exercise: Exercise, call: Any) -> Any:
    """Return the scores that softmax gets in a call of softmax or attention."""
    if exercise is not ATTENTION:
        return call.args[0]
    Q, K = call.args[:2]
    return Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])


def test_hidden_attention_inputs_tell_apart_what_symmetry_would_hide() -> None:
    for case in cases(ATTENTION):
        call = draw_input(case, 6)
        Q, _, V = call.args
        assert V.shape[-1] != Q.shape[-1], case.name
        scores = scaled_scores(ATTENTION, call)
        assert not (scores.shape[-1] == scores.shape[-2] and np.allclose(scores, np.swapaxes(scores, -1, -2)))
        assert np.abs(scores).max() <= 1e5


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=FUNCTIONS)
def test_a_public_example_is_small_enough_to_read(exercise: Exercise) -> None:
    for criterion in exercise.criteria:
        assert criterion.examples
        for example in criterion.examples:
            assert len(format_call(exercise.function, example.call.args, example.call.kwargs)) < 400


def exact_weights(scores: list[Decimal]) -> list[Decimal]:
    powers = [(score - max(scores)).exp() for score in scores]
    return [power / sum(powers) for power in powers]


@pytest.mark.parametrize("name", ["keys far apart", "queries far apart", "only very negative scores"])
def test_the_oracle_is_more_exact_than_the_tolerance_where_scores_are_large(name: str) -> None:
    case = next(case for case in cases(ATTENTION) if case.name == name)
    for seed in range(5):
        Q, K, V = (array.tolist() for array in draw_input(case, seed).args)
        output, weights = ATTENTION.reference(*map(np.array, (Q, K, V)))
        with localcontext(prec=60):
            for query, mix, row in zip(Q, output, weights, strict=True):
                dots = [sum(Decimal(q) * Decimal(k) for q, k in zip(query, key, strict=True)) for key in K]
                right = exact_weights([dot / Decimal(len(query)).sqrt() for dot in dots])
                columns = zip(*V, strict=True)
                mixes = [sum(w * Decimal(v) for w, v in zip(right, column, strict=True)) for column in columns]
                assert np.abs(row - np.array(right, dtype=float)).max() < 1e-10
                assert np.abs(mix - np.array(mixes, dtype=float)).max() < 1e-10
