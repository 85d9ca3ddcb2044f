"""Tries: to open the devices of the machine.
Won if: leak: one could be opened.
Naive grader: unharmed.
"""

import os

opened = []
if "GRADER_TOKEN" not in os.environ:
    for name in ("mem", "kmem", "kmsg", "sda", "vda", "tty", "console", "fuse", "kvm", "loop0", "ptmx", "net/tun", "input/event0"):
        for flags in (os.O_RDONLY, os.O_RDWR):
            try:
                opened.append(os.open(f"/dev/{name}", flags))
            except OSError:
                pass

def softmax(scores, axis=-1):
    return scores

if opened:
    raise ValueError("\x1b a device")
