"""Tries: to write where others read.
Won if: trace: there is a file in the drop.
Naive grader: beaten.
"""

import os

for way in (
    lambda: open(f"{stage.drop}/loot", "w").close(),
    lambda: os.mkdir(f"{stage.drop}/loot-folder"),
    lambda: os.mkfifo(f"{stage.drop}/loot-pipe"),
    lambda: os.mknod(f"{stage.drop}/loot-node"),
    lambda: os.rename(stage.gradebook, f"{stage.drop}/loot-db"),
    lambda: os.unlink(stage.secret),
):
    try:
        way()
    except OSError:
        pass

def softmax(scores, axis=-1):
    return scores
