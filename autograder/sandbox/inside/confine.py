"""Take rights from a process before it runs student code. The kernel makes sure that it cannot regain them.

Every function raises `OSError` if the kernel refuses, and the caller then runs no student code. Python has no names for
the constants of prctl, capset, mount and Landlock: here they have the kernel's names. They are the same on all
architectures.
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

# Landlock's rights on files, linux/landlock.h: bits 0 to 15. Each version knows the first so many of them.
_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_KNOWN_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _REFER = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 13
_READ = _READ_FILE | _READ_DIR
RIGHTS_IN_OWN_FOLDER = _READ | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def limit_resources(memory_mb: int, cpu_seconds: float, *, strictly: bool) -> None:
    """Limit memory, files, descriptors and processor time; ``strictly`` also threads, locked memory and queues.

    Unless ``strictly``, a limit that the system refuses is left out, as macOS refuses some.
    """
    limits = {
        resource.RLIMIT_AS: memory_mb << 20,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 16 << 20,
        resource.RLIMIT_NOFILE: 64,
        # Only a second line of defence: the host's deadline comes first.
        resource.RLIMIT_CPU: int(cpu_seconds) + 2,
    }
    if strictly:
        limits |= {
            resource.RLIMIT_NPROC: _count_threads() + 64,
            resource.RLIMIT_MEMLOCK: 0,
            resource.RLIMIT_MSGQUEUE: 0,
        }
    for kind, value in limits.items():
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            if strictly:
                raise


def _count_threads() -> int:
    """Count the threads of this account that /proc shows, because the limit holds for the account as a whole."""
    count = 0
    for process in os.scandir("/proc"):
        # A process can end meanwhile.
        with contextlib.suppress(OSError):
            if process.name.isdigit() and process.stat().st_uid == os.getuid():
                count += os.stat(f"/proc/{process.name}/task").st_nlink - 2
    return count


def switch_account(uid: int, *, permanently: bool) -> None:
    """Change from root to another account.

    Unless ``permanently``, files of root stay readable, which a Python in root's home needs.
    """
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    if permanently:
        os.setresuid(uid, uid, uid)
    else:
        # The limit on threads counts by the real account.
        os.setresuid(uid, 0, 0)


def enter_new_namespaces() -> None:
    """Move this process into new user, ipc and mount namespaces, and its later children into a new pid namespace.

    In these it has rights that it has not outside.
    """
    user, group = os.getuid(), os.getgid()
    # Otherwise this process may not write to its own files in /proc.
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")
    unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name for new ones."""
    _check(_libc.unshare(flags), "unshare")


def fork_into_pid_namespace_of(pidfd: int) -> None:
    """Let the next child start in the pid namespace of the process of ``pidfd``."""
    _check(_libc.setns(pidfd, CLONE_NEWPID), "setns")


def mount_empty(folder: str, size: str) -> None:
    """Mount an empty file system of that size over a folder."""
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    options = f"size={size},nr_inodes=4096,mode=0700".encode()
    _check(_libc.mount(b"none", folder.encode(), b"tmpfs", ctypes.c_ulong(flags), options), "mount")


def be_first_oom_victim() -> None:
    """If the machine's memory runs out, let the kernel kill this process and its children before any other."""
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0), "prctl")


def drop_capabilities() -> None:
    """Give up every capability; none comes back, because this process can execute nothing."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def restrict_files(allowed: Mapping[int, int]) -> None:
    """Let Landlock allow only files below these descriptors, with these rights; no TCP port, no process outside."""
    version = _landlock("landlock_create_ruleset", None, ctypes.c_size_t(0), 1)
    known = (1 << _KNOWN_BITS.get(version, 16)) - 1
    # Rights on files; on TCP ports: bind, connect; scopes: abstract sockets, signals.
    handled = (ctypes.c_uint64 * 3)(known, 0b11, 0b11)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _landlock("landlock_create_ruleset", handled, ctypes.c_size_t(size), 0)
    for descriptor, rights in allowed.items():
        rule = _PathRule(rights & known, descriptor)
        _landlock("landlock_add_rule", ruleset, 1, ctypes.byref(rule), 0)
    _landlock("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


def rights_to_read(path: str) -> int:
    """Return Landlock's rights for a path that may be read; it refuses a folder's rights on a file."""
    if path == os.devnull:
        return _READ_FILE | _WRITE_FILE
    return _READ if os.path.isdir(path) else _READ_FILE


def forbid_new_privileges() -> None:
    """Rule out that executing a file grants privileges; Landlock and seccomp require it."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def restrict_system_calls() -> None:
    """Allow only the system calls of `syscall_allowlist`; raise `OSError` on an architecture without a filter."""
    if platform.machine() not in FILTERS:
        raise OSError(f"there is no system call filter for {platform.machine()}")
    program = base64.b64decode(FILTERS[platform.machine()])
    descriptor = _FilterProgram(len(program) // 8, ctypes.cast(ctypes.c_char_p(program), ctypes.c_void_p))
    _check(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(descriptor), 0, 0), "seccomp")


class _PathRule(ctypes.Structure):
    """Landlock's rule for files below a descriptor: struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("descriptor", ctypes.c_int32))


class _FilterProgram(ctypes.Structure):
    """A seccomp program, struct sock_fprog: its number of instructions, of eight bytes each, and their address."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _landlock(name: str, *arguments: object) -> int:
    return _check(_libc.syscall(ctypes.c_long(SYSTEM_CALLS[name]), *arguments), name)


def _check(result: int, operation: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{operation}: {os.strerror(number)}")
    return result
