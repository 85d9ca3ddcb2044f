"""The process that student processes are forked from: Python and numpy are loaded once, and nothing secret is in it.

Started by ``host`` as a plain script, inside bubblewrap at level full. It takes requests from a socket: each brings the
two pipes of a child to be, and gets the child's pid and pidfd. When the judge is gone, it ends, and all children do.
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
from typing import TYPE_CHECKING, Any

HERE = str(Path(__file__).parent)
if TYPE_CHECKING:
    from autograder.sandbox.inside import confine
else:
    sys.path.insert(0, HERE)
    import confine

    sys.path.remove(HERE)

REQUESTS, REPLIES = 3, 4  # a child's descriptors
LINUX = sys.platform == "linux"


def main(config: dict[str, Any], control: int) -> None:
    """Go where children are to live, load what they need, and serve; the first process only waits and tidies up."""
    if LINUX:
        confine.first_to_go()
    if config["level"] == "full":
        if config["user"] is not None:
            confine.become(config["user"], for_good=True)
        confine.own_namespaces()
    zygote = os.fork()
    if zygote:
        os.close(control)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        os.waitpid(zygote, 0)
        if config["folder"]:
            os.execv("/bin/sh", ["sh", "-c", 'chmod -R u+rwX -- "$0"; rm -rf -- "$0"', config["folder"]])
        os._exit(0)
    if config["level"] == "full":
        confine.empty("/proc", "4k")
        confine.empty("/tmp", "8m")  # matplotlib writes there when it is loaded; each child gets one of its own
    elif config["level"] == "restricted" and config["user"] is not None:
        confine.become(config["user"], for_good=config["reachable"])
    if LINUX:
        confine.die_with_parent()
    sys.path.append(config["packages"])
    try:
        serve(config, socket.socket(fileno=control))
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def serve(config: dict[str, Any], control: socket.socket) -> None:
    """Answer requests until the judge closes the socket."""
    readable = {_out_of_the_way(os.open(path, os.O_PATH)): confine.rights(path) for path in config["readable"]}
    own = os.pidfd_open(os.getpid()) if config["level"] == "full" else -1
    if LINUX:  # elsewhere a library that numpy loads may not survive a fork
        child().wire.np.random.seed()  # loaded here, lest every child load it
    if config["level"] == "full":
        confine.empty(HERE, "4k")  # our own text: read, and gone
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies
    gc.collect()
    gc.freeze()
    control.sendall(b"{}")
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        if not data:
            return
        request, reply, pidfds = json.loads(data), {}, []
        if descriptors:
            for module in request["warm"] if LINUX else ():
                load(module, config)
            if own >= 0:
                confine.back_to(own)
                confine.unshare(confine.CLONE_NEWPID)
            pid = os.fork()
            if not pid:
                born(config, request, descriptors, readable)
            reply = {"pid": pid}
            pidfds = [os.pidfd_open(pid)] if LINUX else []
        socket.send_fds(control, [json.dumps(reply).encode()], pidfds)
        for descriptor in (*descriptors, *pidfds):
            os.close(descriptor)


def load(module: str, config: dict[str, Any]) -> None:
    """Import a module once for all children; where that fails, each finds out for itself."""
    if module not in sys.modules:
        os.environ["MPLCONFIGDIR"] = f"{config['folder']}/settings" if config["folder"] else "/tmp"
        with warnings.catch_warnings(), contextlib.suppress(Exception):
            warnings.simplefilter("ignore")
            importlib.import_module(module)
            if module == "matplotlib.pyplot":
                draw_once()
        gc.freeze()  # else each child copies what its garbage collector looks at


def draw_once() -> None:
    """Have matplotlib look up its fonts and the list of its backends here, and not anew in every child."""
    figure = sys.modules["matplotlib.figure"].Figure()
    figure.add_subplot(title="any")
    figure.savefig(io.BytesIO())
    sys.modules["matplotlib.backends.registry"].backend_registry.list_all()


def born(config: dict[str, Any], request: dict[str, Any], pipes: list[int], readable: dict[int, int]) -> None:
    """Be a student's process: alone with two pipes, confined, serving. It never returns."""
    try:
        pipes = [_out_of_the_way(pipe) for pipe in pipes]
        os.dup2(pipes[0], REQUESTS)
        os.dup2(pipes[1], REPLIES)
        for standard in (0, 1, 2):  # opened anew: what is shared with another child can carry a message to it
            os.dup2(os.open(os.devnull, os.O_RDWR), standard)
        try:
            shut_in(config["level"], request, readable)
            os.closerange(REPLIES + 1, 1 << 16)
        except Exception as error:
            child().send(REPLIES, child().wire.pack({"failed": f"{type(error).__name__}: {error}"}))
            return
        child().main(REQUESTS, REPLIES)
    finally:
        os._exit(0)


def shut_in(level: str, request: dict[str, Any], readable: dict[int, int]) -> None:
    """Take away what the level takes away."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = request["folder"]
    if LINUX:
        confine.die_with_parent()
    if level == "full":
        confine.unshare(confine.CLONE_NEWNS)
        confine.empty(folder, "64m")
    else:
        os.setsid()
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder)
    random.seed()
    child().wire.np.random.seed()
    confined = level != "process"
    confine.limits(request["memory_mb"], request["seconds"], one_process=confined)
    if confined:
        confine.no_capabilities()
        confine.no_new_privileges()
        confine.files({**readable, os.open(folder, os.O_PATH): confine.OWN})
        confine.system_calls()


def _out_of_the_way(descriptor: int) -> int:
    """The same file at a number that no child's pipe gets."""
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 100)
    finally:
        os.close(descriptor)


def child() -> Any:
    """The neighbour that runs student code; it brings numpy, and only we find it."""
    sys.path.insert(0, HERE)
    try:
        return importlib.import_module("worker")
    finally:
        sys.path.remove(HERE)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]))
