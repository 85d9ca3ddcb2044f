"""nbconvert's last step, parsing a whole page and writing it anew, done piece by piece: most pieces come again.

Beautiful Soup reads from left to right. What it makes of a piece depends on nothing before it but the tags that are
still open; so a piece that begins and ends beside a tag gives the same text, wherever it stands below the same tags.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from bs4.element import NavigableString, Tag

CUT = secrets.token_hex(16)  # between two pieces; nobody who writes a notebook can know it
_SPACES = " \n\t\f\r"
_MARK = f"<x-{CUT}></x-{CUT}>"
_ENDS_AGAIN = re.compile(
    rf"</(?:{'|'.join(sorted(HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or ()))})\b", re.IGNORECASE
)
_KEEPS_SPACES = HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS | set(HTMLTreeBuilder.DEFAULT_STRING_CONTAINERS)
_NO_ALT = "No description has been provided for this image"

Made = TypeVar("Made", str, tuple[str, str])


class Memory:
    """What was made before, by what it was made of. When it holds too many characters it begins anew."""

    def __init__(self, characters: int = 50_000_000) -> None:
        self._room = self._characters = characters
        self._made: dict[tuple[str, ...], Any] = {}

    def recall(self, made_of: tuple[str, ...], make: Callable[[], Made]) -> Made:
        """What ``make`` gave for the same texts, or gives now."""
        if made_of not in self._made:
            made = make()
            size = sum(map(len, made_of)) + sum(map(len, made if isinstance(made, tuple) else [str(made)]))
            if size > self._room:
                self._made.clear()
                self._room = self._characters
            self._room -= size
            self._made[made_of] = made
        found: Made = self._made[made_of]
        return found


def finish(page: str, memory: Memory) -> str:
    """A page that was cut into pieces, as nbconvert's HTMLExporter leaves it when it was not."""
    pieces = page.split(CUT)
    if len(pieces) > 1 and pieces[0]:
        made, opened, spaces = [], "", ""
        for piece in pieces:
            core = piece.strip(_SPACES)
            if not core:
                spaces += piece
                continue
            before, after = piece.split(core, 1) if core != piece else ("", "")
            text, opened = memory.recall(("piece", opened, core), partial(_piece, opened, core))
            if not text:
                break
            made += [_space(spaces + before), text]
            spaces = after
        else:
            if not opened:
                return "".join([*made, _space(spaces)])
    return str(_described(BeautifulSoup("".join(pieces).lstrip("\r\n"), "html.parser")))


def _piece(opened: str, core: str) -> tuple[str, str]:
    """A piece below these open tags as Beautiful Soup writes it, and the tags that are open after it.

    No text where the piece cannot be told from its neighbours: its outer end is text or something unfinished, or spaces
    count there, or it ends a tag that never has an end.
    """
    soup = _described(BeautifulSoup(f"{opened}{_MARK}{core}{_MARK}", "html.parser"))
    marks = soup.find_all(f"x-{CUT}")
    if len(marks) != 2 or _ENDS_AGAIN.search(core):
        return "", ""
    first, last = marks
    outer = [tag for tag in last.parents if tag is not soup]
    if NavigableString in (type(first.next_sibling), type(last.previous_sibling)):
        return "", ""
    if any(tag.name in _KEEPS_SPACES for tag in outer):
        return "", ""
    return str(soup).split(_MARK)[1], "".join(_start(soup, tag) for tag in reversed(outer))


def _start(soup: BeautifulSoup, tag: Tag) -> str:
    alone = soup.new_tag(tag.name)
    alone.attrs = tag.attrs
    return str(alone).removesuffix(f"</{tag.name}>")


def _space(text: str) -> str:
    """Spaces between two tags as Beautiful Soup keeps them."""
    return "\n" if "\n" in text else " " if text else ""


def _described(soup: BeautifulSoup) -> BeautifulSoup:
    """What HTMLExporter adds: a text for pictures without one, and in JupyterLab's template stops for the tab key."""
    for image in soup.select("img:not([alt])"):
        image.attrs["alt"] = _NO_ALT
    for place in soup.select(".jp-Notebook div.jp-Cell-inputWrapper, .jp-Notebook div.jp-OutputArea-output"):
        place.attrs["tabindex"] = "0"
    return soup
