"""Wrong programs that people really write for scale_scores, the likeliest first, each with its hint."""

from __future__ import annotations

from math import isqrt, sqrt
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception
from autograder.exercises.correct_functions import scale_scores
from autograder.exercises.shared_hints import FLOAT32, NOTHING, ROUNDED

Array = np.ndarray[Any, Any]


def missing(scores: Array, d_k: int) -> Array:
    return scores


def without_root(scores: Array, d_k: int) -> Array:
    return scores / d_k


def in_place(scores: Array, d_k: int) -> Array:
    scores /= np.sqrt(d_k)
    return scores


def multiplies(scores: Array, d_k: int) -> Array:
    return scores * np.sqrt(d_k)


def root_of_number_of_keys(scores: Array, d_k: int) -> Array:
    return scores / np.sqrt(scores.shape[-1])


def half_of_the_quotient(scores: Array, d_k: int) -> Array:
    return scores / d_k**1 / 2


def half_for_root(scores: Array, d_k: int) -> Array:
    return scores / (d_k / 2)


def square_for_root(scores: Array, d_k: int) -> Array:
    return scores / d_k**2


def always_eight(scores: Array, d_k: int) -> Array:
    return scores / 8


def whole_root(scores: Array, d_k: int) -> Array:
    return scores / isqrt(d_k)


def whole_quotient(scores: Array, d_k: int) -> Array:
    return scores // np.sqrt(d_k)


def keeps_integers(scores: Array, d_k: int) -> Array:
    return scale_scores(scores, d_k).astype(scores.dtype)


def standardises(scores: Array, d_k: int) -> Array:
    return (scores - scores.mean()) / scores.std()


def softmax_as_well(scores: Array, d_k: int) -> Array:
    powers = np.exp(scale_scores(scores, d_k))
    return powers / powers.sum(axis=-1, keepdims=True)


def two_axes_only(scores: Array, d_k: int) -> Array:
    n_q, n_k = scores.shape
    return np.array([[scores[i, j] / sqrt(d_k) for j in range(n_k)] for i in range(n_q)])


def in_float32(scores: Array, d_k: int) -> Array:
    return scores.astype(np.float32) / np.float32(sqrt(d_k))


def returns_list(scores: Array, d_k: int) -> Any:
    return scale_scores(scores, d_k).tolist()


def multiplies_without_root(scores: Array, d_k: int) -> Array:
    return scores * d_k


def root_of_length(scores: Array, d_k: int) -> Array:
    return scores / np.sqrt(len(scores))


def root_of_everything(scores: Array, d_k: int) -> Array:
    return np.sqrt(scores / d_k)


def fourth_root(scores: Array, d_k: int) -> Array:
    return scores / d_k**0.25


def logarithm_for_root(scores: Array, d_k: int) -> Array:
    return scores / np.log(d_k)


def writes_back(scores: Array, d_k: int) -> Array:
    scores[...] = scores / np.sqrt(d_k)
    return scores


def a_little_added(scores: Array, d_k: int) -> Array:
    return scores / (np.sqrt(d_k) + 1e-6)


def by_the_largest(scores: Array, d_k: int) -> Array:
    return scores / np.max(np.abs(scores))


def rows_of_length_one(scores: Array, d_k: int) -> Array:
    return scores / np.linalg.norm(scores, axis=-1, keepdims=True)


def rounded(scores: Array, d_k: int) -> Array:
    return np.round(scores / np.sqrt(d_k), 4)


def returns_nothing(scores: Array, d_k: int) -> None:
    scores / np.sqrt(d_k)  # and no return


def squeezes(scores: Array, d_k: int) -> Array:
    return np.squeeze(scores) / np.sqrt(d_k)


