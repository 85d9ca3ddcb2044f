"""Tries: to become root, or to get capabilities back.
Won if: leak: a call succeeded.
Naive grader: not run: it would harm the machine.
"""

import ctypes
import os

libc = ctypes.CDLL(None)
done = [libc.setuid(0) == 0, libc.setreuid(0, 0) == 0, libc.setgid(0) == 0, libc.setresuid(0, 0, 0) == 0]
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
done.append(libc.capset(header, (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)) == 0)
done.append(libc.prctl(22, 0, 0, 0, 0) == 0)
done.append(libc.prctl(8, 1, 0, 0, 0) == 0)

def softmax(scores, axis=-1):
    return scores

if any(done):
    raise ValueError(f"\x1b {done}")
