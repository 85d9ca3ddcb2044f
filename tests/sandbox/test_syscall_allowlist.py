"""The checked-in seccomp programs are what ``allowed`` compiles, and refuse what they are meant to refuse."""

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
    pytest.skip("libseccomp or its binding is not installed: the filters are not compared", allow_module_level=True)

ALLOW, KILL, NO = 0x7FFF_0000, 0, 0x0005_0000  # SECCOMP_RET_*; the lower half of the last one is an errno
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
def test_what_is_checked_in_is_what_the_names_compile_to() -> None:
    for machine in MACHINES:
        assert base64.b64decode(FILTERS[machine]) == syscall_allowlist.compile_filter(machine), (
            "python -m autograder.sandbox.syscall_allowlist"
        )
    assert set(SYSTEM_CALLS) == set(syscall_allowlist.LANDLOCK)


@pytest.mark.parametrize("machine", MACHINES)
def test_what_reaches_beyond_the_process_is_refused(machine: str) -> None:
    allowed_anyway = [name for name in FORBIDDEN if known(machine, name) and ask(machine, name) == ALLOW]
    assert not allowed_anyway
    assert ask(machine, "ptrace") == NO | errno.EPERM
    assert ask(machine, "clone3") == NO | errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_what_python_needs_is_allowed(machine: str) -> None:
    for name in syscall_allowlist.ALLOWED:
        if known(machine, name):
            assert ask(machine, name) == ALLOW, name


@pytest.mark.parametrize("machine", MACHINES)
def test_what_some_arguments_make_dangerous_is_refused_with_those(machine: str) -> None:
    assert ask(machine, "clone", syscall_allowlist.THREAD) == ALLOW
    assert ask(machine, "clone", 17) == NO | errno.EPERM, "a process: SIGCHLD and no thread"
    assert ask(machine, "clone", syscall_allowlist.THREAD | 0x10000000) == NO | errno.EPERM, (
        "a thread in a user namespace"
    )
    assert ask(machine, "openat", 0, 0, os.O_RDONLY) == ask(machine, "openat", 0, 0, os.O_RDWR | os.O_TRUNC) == ALLOW
    assert ask(machine, "openat", 0, 0, os.O_RDONLY | os.O_TRUNC) == NO | errno.EPERM
    assert ask(machine, "fcntl", 3, fcntl.F_GETFD) == ALLOW
    for command in (fcntl.F_SETOWN, fcntl.F_SETSIG, fcntl.F_SETLEASE, fcntl.F_NOTIFY):
        assert ask(machine, "fcntl", 3, command) == NO | errno.EPERM
    assert ask(machine, "prlimit64", 0, 7, 0) == ALLOW
    assert ask(machine, "prlimit64", 1, 7, 0) == ask(machine, "prlimit64", 0, 7, 1) == NO | errno.EPERM


def test_another_architectures_calls_and_x32_ones_do_not_pass() -> None:
    assert ask("x86_64", "read", audit="aarch64") == KILL
    assert ask("aarch64", "read", audit="x86_64") == KILL
    assert run(FILTERS["x86_64"], packet(0x4000_0000, "x86_64", ())) != ALLOW


def known(machine: str, name: str) -> bool:
    """Whether the architecture has that call at all: aarch64 has no open, fork or pause."""
    return number(machine, name) >= 0


def number(machine: str, name: str) -> int:
    return int(pyseccomp.resolve_syscall(getattr(pyseccomp.Arch, syscall_allowlist.ARCHITECTURES[machine]), name))


def ask(machine: str, name: str, *arguments: int, audit: str = "") -> int:
    return run(FILTERS[machine], packet(number(machine, name), audit or machine, arguments))


def packet(call: int, machine: str, arguments: tuple[int, ...]) -> bytes:
    """What a filter sees: linux/seccomp.h, struct seccomp_data."""
    token = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}[machine]
    return struct.pack("<iIQ6Q", call, token, 0, *arguments, *[0] * (6 - len(arguments)))


def run(program: str, data: bytes) -> int:
    """Carry out a filter, as the kernel would; of BPF only what libseccomp makes use of."""
    steps = list(struct.iter_unpack("<HBBI", base64.b64decode(program)))
    at, word = 0, 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        match code:
            case 0x20:
                (word,) = struct.unpack_from("<I", data, value)
            case 0x54:
                word &= value
            case 0x05:
                at += value
            case 0x15:
                at += yes if word == value else no
            case 0x25:
                at += yes if word > value else no
            case 0x35:
                at += yes if word >= value else no
            case 0x06:
                return int(value)
            case _:
                raise ValueError(f"what is {code:#x}?")
