"""Parts of pages that are remembered: most of a class's pages is the same lesson."""

from __future__ import annotations

from collections.abc import Callable

Fragment = str  # HTML that can stand anywhere in a page's body


class FragmentCache:
    """HTML by what it was built from. Forgets everything when it holds too many characters."""

    def __init__(self, max_characters: int = 20_000_000) -> None:
        self._max_characters = max_characters
        self._characters = 0
        self._fragments: dict[tuple[str, ...], Fragment] = {}

    def get_or_build(self, key: tuple[str, ...], build: Callable[[], Fragment]) -> Fragment:
        """Return what ``build`` returned for this key before, or call it.

        The key must hold all that the result depends on.
        """
        fragment = self._fragments.get(key)
        if fragment is None:
            fragment = build()
            size = sum(map(len, key)) + len(fragment)
            if self._characters + size > self._max_characters:
                self._fragments.clear()
                self._characters = 0
            self._fragments[key] = fragment
            self._characters += size
        return fragment
