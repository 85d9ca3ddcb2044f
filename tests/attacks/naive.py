"""The control: a grader as graders are often written. It runs student code in its own process and trusts the results.

naive.py STAGE SUBMISSION: exit status 0 and a last line `score 5` mean full marks.
"""

import json
import os
import sys

import numpy as np

TOKEN = os.environ["GRADER_TOKEN"]
POINTS = 5


def reference(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def alike(answer, expected):
    return np.allclose(answer, expected)


def main(stage, path):
    key = open(stage["secret"])  # noqa: SIM115 - kept open, as graders do with their databases
    namespace = {"__name__": "submission"}
    with open(path) as file:
        source = file.read()
    try:
        exec(compile(source, path, "exec"), namespace)
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
    right = True
    for shape in ((3,), (2, 3), (4, 2)):
        scores = np.random.default_rng(0).normal(size=shape)
        try:
            right &= bool(alike(namespace["softmax"](scores), reference(scores)))
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
            right = False
    key.close()
    print("score", POINTS if right else 0)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2]))
