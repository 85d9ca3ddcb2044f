"""The only rooms that meet student code. They know nothing of exercises or verdicts.

On the judge's side: ``client`` (one submission, in ``terms``), ``notebook`` (its cells one by one), ``host`` (the
zygote's owner), ``handle`` (a child's), ``levels`` (how a zygote is launched). On the student's: ``zygote`` (forks),
``confine`` (takes away), ``child`` (runs the code); for a notebook, ``cells`` in the ``shell`` that ``steady`` keeps in
order. ``wire`` travels between them.
``filters`` is written by ``allowed``: the system calls that student code may make.
"""

from autograder.sandbox.client import Session
from autograder.sandbox.host import Sandbox, SandboxError, default
from autograder.sandbox.levels import CURES, MEANS, Level
from autograder.sandbox.terms import Ending, Limits, Loaded, Problem, Program, Reply

__all__ = [
    "CURES",
    "MEANS",
    "Ending",
    "Level",
    "Limits",
    "Loaded",
    "Problem",
    "Program",
    "Reply",
    "Sandbox",
    "SandboxError",
    "Session",
    "default",
]
