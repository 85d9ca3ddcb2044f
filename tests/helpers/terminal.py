"""A fake terminal whose screen tests can read."""

from __future__ import annotations

import io

from rich.console import Console

HOSTILE_TEXT = "[red]x[/red] \x1b[2J\x1b]0;title\x07 {0} %s"  # what a terminal, rich or a format would obey


def terminal() -> tuple[Console, io.StringIO]:
    """Return a console that takes itself for a terminal, and what was printed on it."""
    file = io.StringIO()
    return Console(file=file, force_terminal=True, width=120, color_system="truecolor", legacy_windows=False), file
