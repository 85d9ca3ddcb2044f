"""What is taken away from a student's process: by the kernel, in the process itself, before any code of theirs runs.

Every function raises `OSError` where the kernel refuses, and nothing runs then. Python has no names for the constants
of prctl, capset, mount and Landlock; they stand here under the kernel's own names, the same on all architectures.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import os
import platform
import resource
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.sandbox.inside.syscall_filters import FILTERS, SYSTEM_CALLS
else:
    from syscall_filters import FILTERS, SYSTEM_CALLS

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x0002_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x2008_0522

# Rights of Landlock, linux/landlock.h: bits 0 to 15; each version of it knows the first so many.
_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_KNOWN_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _REFER = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 13
READ = _READ_FILE | _READ_DIR
OWN = READ | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def limits(memory_mb: int, seconds: float, *, one_process: bool) -> None:
    """Resource limits; on macOS some are refused, and the others hold."""
    most = {
        resource.RLIMIT_AS: memory_mb << 20,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 16 << 20,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CPU: int(seconds) + 2,  # behind the deadline that the judge keeps
    }
    if one_process:
        most |= {resource.RLIMIT_NPROC: _threads() + 64, resource.RLIMIT_MEMLOCK: 0, resource.RLIMIT_MSGQUEUE: 0}
    for what, value in most.items():
        try:
            resource.setrlimit(what, (value, value))
        except (ValueError, OSError):
            if one_process:
                raise


def _threads() -> int:
    """How many threads this account has, as far as /proc shows them: a limit on them counts all of an account's."""
    found = 0
    for process in os.scandir("/proc"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if process.name.isdigit() and process.stat().st_uid == os.getuid():
                found += os.stat(f"/proc/{process.name}/task").st_nlink - 2
    return found


def become(user: int, *, for_good: bool) -> None:
    """Change to another account; where not ``for_good``, root's files stay readable: for a Python in root's home."""
    os.setgroups([])
    os.setresgid(user, user, user)
    if for_good:
        os.setresuid(user, user, user)
    else:
        os.setresuid(user, 0, 0)  # the number of processes is counted by the real account


def own_namespaces() -> None:
    """Put this process's children-to-be in a user, pid, ipc and mount namespace, over which it has rights."""
    user, group = os.getuid(), os.getgid()
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")  # else its own files in /proc are not its own
    unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name."""
    _check(_libc.unshare(flags), "unshare")


def back_to(pidfd: int) -> None:
    """Let the next child be born in the pid namespace of the process that ``pidfd`` stands for."""
    _check(_libc.setns(pidfd, CLONE_NEWPID), "setns")


def empty(folder: str, size: str) -> None:
    """Mount an empty file system of that size over a folder."""
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    options = f"size={size},nr_inodes=4096,mode=0700".encode()
    _check(_libc.mount(b"none", folder.encode(), b"tmpfs", ctypes.c_ulong(flags), options), "mount")


def first_to_go() -> None:
    """Where the machine's memory runs out, let the kernel end us and ours before anybody else."""
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def die_with_parent() -> None:
    """Let the kernel end this process when the one that forked it ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0), "prctl")


def no_capabilities() -> None:
    """Give up every capability; none comes back, because nothing can be executed."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def files(allowed: Mapping[int, int]) -> None:
    """Landlock: of all files, only those beneath these descriptors (-> rights); no TCP port, no process outside."""
    version = _landlock("landlock_create_ruleset", None, ctypes.c_size_t(0), 1)
    known = (1 << _KNOWN_BITS.get(version, 16)) - 1
    handled = (ctypes.c_uint64 * 3)(known, 0b11, 0b11)  # files; TCP: bind, connect; scopes: abstract sockets, signals
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _landlock("landlock_create_ruleset", handled, ctypes.c_size_t(size), 0)
    for descriptor, rights in allowed.items():
        rule = _Beneath(rights & known, descriptor)
        _landlock("landlock_add_rule", ruleset, 1, ctypes.byref(rule), 0)
    _landlock("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


def rights(path: str) -> int:
    """What a path that may be read gets: a file must not carry a directory's rights."""
    if path == os.devnull:
        return _READ_FILE | _WRITE_FILE
    return READ if os.path.isdir(path) else _READ_FILE


def no_new_privileges() -> None:
    """What Landlock and seccomp ask for."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def system_calls() -> None:
    """Leave the system calls of `allowed.py`; `OSError` on an architecture without a filter."""
    if platform.machine() not in FILTERS:
        raise OSError(f"there is no filter of system calls for {platform.machine()}")
    program = base64.b64decode(FILTERS[platform.machine()])
    head = _Program(len(program) // 8, ctypes.cast(ctypes.c_char_p(program), ctypes.c_void_p))
    _check(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(head), 0, 0), "seccomp")


class _Beneath(ctypes.Structure):
    """Landlock's rule for a descriptor."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("descriptor", ctypes.c_int32))


class _Program(ctypes.Structure):
    """A seccomp program: its number of instructions, of eight bytes each, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _landlock(name: str, *arguments: object) -> int:
    return _check(_libc.syscall(ctypes.c_long(SYSTEM_CALLS[name]), *arguments), name)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
