from __future__ import annotations

import pytest

from autograder.feedback.page_fragments import FragmentCache


def test_a_fragment_that_comes_again_is_not_built_again() -> None:
    cache = FragmentCache()
    assert cache.get_or_build(("markdown", "*a*"), lambda: "<em>a</em>") == "<em>a</em>"
    assert cache.get_or_build(("markdown", "*a*"), lambda: pytest.fail("built again")) == "<em>a</em>"


def test_a_fragment_with_another_key_is_built() -> None:
    cache = FragmentCache()
    cache.get_or_build(("markdown", "a"), lambda: "text")
    assert cache.get_or_build(("code", "a"), lambda: "code") == "code"


def test_the_cache_never_holds_more_characters_than_its_limit() -> None:
    cache = FragmentCache(max_characters=1000)
    for number in range(1000):
        text = f"{number:0100}"
        assert cache.get_or_build((text,), lambda text=text: text) == text
        assert sum(len(part) for key, html in cache._fragments.items() for part in (*key, html)) <= 1000
