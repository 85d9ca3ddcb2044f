"""The process that students' processes are forked from. It loads Python and numpy once, and holds no secret.

The host starts it as a plain script, at level full inside bubblewrap. Requests come through a socket: each brings two
pipes for a new process, and is answered with the process's pid and pidfd. When the host ends, the socket closes, the
fork server ends too, and all its processes die with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import io
import json
import os
import random
import signal
import socket
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

INSIDE = str(Path(__file__).parent)
if TYPE_CHECKING:
    from autograder.sandbox.inside import confine
else:
    sys.path.insert(0, INSIDE)
    import confine

    sys.path.remove(INSIDE)

REQUESTS, REPLIES = 3, 4  # the descriptors of a student's process
LINUX = sys.platform == "linux"


def main(config: dict[str, Any], control: int) -> None:
    """Give up rights as the level demands, and serve in a forked process; this one only waits and cleans up."""
    if LINUX:
        confine.be_first_oom_victim()
    if config["level"] == "full":
        if config["student_uid"] is not None:
            confine.switch_account(config["student_uid"], permanently=True)
        confine.enter_new_namespaces()
    server = os.fork()
    if server:
        _wait_and_clean_up(server, control, config["folder"])
    if config["level"] == "full":
        confine.mount_empty("/proc", "4k")
        # matplotlib writes there while it is imported. Each student's process gets its own.
        confine.mount_empty("/tmp", "8m")
    elif config["level"] == "restricted" and config["student_uid"] is not None:
        confine.switch_account(config["student_uid"], permanently=config["others_can_read"])
    if LINUX:
        confine.die_with_parent()
    sys.path.append(config["packages_folder"])
    try:
        serve(config, socket.socket(fileno=control))
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def _wait_and_clean_up(server: int, control: int, folder: str | None) -> NoReturn:
    os.close(control)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.waitpid(server, 0)
    if folder:
        os.execv("/bin/sh", ["sh", "-c", 'chmod -R u+rwX -- "$0"; rm -rf -- "$0"', folder])
    os._exit(0)


def serve(config: dict[str, Any], control: socket.socket) -> None:
    """Answer requests until the host closes the socket."""
    readable = {
        _move_out_of_range(os.open(path, os.O_PATH)): confine.rights_to_read(path) for path in config["readable_paths"]
    }
    own_pidfd = os.pidfd_open(os.getpid()) if config["level"] == "full" else -1
    if LINUX:
        # Imported here, so that no student's process has to. On macOS a library of numpy's may not survive a fork.
        worker().wire.np.random.seed()
    if config["level"] == "full":
        # Our own source code has been read, so nobody needs it any more.
        confine.mount_empty(INSIDE, "4k")
    # Processes that end leave no zombies.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    control.sendall(b"{}")
    while True:
        data, pipes, _, _ = socket.recv_fds(control, 4096, 2)
        if not data:
            return
        reply: dict[str, int] = {}
        pidfds: list[int] = []
        if pipes:
            pid = _fork(config, json.loads(data), pipes, readable, own_pidfd)
            reply = {"pid": pid}
            pidfds = [os.pidfd_open(pid)] if LINUX else []
        socket.send_fds(control, [json.dumps(reply).encode()], pidfds)
        for descriptor in (*pipes, *pidfds):
            os.close(descriptor)


def _fork(
    config: dict[str, Any], request: dict[str, Any], pipes: list[int], readable: dict[int, int], own_pidfd: int
) -> int:
    """Fork a student's process, at level full into a new pid namespace, and return its pid."""
    if LINUX:
        for module in request["preload"]:
            _preload(module, config["folder"])
    if own_pidfd >= 0:
        # Otherwise the new namespace would lie inside the last process's.
        confine.fork_into_pid_namespace_of(own_pidfd)
        confine.unshare(confine.CLONE_NEWPID)
    pid = os.fork()
    if not pid:
        _run_student_process(config["level"], request, pipes, readable)
    return pid


def _preload(module: str, folder: str | None) -> None:
    """Import a module once for all later processes. If that fails, each process finds out when it imports it."""
    if module not in sys.modules:
        os.environ["MPLCONFIGDIR"] = f"{folder}/settings" if folder else "/tmp"
        with warnings.catch_warnings(), contextlib.suppress(Exception):
            warnings.simplefilter("ignore")
            importlib.import_module(module)
            if module == "matplotlib.pyplot":
                _draw_once()
        # Otherwise each process copies all memory that its garbage collector examines.
        gc.freeze()


def _draw_once() -> None:
    """Let matplotlib look up its fonts and its backends here, instead of in every process again."""
    figure = sys.modules["matplotlib.figure"].Figure()
    figure.add_subplot(title="any")
    figure.savefig(io.BytesIO())
    sys.modules["matplotlib.backends.registry"].backend_registry.list_all()


def _run_student_process(level: str, request: dict[str, Any], pipes: list[int], readable: dict[int, int]) -> NoReturn:
    """Keep no descriptor but the two pipes, confine this process, and serve requests until the host ends it."""
    try:
        pipes = [_move_out_of_range(pipe) for pipe in pipes]
        os.dup2(pipes[0], REQUESTS)
        os.dup2(pipes[1], REPLIES)
        for standard in (0, 1, 2):
            # Opened again: through a file that two processes share, one could send the other a message.
            os.dup2(os.open(os.devnull, os.O_RDWR), standard)
        try:
            _confine(level, request, readable)
            os.closerange(REPLIES + 1, 1 << 16)
        except Exception as error:
            worker().send(REPLIES, worker().wire.pack({"failed": f"{type(error).__name__}: {error}"}))
        else:
            worker().main(REQUESTS, REPLIES)
    finally:
        os._exit(0)


def _confine(level: str, request: dict[str, Any], readable: dict[int, int]) -> None:
    """Give up everything that the level does not allow a student's process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = request["folder"]
    if LINUX:
        confine.die_with_parent()
    if level == "full":
        confine.unshare(confine.CLONE_NEWNS)
        confine.mount_empty(folder, "64m")
    else:
        os.setsid()
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder)
    # Forks share the state of random number generators.
    random.seed()
    worker().wire.np.random.seed()
    confined = level != "process"
    confine.limit_resources(request["memory_mb"], request["seconds"], strictly=confined)
    if confined:
        confine.drop_capabilities()
        confine.forbid_new_privileges()
        confine.restrict_files({**readable, os.open(folder, os.O_PATH): confine.RIGHTS_IN_OWN_FOLDER})
        confine.restrict_system_calls()


def _move_out_of_range(descriptor: int) -> int:
    """Move a descriptor to a number of 100 or more, where no pipe of a student's process goes."""
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 100)
    finally:
        os.close(descriptor)


def worker() -> Any:
    """Import worker.py, and with it numpy, from this folder, which student code cannot import from."""
    sys.path.insert(0, INSIDE)
    try:
        return importlib.import_module("worker")
    finally:
        sys.path.remove(INSIDE)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]))
