"""Otter-Grader and gradescope-utils on the same answers to softmax, each in an environment made for this run."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from bench.classes import ANSWERS, CAST, ENVIRONMENT
from bench.measure import run

PACKAGES = {"otter": ["otter-grader", "ipykernel", "numpy"], "gradescope": ["gradescope-utils", "numpy"]}
PEER_DESCRIPTIONS = """\
autograder judge   a process for each submission, confined by the kernel; hidden inputs, comparison and reference
                   stay outside it; names the mistake. No gradebook.
otter              a Jupyter kernel for each submission; the tests run in it, so student code can read and change them.
                   Without containers, as here, it isolates nothing. results.json.
gradescope-utils   imports the submission into the process that tests it: no isolation, and no time limit.
                   Gradescope gives each submission a container and a process, whose start is the figure "alone"."""


def measure_peers(folder: Path, many: int) -> dict[str, dict[str, float]]:
    """Return the milliseconds for a further submission and for one alone, of each grader that can be installed."""
    files = [_answer(folder / f"answer_{number}.py", number) for number in range(many)]
    figures = {}
    judge = ["autograder", "judge", "--exercise", "softmax"]
    alone, together = (run([*judge, *map(str, paths)], folder).seconds for paths in (files[:1], files))
    further = (together - alone) / (many - 1)
    figures["autograder judge"] = {"ms a further submission": further * 1e3, "ms alone": alone * 1e3}
    for name, packages in PACKAGES.items():
        python = folder / name / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            continue
        words = [str(python), str(Path(__file__).with_name("peer.py")), name]
        alone = run([*words, str(files[0])], folder).seconds
        environment = {key: value for key, value in ENVIRONMENT.items() if key != "PYTHONPATH"}
        command = [*words, *map(str, files)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        further = statistics.mean(float(line) for line in done.stdout.splitlines()[1:])
        figures[name] = {"ms a further submission": further * 1e3, "ms alone": alone * 1e3}
    return figures


def _answer(path: Path, number: int) -> Path:
    text = (ANSWERS / f"{CAST[number % len(CAST)]}.py").read_text(encoding="utf-8")
    path.write_text(f"# submitted by s{number:05}\nimport numpy as np\n\n{text}", encoding="utf-8")
    return path
