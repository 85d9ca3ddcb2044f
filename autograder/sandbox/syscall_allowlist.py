"""The system calls that student code may make, by name. After a change: python -m autograder.sandbox.syscall_allowlist

That compiles them into ``inside/syscall_filters.py``, which is committed, so that grading needs neither libseccomp nor
its Python binding; a test compares the two. A call that is not listed fails with EPERM: no exec, no fork, no socket, no
signal to another process, no mount, no namespace, no tracing, no change of modes, owners or times.
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
# Of madvise's advice, none that tells or changes which parts of a file the machine keeps in memory.
MADVISE = (mmap.MADV_NORMAL, mmap.MADV_DONTNEED, mmap.MADV_FREE, mmap.MADV_HUGEPAGE, mmap.MADV_NOHUGEPAGE)
# Of fcntl's commands neither F_SETOWN and F_SETSIG, which send signals, nor leases.
FCNTL = ("F_DUPFD", "F_DUPFD_CLOEXEC", "F_GETFD", "F_SETFD", "F_GETFL", "F_SETFL", "F_GETLK", "F_SETLK", "F_SETLKW")
# Flags of clone, linux/sched.h, the same on every architecture: CLONE_THREAD; CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER,
# -PID and -NET.
THREAD = 0x00010000
NAMESPACES = 0x7E020000
ARCHITECTURES = {"x86_64": "X86_64", "aarch64": "AARCH64"}  # the kernel's name -> libseccomp's
# The system calls of Landlock, for which glibc has no functions.
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
_FILE = Path(__file__).parent / "inside" / "syscall_filters.py"
_DOCSTRING = (
    "Compiled seccomp filters and system call numbers, written by `python -m autograder.sandbox.syscall_allowlist`."
)


def compile_filter(machine: str) -> bytes:
    """Return the filter for one architecture, as a program that the kernel accepts."""
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    architecture = getattr(seccomp.Arch, ARCHITECTURES[machine])
    if seccomp.system_arch() != architecture:
        rules.add_arch(architecture)
        rules.remove_arch(seccomp.system_arch())
    for name in ALLOWED:
        rules.add_rule(seccomp.ALLOW, name)
    # O_TRUNC only together with writing: before version 3, Landlock lets a process empty a file that it may only read.
    for name, place in (("open", 1), ("openat", 2)):
        rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(place, seccomp.MASKED_EQ, os.O_WRONLY, os.O_WRONLY))
        rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(place, seccomp.MASKED_EQ, os.O_RDWR, os.O_RDWR))
        rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(place, seccomp.MASKED_EQ, os.O_TRUNC, 0))
    for advice in MADVISE:
        rules.add_rule(seccomp.ALLOW, "madvise", seccomp.Arg(2, seccomp.EQ, advice))
    for name in FCNTL:
        rules.add_rule(seccomp.ALLOW, "fcntl", seccomp.Arg(1, seccomp.EQ, getattr(fcntl, name)))
    rules.add_rule(seccomp.ALLOW, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, THREAD | NAMESPACES, THREAD))
    # A filter cannot see the flags of clone3, which lie in memory. After ENOSYS, glibc falls back on clone.
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    # Python asks with it whether a file is a terminal.
    rules.add_rule(seccomp.ERRNO(errno.ENOTTY), "ioctl")
    # Of this process, and without a new limit.
    rules.add_rule(seccomp.ALLOW, "prlimit64", seccomp.Arg(0, seccomp.EQ, 0), seccomp.Arg(2, seccomp.EQ, 0))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def render_filters() -> str:
    """Return the text of ``inside/syscall_filters.py``."""
    lines = [f'"""{_DOCSTRING}"""', "", "FILTERS = {"]
    for machine in ARCHITECTURES:
        encoded = textwrap.wrap(base64.b64encode(compile_filter(machine)).decode(), 100)
        lines += [f'    "{machine}": (', *(f'        "{line}"' for line in encoded), "    ),"]
    lines += ["}", "SYSTEM_CALLS = {"]
    lines += [f'    "{name}": {system_call_number(name)},' for name in LANDLOCK]
    return "\n".join([*lines, "}", ""])


def system_call_number(name: str) -> int:
    """Return a system call's number; raise `ValueError` if it is not the same on all ARCHITECTURES."""
    import pyseccomp as seccomp

    numbers = {seccomp.resolve_syscall(getattr(seccomp.Arch, arch), name) for arch in ARCHITECTURES.values()}
    if len(numbers) != 1:
        raise ValueError(f"{name} has different numbers on different architectures: {numbers}")
    return int(numbers.pop())


if __name__ == "__main__":
    partial = _FILE.with_suffix(".new")
    partial.write_text(render_filters(), encoding="utf-8")
    os.replace(partial, _FILE)
