"""Runs student code in confined processes. The only part of the package that meets student code.

    host (this process)              fork server                     a student's process
    FunctionSession, NotebookSession
      Sandbox ───── socket: "fork" ──> forks for each submission ──> confines itself, then runs
      ChildProcess <════════════ two pipes: requests and replies ══> inside.worker

1. `Sandbox` (host.py) starts one fork server per run, at the strongest `Level` that the machine supports
   (isolation.py). The fork server has loaded numpy and holds no secret.
2. A session asks `Sandbox` for a process. The fork server forks it and passes back its pid and pidfd.
3. The new process gives up its rights (inside/confine.py), says that it is ready, and answers one request after the
   other (inside/worker.py; for a notebook's cells inside/notebook_cells.py).
4. The host keeps every deadline, checks everything that comes back (function_replies.py, notebook_replies.py), and
   kills the process at the end.

`inside/` holds everything that runs in the fork server or in a student's process. Both sides share inside/wire.py,
the format of messages. Nothing here knows exercises, expected results or verdicts.
"""

from autograder.sandbox.function_session import FunctionSession
from autograder.sandbox.host import Sandbox, SandboxError, default_sandbox
from autograder.sandbox.isolation import HOW_TO_ENABLE, LEVEL_DESCRIPTIONS, Level
from autograder.sandbox.protocol import CallStatus, Limits, LoadResult, Program, Reply, SkippedSource, StudentError
from autograder.sandbox.visible_files import importable_packages, modules_of_package

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
    "SkippedSource",
    "StudentError",
    "default_sandbox",
    "importable_packages",
    "modules_of_package",
]
