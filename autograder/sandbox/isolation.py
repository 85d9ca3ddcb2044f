"""The levels of isolation: what each one gives, what it needs, and how a fork server is started at it."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from functools import cache
from pathlib import Path

from autograder.sandbox import visible_files

INSIDE = Path(__file__).parent / "inside"
NOBODY = 65534  # the account of student code where the host is root
_PACKAGE = Path(__file__).parents[1]
_DEVICES = ("/dev/null", "/dev/urandom")


class Level(StrEnum):
    """The levels of isolation, from the strongest to the weakest."""

    FULL = "full"  # bubblewrap, namespaces, Landlock, seccomp, limits
    RESTRICTED = "restricted"  # Landlock, seccomp, limits, another account where the host is root
    PROCESS = "process"  # limits only


LEVEL_DESCRIPTIONS = {
    Level.FULL: "student code sees only Python, and reaches no file, network or process of this machine",
    Level.RESTRICTED: "student code reads and writes no file of the grader, opens no connection and starts no process",
    Level.PROCESS: "student code runs in a separate process, with this account's rights",
}
HOW_TO_ENABLE = {
    Level.FULL: (
        "Install bubblewrap (apt install bubblewrap). If it is installed already, user namespaces are switched off: on "
        "Ubuntu 24.04 allow them with sysctl kernel.apparmor_restrict_unprivileged_userns=0 or a profile for bwrap, in "
        "Docker with --security-opt seccomp=unconfined --security-opt systempaths=unconfined."
    ),
    Level.RESTRICTED: "Use Linux 5.13 or newer with Landlock switched on, on x86-64 or aarch64.",
}


def fork_server_command(level: Level, packages_folder: str, packages: tuple[str, ...] = ()) -> list[str]:
    """Return the command that starts a fork server; cells import their packages from ``packages_folder``.

    ``packages`` are those that a course allows besides numpy, matplotlib and IPython.
    Raises `OSError` if the level needs bubblewrap and it is not installed.
    """
    if level is not Level.FULL:
        return [sys.executable, "-I", "-S", str(INSIDE / "fork_server.py")]
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise OSError("bubblewrap is not installed")
    return [
        bwrap,
        *["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
        *["--cap-drop", "ALL"],
        *_account_options(),
        *["--proc", "/proc", "--dir", "/tmp"],
        *_bind_options(packages_folder, packages),
        *["--remount-ro", "/", "--chdir", "/", "--"],
        *[str(visible_files.interpreter()), "-I", "-S", "/sandbox/fork_server.py"],
    ]


def _account_options() -> list[str]:
    if student_uid() is not None:
        return ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    # Not as user 0: without rights, the kernel does not let root's account be mapped into the fork server's namespace.
    return ["--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]


def _bind_options(packages_folder: str, packages: tuple[str, ...]) -> list[str]:
    """Bubblewrap's options for the files that exist inside: Python, packages, the system's libraries, two devices."""
    libraries = visible_files.library_paths()
    binds = [("--dev-bind", device, device) for device in _DEVICES]
    binds += [("--ro-bind", str(path), str(path)) for path in (*libraries, visible_files.interpreter())]
    binds += [
        ("--ro-bind", str(path), f"{packages_folder}/{name}")
        for name, path in visible_files.importable_packages(packages).items()
    ]
    binds += [("--ro-bind", str(path), f"/sandbox/{path.name}") for path in sorted(INSIDE.glob("*.py"))]
    options = []
    for folder in sorted({str(folder) for _, _, target in binds for folder in Path(target).parents}):
        # Folders that bubblewrap creates by itself are closed to other accounts.
        options += ["--perms", "0755", "--dir", folder]
    options += [word for bind in binds for word in bind]
    if any(_PACKAGE.is_relative_to(path) for path in libraries):
        options += ["--tmpfs", str(_PACKAGE)]
    return options


def landlock_readable_paths(level: Level, packages_folder: str, packages: tuple[str, ...] = ()) -> list[str]:
    """Return the paths that Landlock lets student code read; there is no Landlock at level process.

    At level full bubblewrap has decided already what exists.
    """
    if level is Level.FULL:
        return ["/", os.devnull]
    if level is Level.PROCESS:
        return []
    libraries = [
        part for path in visible_files.library_paths() for part in visible_files.without_folder(path, _PACKAGE)
    ]
    importable = visible_files.importable_packages(packages).values()
    return [*map(str, libraries), *_DEVICES, packages_folder, *map(str, importable)]


@cache
def student_uid() -> int | None:
    """Return the account that student code changes to.

    None if the host is not root, or is root of a container in which no such account exists.
    """
    return NOBODY if os.geteuid() == 0 and all(map(_maps_nobody, ("uid_map", "gid_map"))) else None


def _maps_nobody(map_name: str) -> bool:
    try:
        ranges = [line.split() for line in Path("/proc/self", map_name).read_text(encoding="ascii").splitlines()]
    except OSError:
        return False
    return any(int(first) <= NOBODY < int(first) + int(count) for first, _, count in ranges)
