"""The result of one of doctor's checks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of one check: whether all is well, what was checked, and what to do about it."""

    ok: bool
    text: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{'ok' if self.ok else 'problem':9}{self.text}"
        return f"{line}\n{'':9}{self.advice}" if self.advice else line
