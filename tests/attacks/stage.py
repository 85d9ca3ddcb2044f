"""Everything that an attack may want, reachable unless the sandbox prevents it, and the check whether it was reached.

An attack is a submission for `softmax` that knows where everything is: ``stage`` is defined when its first line runs.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import resource
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.processes import descendants
from tests.helpers.waiting import PATIENCE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GROUPS = ("forged", "secrets", "recognised", "resources", "others", "host", "notebook")
HONEST = """
import numpy as np
def softmax(scores, axis=-1):
    open('notes', 'w').write('mine')
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
STALL_SECONDS = 2.0  # after which a naive grader that an attack may stall counts as stalled
_CHILD_SUBREAPER = 36  # linux/prctl.h: orphaned descendants become children of this process, so they are seen
_HEADER = re.compile(
    r'"""Tries: (?P<tries>.+?)\nWon if: (?P<way>[\w ]+): (?P<seen>.+?)\nNaive grader: (?P<naive>[\w ]+)[.:].*?"""',
    re.S,
)


@dataclass(frozen=True)
class Attack:
    """One file: what it tries, how a win is seen, and how a naive grader fares."""

    path: Path
    tries: str
    way: str  # full marks, leak, trace or stall
    naive: str  # beaten, unharmed, or not run

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    def write_submission(self, stage: Stage, folder: Path) -> Path:
        """Write the file that the attacker submits; return its path."""
        source = self.path.read_text(encoding="utf-8")
        if self.path.parent.name != "notebook":
            path = folder / "softmax.py"
            path.write_text(stage.inform(source))
            return path
        release = json.loads((ROOT / "assignments/3-softmax/3-softmax.ipynb").read_text())
        namespace: dict[str, Any] = {}
        exec(compile(source, str(self.path), "exec"), namespace)  # safe: this part only writes the submission
        path = namespace["submit"](release, folder, stage.description())
        assert isinstance(path, Path)
        return path


def load_attacks() -> list[Attack]:
    """Return all attacks, by group and name."""
    attacks = []
    for path in sorted(HERE.glob("*/*.py")):
        header = _HEADER.match(path.read_text(encoding="utf-8"))
        assert header, f"{path} does not begin as the others do"
        attacks.append(Attack(path, " ".join(header["tries"].split()), header["way"], header["naive"]))
    return attacks


