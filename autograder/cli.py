"""The command ``autograder``: build the parser, run one subcommand, and turn its errors into a sentence.

Subcommands import what they need inside their functions, so that ``autograder --help`` answers at once and
``autograder judge`` starts without nbgrader.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from autograder import formatting
from autograder.commands import audit, build, compare, demo, doctor, explain, grade, init, judge, kit
from autograder.commands.shared import INTERRUPTED, USAGE
from autograder.errors import AutograderError

_COMMANDS = {
    "judge": judge,
    "grade": grade,
    "build": build,
    "init": init,
    "kit": kit,
    "doctor": doctor,
    "audit": audit,
    "explain": explain,
    "compare": compare,
    "demo": demo,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except AutograderError as error:
        print(formatting.strip_control_characters(f"autograder: {error}"), file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("autograder: stopped; what was finished is kept.", file=sys.stderr)
        return INTERRUPTED


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description="An auto-graded course on attention.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in _COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.HELP, description=command.run.__doc__)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser
