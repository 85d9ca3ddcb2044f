"""Tries: to run a command.
Won if: trace: there is a file in the drop.
Naive grader: beaten.
"""

import os
import subprocess

os.system(f"touch {stage.drop}/loot")
try:
    subprocess.run(["touch", f"{stage.drop}/loot2"])
except OSError:
    pass

def softmax(scores, axis=-1):
    return scores
