"""One database engine for each gradebook and process, where nbgrader makes a new one a dozen times a student.

An engine keeps the SQL that it compiled. nbgrader's converters make a `Gradebook` for every question that they ask,
each with an engine of its own, and so compile the same statements again: a third of what a student costs. Many of its
modules ask for `Gradebook` by name, and there is no setting, so the function that makes the engine is what is replaced.
`Gradebook.close` goes on closing every connection; an engine opens new ones when it is asked again.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import nbgrader.api
from sqlalchemy import Engine, create_engine


def share() -> None:
    """Let the gradebooks of this process share their engines."""
    nbgrader.api.create_engine = _engine


def _engine(url: str, **settings: Any) -> Engine:
    return _made(url, os.getpid(), **settings)  # a connection must not be used on both sides of a fork


@lru_cache(maxsize=8)
def _made(url: str, _process: int, **settings: Any) -> Engine:
    return create_engine(url, **settings)
