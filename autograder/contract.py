"""The clauses of the contract: the only things that a hidden case may test, each with the hint for its failure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Hint:
    """Feedback in three sentences: what holds, a likely cause as a question, and one thing to try."""

    holds: str
    question: str
    advice: str

    def __str__(self) -> str:
        return f"{self.holds} {self.question} {self.advice}"


@dataclass(frozen=True)
class Clause:
    """One promise of the contract, in a student's words, with its general hint."""

    meaning: str
    hint: Hint


CLAUSES: dict[str, Clause] = {
    "core": Clause(
        "the formula holds on any two-dimensional input",
        Hint(
            "The formula holds for any two-dimensional input.",
            "Which step of the formula does your code do differently?",
            "Compute the example on paper, one number at a time, and print the same numbers from your code.",
        ),
    ),
    "batch": Clause(
        "three- and four-dimensional inputs give one result for each batch element",
        Hint(
            "A stack of inputs gives a stack of results, each as if it were computed alone.",
            "Does your code count axes from the front, where the batch stands, or from the back?",
            "Stack the same input twice and compare both results with the single one.",
        ),
    ),
    "rect": Clause(
        "lengths may differ: as many queries, keys and components as the caller likes, and any of them may be 1",
        Hint(
            "The number of queries, keys and components may all differ, and any of them may be 1.",
            "Where does your code rely on two lengths being equal?",
            "Call it with three different lengths and print each intermediate shape.",
        ),
    ),
    "stable": Clause(
        "any finite scores up to ±1e5 work, also rows far apart: no overflow, no NaN",
        Hint(
            "Large scores are as welcome as small ones: the result stays finite and right.",
            "What is the largest number that your code hands to exp?",
            "Try scores around 1000 and around -1000, then print the argument of exp.",
        ),
    ),
    "axis": Clause(
        "softmax works along any valid axis, positive or negative, and along the last one by default",
        Hint(
            "The weights sum to 1 along the axis that the caller names, the last one by default.",
            "Do the maximum and the sum in your code both use the caller's axis?",
            "Call it with axis=0 and add up the columns.",
        ),
    ),
    "mask": Clause(
        "a boolean mask says which keys a query may attend to; a blocked weight is exactly 0, the others sum to 1",
        Hint(
            "Where the mask is False the weight is exactly 0, and the rest of that row still sums to 1.",
            "At which step does your code apply the mask: before softmax or after it?",
            "Block one key of a three-key row and print that row of weights and its sum.",
        ),
    ),
    "mask-broadcast": Clause(
        "a mask may be (n_q, n_k), (…, n_q, n_k), (…, 1, n_k) or (n_k,)",
        Hint(
            "A mask may have fewer axes than the scores: it is stretched over the missing ones.",
            "Does your code need the mask and the scores to have the same shape?",
            "Use np.where or a boolean that numpy can broadcast, and try a mask of shape (n_k,).",
        ),
    ),
    "fully-masked": Clause(
        "a row with no allowed key gets weights 0 and output 0",
        Hint(
            "A query that may attend to no key gets weights of 0 and an output of 0.",
            "What does your softmax divide by when every key of a row is blocked?",
            "Use a mask with one row of False and look at that row of weights.",
        ),
    ),
    "hardcode": Clause(
        "inputs differ from student to student, so remembered answers do not help",
        Hint(
            "The answer follows from the arguments, whatever they are.",
            "Does your code return numbers that it did not compute from its arguments?",
            "Change one number of the input and see whether the result moves.",
        ),
    ),
    "pure": Clause(
        "arguments are left as they were; read-only and non-contiguous arrays are accepted",
        Hint(
            "The arrays that a caller passes in are the same after the call as before.",
            "Which line writes into an argument (a `-=`, a `/=`, an assignment to a slice, an `out=`)?",
            "Write the result of that line to a new name instead.",
        ),
    ),
    "dtype": Clause(
        "float64 in gives results accurate to about nine digits; integers in give the same values as their floats",
        Hint(
            "Integer input gives the same values as the same numbers written as floats, to about nine digits.",
            "Is there an array in your code that takes its type from the input, or a type narrower than float64?",
            "Call it with [[1, 2], [3, 4]] and print the dtype of every intermediate array.",
        ),
    ),
    "type": Clause(
        "a plain real numpy array comes back; attention returns a tuple of two of them",
        Hint(
            "The function returns a plain numpy array of real numbers with the promised shape.",
            "What does type(...) say about the thing you return?",
            "Print the type and the shape of the result on the last line before return.",
        ),
    ),
    "linear": Clause(
        "weighted_sum uses the weights as they are and never renormalises them",
        Hint(
            "The weights are used as they are: weights that sum to 2 double the mix.",
            "Does your code divide by the sum of the weights?",
            "Call it with weights [[2, 0]] and compare with twice the first value.",
        ),
    ),
}

_DEPENDENTS = {"mask": ("mask-broadcast", "fully-masked")}


def with_dependents(left_out: Iterable[str]) -> frozenset[str]:
    """Return these clauses and those that make no sense without them: a mask's with ``mask``."""
    return frozenset(c for clause in left_out for c in (clause, *_DEPENDENTS.get(clause, ())))
