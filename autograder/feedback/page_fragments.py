"""nbconvert's last step, parsing a whole page and writing it anew, done piece by piece: most pieces come again.

Beautiful Soup reads from left to right. What it makes of a piece depends on nothing before it but the tags that are
still open; so a piece that begins and ends beside a tag gives the same text, wherever it stands below the same tags.
"""

from __future__ import annotations

import html
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
_ENDS = "-->]]>"  # what a later piece may hold: here it ends a comment that would swallow the mark
_ENDS_AGAIN = re.compile(
    rf"</(?:{'|'.join(sorted(HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or ()))})\b", re.IGNORECASE
)
_KEEPS_SPACES = HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS | set(HTMLTreeBuilder.DEFAULT_STRING_CONTAINERS)
# Tags without rules of their own, with attributes of which only class is a list; one that is empty is left out.
_ORDINARY = (
    "a|b|blockquote|body|code|details|div|em|h[1-6]|i|li|main|ol|p|span|strong|summary|table|tbody|td|th|thead|tr|ul|"
    "math|mfrac|mi|mn|mo|mrow|msqrt|msub|msubsup|msup|mtable|mtd|mtext|mtr"
)
_NAMES = "class|display|fence|form|href|id|name|stretchy|style|tabindex"
_VALUE = '"[^"&<>]+"|\'[^\'"&<>]+\''
_TOKEN = re.compile(
    rf"<(?P<start>pre(?=>)|{_ORDINARY})(?P<attributes>(?:[ \n]+(?:{_NAMES})=(?:{_VALUE}))*)[ \n]*>"
    rf"|</(?P<end>pre|{_ORDINARY})>"
    r"|(?P<empty><[bh]r ?/?>)"
    r"|(?:[^<&]+|&(?:lt|gt|amp|quot|nbsp|\#39|\#182);)+"
)
_ATTRIBUTE = re.compile(f"([a-z]+)=({_VALUE})")
_NO_ALT = "No description has been provided for this image"

Fragment = TypeVar("Fragment", str, tuple[str, str])


class FragmentCache:
    """What was made before, by what it was made of. When it holds too many characters it begins anew."""

    def __init__(self, characters: int = 20_000_000) -> None:
        self._room = self._characters = characters
        self._made: dict[tuple[str, ...], Any] = {}

    def recall(self, made_of: tuple[str, ...], make: Callable[[], Fragment]) -> Fragment:
        """What ``make`` gave for the same texts, or gives now."""
        if made_of not in self._made:
            made = make()
            size = sum(map(len, made_of)) + sum(map(len, made if isinstance(made, tuple) else [str(made)]))
            if size > self._room:
                self._made.clear()
                self._room = self._characters
            self._room -= size
            self._made[made_of] = made
        found: Fragment = self._made[made_of]
        return found


def finish_page(page: str, memory: FragmentCache) -> str:
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
    return _described(BeautifulSoup("".join(pieces).lstrip("\r\n"), "html.parser"))


def _piece(opened: str, core: str) -> tuple[str, str]:
    """A piece below these open tags as Beautiful Soup writes it, and the tags that are open after it."""
    return _ordinary(opened, core) or _any(opened, core)


def _ordinary(opened: str, core: str) -> tuple[str, str] | None:
    """The same for ordinary tags in good order, ten times faster; None where there is anything else."""
    if "jp-" in core or not core.startswith("<"):
        return None
    made, stack, end = [], list[tuple[str, str]](), 0
    for found in _TOKEN.finditer(core):
        if found.start() != end:
            return None
        end = found.end()
        if found["start"]:
            attributes = _ATTRIBUTE.findall(found["attributes"])
            if len(dict(attributes)) < len(attributes):
                return None
            made.append(f"<{found['start']}{''.join(_attribute(*one) for one in sorted(attributes))}>")
            stack.append((found["start"], made[-1]))
        elif found["end"]:
            if not stack or stack.pop()[0] != found["end"]:
                return None
            made.append(found[0])
        elif found["empty"]:
            made.append(f"<{found[0][1:3]}/>")
        else:
            text = html.escape(html.unescape(found[0]), quote=False)
            kept = text.strip(_SPACES) or ("pre", "<pre>") in stack
            made.append(text if kept else _space(text))
    if end < len(core) or not made[-1].startswith("<") or ("pre", "<pre>") in stack:
        return None
    return "".join(made), opened + "".join(tag for _, tag in stack)


def _attribute(name: str, value: str) -> str:
    text = value[1:-1]
    return f' {name}="{" ".join(text.split()) if name == "class" else text}"'


def _any(opened: str, core: str) -> tuple[str, str]:
    """The same by Beautiful Soup itself, for anything.

    No text where the piece cannot be told from its neighbours: its outer end is text or something unfinished, or spaces
    count there, or it ends a tag that never has an end.
    """
    soup = BeautifulSoup(f"{opened}{_MARK}{core}{_MARK}{_ENDS}", "html.parser")
    marks = soup.find_all(f"x-{CUT}")
    if len(marks) != 2 or _ENDS_AGAIN.search(core):
        return "", ""
    first, last = marks
    outer = [tag for tag in last.parents if tag is not soup]
    if NavigableString in (type(first.next_sibling), type(last.previous_sibling)):
        return "", ""
    if any(tag.name in _KEEPS_SPACES for tag in outer):
        return "", ""
    return _described(soup).split(_MARK)[1], "".join(_start(soup, tag) for tag in reversed(outer))


def _start(soup: BeautifulSoup, tag: Tag) -> str:
    alone = soup.new_tag(tag.name)
    alone.attrs = tag.attrs
    return str(alone).removesuffix(f"</{tag.name}>")


def _space(text: str) -> str:
    """Spaces between two tags as Beautiful Soup keeps them."""
    return "\n" if "\n" in text else " " if text else ""


def _described(soup: BeautifulSoup) -> str:
    """The text, with what HTMLExporter adds: words for pictures without any, and stops for the tab key."""
    for image in soup.select("img:not([alt])"):
        image.attrs["alt"] = _NO_ALT
    for place in soup.select(".jp-Notebook div.jp-Cell-inputWrapper, .jp-Notebook div.jp-OutputArea-output"):
        place.attrs["tabindex"] = "0"
    return str(soup)
