"""The base of all errors that a user can fix, and the hint that many of them end with."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MAX_LISTED_NAMES = 20
NEAREST_NAMES = 5


class AutograderError(Exception):
    """An error that the user can fix. Its text says what is wrong, then what to do.

    The command line prints the text and exits with status 2. Every other error is a bug and shows a traceback.
    """


def did_you_mean(name: str, known_names: Iterable[str]) -> str:
    """Return a sentence with the known name most similar to ``name``, or with the known names if none is similar.

    Of many known names only the nearest ones are listed.
    """
    names = list(known_names)
    similar = difflib.get_close_matches(name, names, n=1)
    if similar:
        return f"Did you mean {similar[0]}?"
    if len(names) <= MAX_LISTED_NAMES:
        return f"There are: {', '.join(names)}."
    nearest = difflib.get_close_matches(name, names, n=NEAREST_NAMES, cutoff=0)
    return f"There are {len(names)}, among them {', '.join(nearest)}."
