"""The system calls that student code may make. ``python -m autograder.sandbox.syscall_allowlist`` compiles them.

The compiled filters are checked in (``inside/syscall_filters.py``), so that grading needs neither libseccomp nor its
binding, and a test compiles them again and compares. What is not listed fails with EPERM: no exec, no fork,
no socket, no signal to another process, no mount, no namespace, no tracing, no change of modes, owners or times.
"""

from __future__ import annotations

import base64
import errno
import fcntl
import mmap
import os
import tempfile
import textwrap
from pathlib import Path
from typing import Any

_NAMES = """
    read write readv writev pread64 pwrite64 preadv pwritev lseek sendfile copy_file_range
    close close_range dup dup2 dup3 flock pipe pipe2 poll ppoll select pselect6
    epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
    stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getcwd chdir fchdir
    getdents getdents64 mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 ftruncate
    fsync fdatasync umask
    mmap munmap mprotect mremap brk membarrier
    futex set_robust_list get_robust_list rseq set_tid_address arch_prctl sched_yield sched_getaffinity
    sched_getparam sched_getscheduler getcpu
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause
    alarm setitimer getitimer restart_syscall
    nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getrusage getrlimit
    getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getresuid getresgid getgroups
    getrandom uname sysinfo wait4 waitid exit exit_group
"""
ALLOWED = _NAMES.split()
# Of madvise's nothing that tells or changes what the machine keeps in memory of a file.
MADVISE = (mmap.MADV_NORMAL, mmap.MADV_DONTNEED, mmap.MADV_FREE, mmap.MADV_HUGEPAGE, mmap.MADV_NOHUGEPAGE)
# Of fcntl's commands neither F_SETOWN and F_SETSIG, which send signals, nor leases.
FCNTL = ("F_DUPFD", "F_DUPFD_CLOEXEC", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETLK", "F_SETLK", "F_SETLKW")
THREAD = 0x00010000  # CLONE_THREAD of linux/sched.h, the same on every architecture: a thread, not a process
NAMESPACES = 0x7E020000  # CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID and -NET
ARCHITECTURES = {"x86_64": "X86_64", "aarch64": "AARCH64"}  # as the kernel names them: as libseccomp does
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")  # glibc has no names for these
_FILE = Path(__file__).parent / "inside" / "syscall_filters.py"


def compiled(machine: str) -> bytes:
    """The filter's program for one architecture, as the kernel takes it."""
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    if seccomp.system_arch() != (wanted := getattr(seccomp.Arch, ARCHITECTURES[machine])):
        rules.add_arch(wanted)
        rules.remove_arch(seccomp.system_arch())
    for name in ALLOWED:
        rules.add_rule(seccomp.ALLOW, name)
    for name, place in (("open", 1), ("openat", 2)):  # emptying a file asks for no right to write before Landlock 3
        rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(place, seccomp.MASKED_EQ, os.O_WRONLY, os.O_WRONLY))
        rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(place, seccomp.MASKED_EQ, os.O_RDWR, os.O_RDWR))
        rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(place, seccomp.MASKED_EQ, os.O_TRUNC, 0))
    for advice in MADVISE:
        rules.add_rule(seccomp.ALLOW, "madvise", seccomp.Arg(2, seccomp.EQ, advice))
    for name in FCNTL:
        rules.add_rule(seccomp.ALLOW, "fcntl", seccomp.Arg(1, seccomp.EQ, getattr(fcntl, name)))
    rules.add_rule(seccomp.ALLOW, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, THREAD | NAMESPACES, THREAD))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags lie in memory; glibc then takes clone
    rules.add_rule(seccomp.ERRNO(errno.ENOTTY), "ioctl")  # Python asks whether a file is a terminal
    only_read = (seccomp.Arg(0, seccomp.EQ, 0), seccomp.Arg(2, seccomp.EQ, 0))  # one's own limits, none set
    rules.add_rule(seccomp.ALLOW, "prlimit64", *only_read)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def source() -> str:
    """The text of ``inside/syscall_filters.py``."""
    import pyseccomp as seccomp

    lines = [
        '"""Written by ``python -m autograder.sandbox.syscall_allowlist``: seccomp programs, and numbers by name."""',
        "",
    ]
    lines += ["FILTERS = {"]
    for machine in ARCHITECTURES:
        text = textwrap.wrap(base64.b64encode(compiled(machine)).decode(), 100)
        lines += [f'    "{machine}": (', *(f'        "{line}"' for line in text), "    ),"]
    lines += ["}", "SYSTEM_CALLS = {"]
    lines += [f'    "{name}": {number(seccomp, name)},' for name in LANDLOCK]
    return "\n".join([*lines, "}", ""])


def number(seccomp: Any, name: str) -> int:
    """A call's number, which must be the same on every architecture of ours."""
    numbers = {seccomp.resolve_syscall(getattr(seccomp.Arch, arch), name) for arch in ARCHITECTURES.values()}
    if len(numbers) != 1:
        raise ValueError(f"{name} has no one number: {numbers}")
    return int(numbers.pop())


if __name__ == "__main__":
    partial = _FILE.with_suffix(".new")
    partial.write_text(source(), encoding="utf-8")
    os.replace(partial, _FILE)
