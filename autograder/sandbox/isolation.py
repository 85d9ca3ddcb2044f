"""How a zygote is launched at each level, what it may see, and what would give the next level."""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
OTHER_USER = 65534  # nobody: the account of student code where the judge is root
_OUR_PACKAGE = Path(__file__).parents[1]
_PACKAGES = ("numpy", "matplotlib", "ipython")  # what cells may import beside the standard library
_BACKEND = "matplotlib-inline"  # matplotlib reads in its metadata that it can draw in notebooks
_NAME = re.compile(r"[\w.-]*\w")  # what a requirement begins with: "numpy>=1.23; python_version..."
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
_DEVICES = ("/dev/null", "/dev/urandom")


class Level(StrEnum):
    """How far student code is kept apart, the best first."""

    FULL = "full"  # bubblewrap, namespaces, Landlock, seccomp, limits
    RESTRICTED = "restricted"  # Landlock, seccomp, limits, another account where the judge is root
    PROCESS = "process"  # limits only


LEVEL_DESCRIPTIONS = {
    Level.FULL: "student code sees only Python, and reaches no file, network or process of this machine",
    Level.RESTRICTED: "student code reads and writes no file of ours, opens no connection and starts no process",
    Level.PROCESS: "student code runs in a process of its own, with this account's rights",
}
HOW_TO_ENABLE = {  # for the level itself, where only a weaker one is to be had
    Level.FULL: (
        "Install bubblewrap (apt install bubblewrap). Where it is installed, user namespaces are switched off: on "
        "Ubuntu 24.04 allow them with sysctl kernel.apparmor_restrict_unprivileged_userns=0 or a profile for bwrap, in "
        "Docker with --security-opt seccomp=unconfined --security-opt systempaths=unconfined."
    ),
    Level.RESTRICTED: "Use Linux 5.13 or newer with Landlock switched on, on x86-64 or aarch64.",
}


def fork_server_command(level: Level, packages: str) -> list[str]:
    """The words that start a zygote; ``packages`` is the folder that holds what cells may import."""
    if level is not Level.FULL:
        return [sys.executable, "-I", "-S", str(INSIDE / "fork_server.py")]
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise OSError("bubblewrap is not installed")
    words = [bwrap, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--cap-drop", "ALL"]
    if user() is not None:
        words += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:  # under another number: the kernel lets nobody without rights pass root's on to the zygote's own namespace
        words += ["--unshare-user", "--uid", str(OTHER_USER), "--gid", str(OTHER_USER)]
    words += ["--proc", "/proc", "--dir", "/tmp"]
    binds = [("--dev-bind", device, device) for device in _DEVICES]
    binds += [("--ro-bind", str(path), str(path)) for path in (*_readable(), _interpreter())]
    binds += [("--ro-bind", str(path), f"{packages}/{name}") for name, path in importable().items()]
    binds += [("--ro-bind", str(path), f"/sandbox/{path.name}") for path in sorted(INSIDE.glob("*.py"))]
    for folder in sorted({str(folder) for _, _, place in binds for folder in Path(place).parents}):
        words += ["--perms", "0755", "--dir", folder]  # bubblewrap's own are closed to other accounts
    words += [word for bind in binds for word in bind]
    if any(_OUR_PACKAGE.is_relative_to(path) for path in _readable()):
        words += ["--tmpfs", str(_OUR_PACKAGE)]
    return [
        *words,
        "--remount-ro",
        "/",
        "--chdir",
        "/",
        "--",
        str(_interpreter()),
        "-I",
        "-S",
        "/sandbox/fork_server.py",
    ]


def may_read(level: Level, packages: str) -> list[str]:
    """What Landlock lets student code read: at level full whatever is there; at level process there is no Landlock."""
    if level is Level.FULL:
        return ["/", os.devnull]
    if level is Level.PROCESS:
        return []
    paths = [part for path in _readable() for part in _without(path, _OUR_PACKAGE)]
    return [*map(str, paths), *_DEVICES, packages, *map(str, importable().values())]


@cache
def user() -> int | None:
    """The account that student code changes to; None where only root could, or root of a container without it."""
    return OTHER_USER if os.geteuid() == 0 and all(map(_knows_it, ("uid_map", "gid_map"))) else None


def _knows_it(kind: str) -> bool:
    try:
        areas = [line.split() for line in Path("/proc/self", kind).read_text(encoding="ascii").splitlines()]
    except OSError:
        return False
    return any(int(first) <= OTHER_USER < int(first) + int(count) for first, _, count in areas)


def reachable() -> bool:
    """Whether another account can read our Python, its packages and its folder: a Python in root's home it cannot."""
    places = [_interpreter(), *_readable(), *importable().values(), Path(tempfile.gettempdir(), "folder")]
    folders = {folder for place in places for folder in place.resolve().parents}
    return all(folder.stat().st_mode & 0o001 for folder in folders)


@cache
def importable() -> dict[str, Path]:
    """Modules and folders that cells may import from: the packages above and what these ask for, without our own."""
    found: dict[str, Path] = {}
    names, seen = list(_PACKAGES), set()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        wanted = (_NAME.match(text) for text in installed.requires or () if "extra ==" not in text)
        names += [name.group() for name in wanted if name]
        lines = (installed.read_text("RECORD") or installed.read_text("top_level.txt") or name).splitlines()
        for top in {line.split(",")[0].split("/")[0] for line in lines}:
            place = Path(str(installed.locate_file(top)))
            hidden = top.startswith((".", "__pycache__")) or (top.endswith("-info") and name != _BACKEND)
            if not hidden and place.exists():
                found[top] = place.resolve()
    return found


def _readable() -> list[Path]:
    """The standard library and the system's libraries."""
    library = Path(sysconfig.get_path("stdlib")).resolve()
    own = [library, library.parent] if library.parent.name == "lib" else [library]
    return [*(path for path in map(Path, _SYSTEM) if path.exists()), own[-1]]


def _interpreter() -> Path:
    return Path(sys.executable).resolve()


def _without(path: Path, hidden: Path) -> Iterable[Path]:
    """The path, or where the hidden folder lies in it, everything beside that folder."""
    if not hidden.is_relative_to(path):
        yield path
    elif path != hidden:
        for part in path.iterdir():
            yield from _without(part, hidden)
