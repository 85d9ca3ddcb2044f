"""One browser for each module of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.feedback_pages import CASES
from tests.helpers.chromium import CHROMIUM


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page of each case."""
    folder = tmp_path_factory.mktemp("pages")
    for name, build in CASES.items():
        (folder / f"{name}.html").write_text(build(), encoding="utf-8")
    return folder


@pytest.fixture
def open_page(browser: Any, folder: Path) -> Iterator[Callable[..., Any]]:
    """Opens the page of a case in a new tab, with playwright's options for it; all are closed at the end."""
    opened = []

    def open_page(case: str, **options: Any) -> Any:
        page = browser.new_page(**options)
        opened.append(page)
        page.goto((folder / f"{case}.html").as_uri())
        return page

    yield open_page
    for page in opened:
        page.context.close()
