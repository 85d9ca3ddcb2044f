"""The only rooms that meet student code. They know nothing of exercises or verdicts.

``client`` is the judge's side, ``child`` the process that runs the code, ``wire`` what travels between them.
"""

from autograder.sandbox.client import ISOLATION, Ending, Limits, Loaded, Problem, Program, Reply, SandboxError, Session

__all__ = ["ISOLATION", "Ending", "Limits", "Loaded", "Problem", "Program", "Reply", "SandboxError", "Session"]
