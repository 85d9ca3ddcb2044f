"""What concerns all tests."""

from __future__ import annotations

import pytest

LONGEST = ("test_nbgrader_own", "test_nbgrader_chain", "test_attacks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, then with the slow ones, so that no worker is left alone with them at the end."""
    first = {name: place for place, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (first.get(item.path.stem, len(LONGEST)), item.get_closest_marker("slow") is None),
    )
