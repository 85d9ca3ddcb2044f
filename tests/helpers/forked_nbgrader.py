"""Run nbgrader's commands in processes that are forked from one that has imported nbgrader, which takes seconds.

Everything else is as in a shell: each command has its own process, environment, working directory and exit status.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from nbgrader.apps.nbgraderapp import main

_CONTEXT = multiprocessing.get_context("forkserver")
# Every module that a command needs: a forked process imports nothing again.
_CONTEXT.set_forkserver_preload([__name__, "nbgrader.apps", "autograder.batch", "autograder.nbgrader_plugin.config"])


def run_nbgrader(words: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run ``nbgrader`` with these words; return its exit status and what it printed, errors included."""
    with tempfile.NamedTemporaryFile() as output:
        process: BaseProcess = _CONTEXT.Process(target=_run, args=(list(words), cwd, dict(environment), output.name))
        process.start()
        process.join()
        status = process.exitcode
        process.close()
        assert status is not None
        return status, Path(output.name).read_text(encoding="utf-8", errors="replace")


def _run(words: list[str], cwd: Path, environment: dict[str, str], output: str) -> None:
    descriptor = os.open(output, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv = ["nbgrader", *words]
    try:
        main()
    finally:
        atexit._run_exitfuncs()  # multiprocessing ends its processes without them
