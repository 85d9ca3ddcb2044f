"""The only rooms that meet student code. They know nothing of exercises or verdicts.

On the judge's side: ``client`` (one submission), ``host`` (the zygote's owner), ``levels`` (how it is launched). On
the student's: ``zygote`` (forks), ``confine`` (takes away), ``child`` (runs the code). ``wire`` travels between them.
``filters`` is written by ``allowed``: the system calls that student code may make.
"""

from autograder.sandbox.client import Ending, Limits, Loaded, Problem, Program, Reply, Session
from autograder.sandbox.host import Sandbox, SandboxError, default
from autograder.sandbox.levels import CURES, MEANS, Level

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
