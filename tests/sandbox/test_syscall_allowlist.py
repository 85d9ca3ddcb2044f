"""The committed seccomp filters are compiled from the allowlist, and refuse what reaches beyond the process."""

from __future__ import annotations

import base64
import errno
import fcntl
import os
import struct

import pytest

from autograder.sandbox import syscall_allowlist
from autograder.sandbox.inside.syscall_filters import FILTERS, SYSTEM_CALLS

try:
    import pyseccomp
except (ImportError, RuntimeError, OSError):
    pytest.skip(
        "libseccomp or its Python binding is not installed, so the filters cannot be compared", allow_module_level=True
    )

ALLOW, KILL, ERRNO = 0x7FFF_0000, 0, 0x0005_0000  # SECCOMP_RET_*; the lower half of the last one is an errno
MACHINES = list(syscall_allowlist.ARCHITECTURES)
_NAMES = """
    execve execveat fork vfork clone3 kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open
    pidfd_send_signal pidfd_getfd socket socketpair connect bind listen accept4 sendto sendmsg recvmsg ptrace
    process_vm_readv process_vm_writev mount umount2 pivot_root chroot setns unshare move_mount open_tree fsopen
    openat2 open_by_handle_at name_to_handle_at io_uring_setup io_uring_enter bpf perf_event_open userfaultfd
    keyctl add_key memfd_create shmget shmat msgget semget mq_open setuid setresuid setgid setgroups capset
    prctl seccomp personality chmod fchmod fchmodat chown fchown fchownat link linkat symlink symlinkat mknod
    mknodat truncate utimensat setxattr setsid setpgid setpriority setrlimit sched_setaffinity init_module
    finit_module kexec_load reboot swapon sethostname settimeofday clock_settime quotactl acct syslog splice
    vmsplice tee fallocate fadvise64 mincore inotify_init1 fanotify_init timer_create mlock
"""
FORBIDDEN = _NAMES.split()


@pytest.mark.skipif(bool(pyseccomp.get_api() < 2), reason="this libseccomp is too old to compile the same program")
def test_the_committed_filters_are_compiled_from_the_allowlist() -> None:
    for machine in MACHINES:
        assert base64.b64decode(FILTERS[machine]) == syscall_allowlist.compile_filter(machine), (
            "python -m autograder.sandbox.syscall_allowlist"
        )
    assert set(SYSTEM_CALLS) == set(syscall_allowlist.LANDLOCK)


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_that_reach_beyond_the_process_are_refused(machine: str) -> None:
    allowed = [name for name in FORBIDDEN if exists(machine, name) and answer(machine, name) == ALLOW]
    assert not allowed
    assert answer(machine, "ptrace") == ERRNO | errno.EPERM
    assert answer(machine, "clone3") == ERRNO | errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_of_the_allowlist_is_allowed(machine: str) -> None:
    for name in syscall_allowlist.ALLOWED:
        if exists(machine, name):
            assert answer(machine, name) == ALLOW, name


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_with_dangerous_arguments_are_refused(machine: str) -> None:
    assert answer(machine, "clone", syscall_allowlist.THREAD) == ALLOW
    assert answer(machine, "clone", 17) == ERRNO | errno.EPERM, "a process: SIGCHLD and no thread"
    assert answer(machine, "clone", syscall_allowlist.THREAD | 0x10000000) == ERRNO | errno.EPERM, (
        "a thread in a user namespace"
    )
    assert (
        answer(machine, "openat", 0, 0, os.O_RDONLY) == answer(machine, "openat", 0, 0, os.O_RDWR | os.O_TRUNC) == ALLOW
    )
    assert answer(machine, "openat", 0, 0, os.O_RDONLY | os.O_TRUNC) == ERRNO | errno.EPERM
    assert answer(machine, "fcntl", 3, fcntl.F_GETFD) == ALLOW
    for command in (fcntl.F_SETOWN, fcntl.F_SETSIG, fcntl.F_SETLEASE, fcntl.F_NOTIFY):
        assert answer(machine, "fcntl", 3, command) == ERRNO | errno.EPERM
    assert answer(machine, "prlimit64", 0, 7, 0) == ALLOW
    assert answer(machine, "prlimit64", 1, 7, 0) == answer(machine, "prlimit64", 0, 7, 1) == ERRNO | errno.EPERM


def test_calls_of_another_architecture_do_not_pass() -> None:
    assert answer("x86_64", "read", audit="aarch64") == KILL
    assert answer("aarch64", "read", audit="x86_64") == KILL
    assert run_filter(FILTERS["x86_64"], seccomp_data(0x4000_0000, "x86_64", ())) != ALLOW


def exists(machine: str, name: str) -> bool:
    """Whether the architecture has this call: aarch64 has no open, fork or pause."""
    return number(machine, name) >= 0


def number(machine: str, name: str) -> int:
    return int(pyseccomp.resolve_syscall(getattr(pyseccomp.Arch, syscall_allowlist.ARCHITECTURES[machine]), name))


def answer(machine: str, name: str, *arguments: int, audit: str = "") -> int:
    return run_filter(FILTERS[machine], seccomp_data(number(machine, name), audit or machine, arguments))


def seccomp_data(call: int, machine: str, arguments: tuple[int, ...]) -> bytes:
    """What the kernel shows a filter: linux/seccomp.h, struct seccomp_data."""
    token = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}[machine]
    return struct.pack("<iIQ6Q", call, token, 0, *arguments, *[0] * (6 - len(arguments)))


def run_filter(program: str, data: bytes) -> int:
    """Run a filter as the kernel does; of BPF's instructions only those that libseccomp uses."""
    instructions = list(struct.iter_unpack("<HBBI", base64.b64decode(program)))
    position, word = 0, 0
    while True:
        code, if_true, if_false, value = instructions[position]
        position += 1
        match code:
            case 0x20:
                (word,) = struct.unpack_from("<I", data, value)
            case 0x54:
                word &= value
            case 0x05:
                position += value
            case 0x15:
                position += if_true if word == value else if_false
            case 0x25:
                position += if_true if word > value else if_false
            case 0x35:
                position += if_true if word >= value else if_false
            case 0x06:
                return int(value)
            case _:
                raise ValueError(f"unknown BPF instruction {code:#x}")