class Stage:
    """A folder with a secret, a peer's work and a gradebook; three listeners; a process of somebody else's."""

    def __init__(self) -> None:
        ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.token = f"canary_{secrets.token_hex(16)}"
        self.folder = Path(tempfile.mkdtemp(prefix="stage-", dir="/tmp"))
        self.drop = self.folder / "drop"
        for name in ("secret", "gradebook.db", f"peers/{self.token}.py", "home/.ipython/history.sqlite"):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{self.token}\n")
            path.chmod(0o666)
        self.drop.mkdir()
        for folder in (self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())):
            folder.chmod(0o777)  # only the sandbox is in the way
        self._abstract = f"\0{self.folder.name}"
        self._listeners = [
            _listener(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            _listener(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            _listener(socket.AF_UNIX, socket.SOCK_STREAM, str(self.folder / "control.sock")),
            _listener(socket.AF_UNIX, socket.SOCK_STREAM, self._abstract),
        ]
        (self.folder / "control.sock").chmod(0o777)
        self.victim = subprocess.Popen(["sleep", "600"], start_new_session=True)

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()
        self.victim.kill()
        self.victim.wait()
        shutil.rmtree(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "GRADER_TOKEN": self.token, "PYTHONPATH": str(ROOT), "HOME": str(self.folder / "home")}

    def description(self) -> dict[str, Any]:
        """Return what attackers know: the paths, ports and process ids of the stage."""
        folder = self.folder
        return {
            "secret": str(folder / "secret"),
            "gradebook": str(folder / "gradebook.db"),
            "peers": str(folder / "peers"),
            "home": str(folder / "home"),
            "drop": str(self.drop),
            "package": str(ROOT / "autograder"),
            "tcp": self._listeners[0].getsockname()[1],
            "udp": self._listeners[1].getsockname()[1],
            "socket": str(folder / "control.sock"),
            "abstract": self._abstract,
            "victim": self.victim.pid,
            "judge": os.getpid(),
        }

    def inform(self, source: str) -> str:
        """Return a submission that knows where everything is."""
        return f"from types import SimpleNamespace\nstage = SimpleNamespace(**{self.description()!r})\n{source}"

    def look(self) -> dict[str, Any]:
        """Return the state of everything that an attack could change."""
        files = {}
        for path in [self.folder, *sorted(self.folder.rglob("*"))]:
            status = path.lstat()
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            files[str(path)] = (content, status.st_mode, status.st_uid, status.st_nlink, status.st_mtime_ns)
        loot = [str(path) for place in ("/tmp", "/dev/shm", "/var/tmp") for path in Path(place).glob("loot*")]
        processes = descendants()
        return {
            "files": files,
            "loot": loot,
            "visitors": [*map(_visited, self._listeners)],
            "victim": self.victim.poll(),
            "processes": processes,
            "descriptors": {pid: _descriptors(pid) for pid in processes},
            "mounts": Path("/proc/self/mounts").read_text(),
        }

    def changes_since(self, before: dict[str, Any]) -> list[str]:
        """Return what differs from an earlier look; a fork server takes a moment to close what it passed on."""
        after = self.look()
        changed = [name for name in after if name != "descriptors" and after[name] != before[name]]
        deadline = time.monotonic() + PATIENCE
        while opened := _opened(before["descriptors"]):
            if time.monotonic() > deadline:
                return [*changed, *opened]
            time.sleep(0.02)
        return changed

    def remove_loot(self) -> None:
        """Remove what an attack on the naive grader left."""
        for place in ("/tmp", "/dev/shm", "/var/tmp"):
            for path in Path(place).glob("loot*"):
                path.unlink()


def run_naive(stage: Stage, path: Path, *, may_stall: bool = False) -> set[str]:
    """Return the ways in which a submission beat the naive grader, which waits long unless the attack may stall it."""
    before = stage.look()
    words = [sys.executable, str(HERE / "naive.py"), json.dumps(stage.description()), str(path)]
    ways = set()
    with subprocess.Popen(
        words,
        cwd=stage.folder / "home",
        env=stage.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)),
    ) as process:
        try:
            output, _ = process.communicate(timeout=STALL_SECONDS if may_stall else PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            output = b""
            ways.add("stall")
    lines = output.decode(errors="replace").split("\n")
    if process.returncode == 0 or "score 5" in lines[-2:]:
        ways.add("full marks")
    elif process.returncode < 0:
        ways.add("stall")
    if stage.token in output.decode(errors="replace") or "\x1b" in output.decode(errors="replace"):
        ways.add("leak")
    after = stage.look()
    if {**after, "descriptors": 0} != {**before, "descriptors": 0}:
        ways.add("trace")
    for pid in after["processes"] - before["processes"]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
    return ways


def _listener(family: int, kind: int, address: Any) -> socket.socket:
    listener = socket.socket(family, kind)
    listener.bind(address)
    if kind == socket.SOCK_STREAM:
        listener.listen()
    listener.setblocking(False)
    return listener


def _visited(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_STREAM:
            listener.accept()[0].close()
        else:
            listener.recv(100)
    except BlockingIOError:
        return False
    return True


def _opened(before: dict[int, list[str]]) -> list[str]:
    opened = {pid: set(_descriptors(pid)) - set(descriptors) for pid, descriptors in before.items()}
    return [f"{pid}: {descriptors}" for pid, descriptors in opened.items() if descriptors]


def _descriptors(pid: int) -> list[str]:
    try:
        return sorted(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return []
