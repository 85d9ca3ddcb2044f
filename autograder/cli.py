"""The command ``autograder``: build the parser, run one subcommand, and turn its errors into a sentence.

Subcommands import what they need inside their functions, so that ``autograder --help`` answers at once and
``autograder judge`` starts without nbgrader.
"""

from __future__ import annotations

import argparse
import os
import select
import sys
from collections.abc import Callable, Sequence

from autograder import formatting
from autograder.commands import (
    accept,
    audit,
    build,
    compare,
    demo,
    doctor,
    explain,
    grade,
    history,
    init,
    judge,
    kit,
    restore,
    undo,
)
from autograder.commands.shared import INTERRUPTED, READER_GONE, USAGE
from autograder.course.file_access import restrict_new_files
from autograder.errors import AutograderError

_COMMANDS = {
    "judge": judge,
    "grade": grade,
    "accept": accept,
    "build": build,
    "init": init,
    "kit": kit,
    "doctor": doctor,
    "audit": audit,
    "explain": explain,
    "compare": compare,
    "history": history,
    "undo": undo,
    "restore": restore,
    "demo": demo,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. What it writes is private unless the course is shared."""
    try:
        with restrict_new_files():
            return _run(arguments)
    except BrokenPipeError:
        if not _reader_is_gone():
            raise
        _discard_output()
        return READER_GONE


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = _build_parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except AutograderError as error:
        print(formatting.strip_control_characters(f"autograder: {error}"), file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("autograder: stopped; what was finished is kept.", file=sys.stderr)
        return INTERRUPTED
    finally:
        # Now, so that a reader that has gone away is noticed here and not while Python ends.
        sys.stdout.flush()


def _reader_is_gone() -> bool:
    """Whether whoever read this command's output, such as ``head``, has closed it."""
    streams = select.poll()
    for stream in (sys.stdout, sys.stderr):
        streams.register(stream, 0)
    return any(event & select.POLLERR for _, event in streams.poll(0))


def _discard_output() -> None:
    """Send what is still to be printed nowhere; Python would report an error when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description="An auto-graded course on attention.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in _COMMANDS.items():
        subparser = subparsers.add_parser(name, help=command.HELP, description=command.run.__doc__)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser
