"""``autograder demo``: grade a made-up class."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.commands.shared import OK

HELP = "grade a made-up class"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--folder", type=Path, default=Path(".demo"), metavar="DIR", help="where to make it (default: .demo)"
    )


def run(options: argparse.Namespace) -> int:
    """Grade a class of 30 made-up students, in a separate folder."""
    from rich.console import Console

    from autograder.demo.run import run_demo

    run_demo(options.folder, Console())
    return OK
