"""The only rooms that meet student code. They know nothing of exercises or verdicts.

On the judge's side: ``client`` (one submission, in ``terms``), ``notebook`` (its cells one by one), ``host`` (the
zygote's owner), ``handle`` (a child's), ``levels`` (how a zygote is launched). On the student's: ``zygote`` (forks),
``confine`` (takes away), ``child`` (runs the code); for a notebook, ``cells`` in the ``shell`` that ``steady`` keeps in
order. ``wire`` travels between them.
``filters`` is written by ``allowed``: the system calls that student code may make.
"""

from autograder.sandbox.function_session import FunctionSession
from autograder.sandbox.host import Sandbox, SandboxError, default_sandbox
from autograder.sandbox.isolation import HOW_TO_ENABLE, LEVEL_DESCRIPTIONS, Level
from autograder.sandbox.protocol import CallStatus, Limits, LoadResult, Program, Reply, StudentError

__all__ = [
    "HOW_TO_ENABLE",
    "LEVEL_DESCRIPTIONS",
    "CallStatus",
    "FunctionSession",
    "Level",
    "Limits",
    "LoadResult",
    "Program",
    "Reply",
    "Sandbox",
    "SandboxError",
    "StudentError",
    "default_sandbox",
]
