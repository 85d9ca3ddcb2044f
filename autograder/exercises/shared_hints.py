"""Hints for mistakes that can be made in any of the functions."""

from __future__ import annotations

from autograder.contract import Hint

ROUNDED = Hint(
    "About nine digits have to be right; only what is shown to people may be rounded.",
    "What is left of 0.123456 after round(..., 4)?",
    "Return the numbers as they are, and round in print(...) where you like.",
)
NOTHING = Hint(
    "What the function works out has to come back to the caller.",
    "What does a function without `return` give, and what does print(...) give back?",
    "Look at the last line of your function: it should hand over the result.",
)
WHOLE_NUMBERS_ONLY = Hint(
    "A result may be any fraction, whatever numbers come in.",
    "Your array is made with dtype=int. Where can 2.75 go?",
    "Make the array with numpy's own choice of type, which holds fractions.",
)
FLOAT32 = Hint(
    "About nine digits have to be right, and float32 keeps about seven.",
    "What does .dtype say after each step of your code?",
    "Leave the numbers in float64, numpy's own choice.",
)
