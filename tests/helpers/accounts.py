"""Do something as another account of the machine, which only root can."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")


def act_as(user: int, action: Callable[[], object], groups: tuple[int, ...] = ()) -> str:
    """Run a function in a child process as another account; return the traceback if it raised."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        problem = "the child process could not change its account"
        try:
            os.close(reader)
            os.setgroups(groups)
            os.setgid(user)
            os.setuid(user)
            action()
            problem = ""
        except BaseException:
            problem = traceback.format_exc()
        finally:
            os.write(writer, problem.encode()[-60_000:])
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        problem = pipe.read().decode()
    os.waitpid(child, 0)
    return problem


@contextmanager
def public_folder() -> Iterator[Path]:
    """A new folder that every account can reach, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