MISCONCEPTIONS = (
    Misconception(
        "scale-missing",
        "core",
        missing,
        Hint(
            "The scores come back smaller: each is divided by the square root of d_k.",
            "Where in your code does d_k have an effect?",
            "Divide the scores by np.sqrt(d_k).",
        ),
        source="tiny-transformers#71",
    ),
    Misconception(
        "scale-without-root",
        "core",
        without_root,
        Hint(
            "The spread of a score grows like √d_k, so it is √d_k that brings it back.",
            "With d_k = 16, do you divide by 16 or by 4?",
            "Take the root first: np.sqrt(d_k).",
        ),
        source="cntkx#10",
    ),
    Misconception(
        "scale-multiplies-without-root",
        "core",
        multiplies_without_root,
        Hint(
            "Scaling makes the scores of long vectors smaller, and the root of d_k is all it takes.",
            "With d_k = 16, is your result larger or smaller than the score, and how many times?",
            "Divide instead of multiplying, by the root.",
        ),
    ),
    Misconception(
        "scale-in-place",
        "pure",
        in_place,
        Hint(
            "The caller's array is the same after the call as before.",
            "What does `/=` do with the array on its left, and whose array is that?",
            "Make a new array with `/`.",
        ),
        source="SO 11585793",
    ),
    Misconception(
        "scale-writes-back",
        "pure",
        writes_back,
        Hint(
            "The caller's array is the same after the call as before, and whole numbers give fractions.",
            "What does an assignment to scores[...] or scores[:] change, and whose array is that?",
            "Give the quotient a new name.",
        ),
        source="SO 11585793",
    ),
    Misconception(
        "scale-multiplies",
        "core",
        multiplies,
        Hint(
            "Scaling makes long vectors' scores smaller, not larger.",
            "Is your result nearer to 0 than the scores were? What does a minus in `**-0.5` do to a division?",
            "Divide by d_k**0.5, or multiply by d_k**-0.5, but not both at once.",
        ),
        source="perceiver-io#9",
    ),
    Misconception(
        "scale-root-of-number-of-keys",
        "core",
        root_of_number_of_keys,
        Hint(
            "A score adds up d_k products, and that number is given to you.",
            "What does the last axis of the scores count: components or keys?",
            "Use the argument d_k instead of a length of the scores.",
        ),
    ),
    Misconception(
        "scale-root-of-length",
        "core",
        root_of_length,
        Hint(
            "A score adds up d_k products, and that number is given to you.",
            "What does len(scores), or scores.shape[0], count: components, queries or sentences?",
            "Use the argument d_k instead of a length of the scores.",
        ),
    ),
    Misconception(
        "scale-root-of-everything",
        "core",
        root_of_everything,
        Hint(
            "Only d_k is under the root; a score may be negative, and negative numbers have no real root.",
            "Where does the bracket after sqrt close: before the division or after it?",
            "Take the root of d_k first, then divide.",
        ),
    ),
    Misconception(
        "scale-half-of-the-quotient",
        "core",
        half_of_the_quotient,
        Hint(
            "The root belongs to d_k alone.",
            "In `d_k ** 1 / 2`, which comes first: the power or the division?",
            "Write d_k ** 0.5, or np.sqrt(d_k).",
        ),
    ),
    Misconception(
        "scale-half-for-root",
        "core",
        half_for_root,
        Hint(
            "The square root of d_k is the number whose square is d_k; the half is equal to it at 4 only.",
            "With d_k = 16, do you divide by 8 or by 4?",
            "Use np.sqrt(d_k).",
        ),
    ),
    Misconception(
        "scale-square-for-root",
        "core",
        square_for_root,
        Hint(
            "The root makes d_k smaller, the square makes it larger.",
            "With d_k = 16, do you divide by 256 or by 4?",
            "Use np.sqrt(d_k), or d_k ** 0.5.",
        ),
    ),
    Misconception(
        "scale-fourth-root",
        "core",
        fourth_root,
        Hint(
            "The fourth root is for queries and keys that are each divided by it; here the score is divided once.",
            "With d_k = 16, do you divide by 2 or by 4?",
            "Use the square root.",
        ),
    ),
    Misconception(
        "scale-logarithm-for-root",
        "core",
        logarithm_for_root,
        Hint(
            "The square root of d_k is the number whose square is d_k; the logarithm is another function.",
            "What does your divisor become when d_k is 1?",
            "Try d_k = 16, where the divisor should be 4.",
        ),
    ),
    Misconception(
        "scale-a-little-added",
        "core",
        a_little_added,
        Hint(
            "Nothing is added to the root: d_k is at least 1, so the divisor is never 0.",
            "What is the small number in your divisor for, and how many digits does it cost?",
            "Leave it out, and compare nine digits.",
        ),
    ),
    Misconception(
        "scale-always-eight",
        "hardcode",
        always_eight,
        Hint(
            "Eight is the root of 64, the d_k of one well-known model; yours comes as an argument.",
            "What does your code divide by when d_k is 16?",
            "Compute the root from d_k.",
        ),
    ),
    Misconception(
        "scale-whole-root",
        "core",
        whole_root,
        Hint(
            "The root of most numbers is no whole number, and its fraction counts.",
            "What is the root of 2, and what does your code make of it?",
            "Use np.sqrt(d_k) without int(...) and without isqrt.",
        ),
    ),
    Misconception(
        "scale-whole-quotient",
        "core",
        whole_quotient,
        Hint(
            "A scaled score may be any fraction.",
            "What is the difference between `/` and `//`?",
            "Divide with `/`.",
        ),
    ),
    Misconception(
        "scale-keeps-integers",
        "dtype",
        keeps_integers,
        Hint(
            "Whole-number scores give the same values as the same scores written as floats.",
            "Your array holds integers. Where can 2 / 4 go?",
            "Let `/` make the array, or create it with dtype=float.",
        ),
        source="SO 36738754",
    ),
    Misconception("scale-rounded", "dtype", rounded, ROUNDED),
    Misconception("scale-returns-nothing", "type", returns_nothing, NOTHING),
    Misconception(
        "scale-standardises",
        "core",
        standardises,
        Hint(
            "Every score is divided by the same known number; the scores at hand do not decide it.",
            "Does your result stay the same when all scores double?",
            "Leave mean and standard deviation out, and use d_k.",
        ),
    ),
    Misconception(
        "scale-by-the-largest",
        "core",
        by_the_largest,
        Hint(
            "Every score is divided by the same known number; the scores at hand do not decide it.",
            "Does your result stay the same when all scores double?",
            "Leave the maximum out, and use d_k.",
        ),
    ),
    Misconception(
        "scale-rows-of-length-one",
        "core",
        rows_of_length_one,
        Hint(
            "Scaling does not make rows equally long: it divides every score by the same number.",
            "Does a row of your result stay the same when its scores double?",
            "Leave the rows' lengths out, and use d_k.",
        ),
    ),
    Misconception(
        "scale-softmax-as-well",
        "core",
        softmax_as_well,
        Hint(
            "Scaled scores are still scores: they may be negative, and they need not sum to 1.",
            "Which step of your code belongs to the next function?",
            "Return the scores right after the division.",
        ),
    ),
    Misconception(
        "scale-two-axes-only",
        "batch",
        two_axes_only,
        Hint(
            "A stack of score matrices is scaled like one: every number is divided.",
            "Which line of your code needs exactly two axes?",
            "Divide the whole array at once; numpy does it for any number of axes.",
        ),
    ),
    Misconception(
        "scale-squeezes",
        "rect",
        squeezes,
        Hint(
            "The result has the shape of the scores, also where an axis has length 1.",
            "What does squeeze or flatten do with scores of shape (4, 1)?",
            "Divide the array as it comes.",
        ),
    ),
    Misconception(
        "scale-in-float32",
        "dtype",
        in_float32,
        FLOAT32,
    ),
    Misconception(
        "scale-returns-list",
        "type",
        returns_list,
        Hint(
            "The function returns a numpy array.",
            "What does type(...) say about the thing you return?",
            "Return the array itself, without tolist().",
        ),
    ),
)
