"""Run in the peers' own environment: grade files with one of them, one after the other, and print the seconds of each.

    python peer.py otter|gradescope FILE ...

The three criteria ask for what our hidden tests of softmax ask for: rows, any axis, no overflow, arguments left alone.
"""

import importlib.util
import io
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

CHECKS = """
import numpy as np

def right(scores, axis):
    scores = np.asarray(scores, dtype=float)
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)

def agrees(softmax, scores, **axis):
    before = scores.copy()
    result = softmax(scores, **axis)
    assert type(result) is np.ndarray
    assert np.allclose(result, right(before, axis.get("axis", -1)), rtol=1e-9, atol=1e-12)
    assert np.array_equal(scores, before)

def rows(softmax):
    draw = np.random.default_rng(7)
    for shape in ((4,), (3, 5), (1, 6), (2, 3, 4), (2, 3, 4, 5)):
        agrees(softmax, draw.normal(size=shape))
    agrees(softmax, draw.integers(-3, 4, size=(3, 4)))

def any_axis(softmax):
    draw = np.random.default_rng(8)
    for axis in (0, 1, 2, -1, -2, -3):
        agrees(softmax, draw.normal(size=(2, 3, 4)), axis=axis)

def no_overflow(softmax):
    draw = np.random.default_rng(9)
    for scale in (1e3, 1e5):
        agrees(softmax, scale * draw.normal(size=(3, 4)))
    agrees(softmax, np.array([[1000.0, 999.0], [-1e5, -1e5 - 1]]))
"""
NAMES = ("rows", "any_axis", "no_overflow")


def otter(folder):
    """Otter's way without containers: ``otter.api.grade_submission``."""
    from otter.api import grade_submission

    tests = [f"@test_case(points=1)\ndef test_{name}(softmax):\n    {name}(softmax)\n" for name in NAMES]
    (folder / "tests").mkdir()
    head = "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'softmax'\npoints = 3\n"
    (folder / "tests" / "softmax.py").write_text(head + CHECKS + "\n" + "\n".join(tests))
    words = [sys.executable, "-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return lambda path: grade_submission(str(path), str(folder / "autograder.zip"), quiet=True).total


def gradescope(_folder):
    """gradescope-utils' way: a unittest that imports the submission, and a runner that writes results.json."""
    from gradescope_utils.autograder_utils.decorators import weight
    from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

    checks = {}
    exec(CHECKS, checks)

    def grade(path):
        spec = importlib.util.spec_from_file_location("submission", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        tests = {f"test_{name}": weight(1)(lambda self, check=checks[name]: check(module.softmax)) for name in NAMES}
        case = type("Softmax", (unittest.TestCase,), tests)
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
        return JSONTestRunner(stream=io.StringIO(), visibility="visible").run(suite)

    return grade


def main():
    """Grade, and print the seconds that each submission took."""
    name, *files = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        grade = {"otter": otter, "gradescope": gradescope}[name](Path(folder))
        for file in files:
            start = time.perf_counter()
            grade(Path(file))
            print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
