"""The command line as tests use it: run a command in this process, and see what it printed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from autograder import cli

RIGHT_SOFTMAX = """
import numpy as np
def softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
"""
SOFTMAX_WITHOUT_SHIFT = RIGHT_SOFTMAX.replace("scores - scores.max(axis=axis, keepdims=True)", "scores")


@dataclass(frozen=True)
class CommandLine:
    """Runs commands in the current directory."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Run a command; return its exit status, what it printed, and what it printed to stderr."""
        try:
            status = cli.main(words)
        except SystemExit as exit_by_argparse:
            status = int(str(exit_by_argparse.code))
        printed = self.capture.readouterr()
        assert "Traceback" not in printed.err
        return status, printed.out, printed.err
