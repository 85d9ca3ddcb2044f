"""The student's page, as a browser shows it: accessible, narrow, printed, by keyboard, inside JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.feedback_pages import CASES
from tests.helpers.chromium import CHROMIUM

PHONE = {"width": 390, "height": 844}
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"
# What JupyterLab's viewer does to a file before it shows it in a frame (@jupyterlab/htmlviewer, _setupDocument); some
# versions write another target than `_blank`.
SHOW_AS_JUPYTERLAB = """async html => {
    const page = new DOMParser().parseFromString(html, 'text/html');
    let base = page.querySelector('base');
    if (!base) {
        base = page.createElement('base');
        page.head.insertBefore(base, page.head.firstChild);
    }
    base.href = 'http://localhost:8888/files/feedback/';
    base.target = '_blank';
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-same-origin';
    frame.style = 'width: 900px; height: 600px';
    const loaded = new Promise(resolve => { frame.onload = resolve });
    frame.src = URL.createObjectURL(new Blob([page.documentElement.innerHTML], {type: 'text/html'}));
    document.body.append(frame);
    await loaded;
}"""
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
if CHROMIUM is None:
    pytest.skip("chromium is not installed", allow_module_level=True)
pytestmark = pytest.mark.slow
OpenPage = Callable[..., Any]


def opened(page: Any) -> Any:
    page.evaluate(OPEN_ALL)
    return page


@pytest.mark.parametrize("case", CASES)
def test_axe_core_finds_nothing_with_all_folds_open(open_page: OpenPage, case: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(open_page(case))
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response
        assert [(found["id"], [node["html"] for node in found["nodes"]]) for found in results["violations"]] == []
        assert results["passes"]


def test_the_page_is_dark_in_the_dark(open_page: OpenPage) -> None:
    backgrounds = {
        scheme: open_page("full_marks", color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert backgrounds == {"light": "rgb(246, 247, 249)", "dark": "rgb(20, 24, 30)"}


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_wider_than_a_phone(open_page: OpenPage, case: str) -> None:
    page = opened(open_page(case, viewport=PHONE))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert (
        page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
            " && !e.closest('pre, .scroll')).map(e => e.outerHTML.slice(0, 200))"
        )
        == []
    )


@pytest.mark.parametrize("case", CASES)
def test_the_results_print_on_one_page(open_page: OpenPage, case: str) -> None:
    pdf = opened(open_page(case)).pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


@pytest.mark.parametrize("case", CASES)
def test_the_page_asks_nobody_for_anything(browser: Any, folder: Path, case: str) -> None:
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    address = (folder / f"{case}.html").as_uri()
    page.goto(address)
    opened(page)
    page.wait_for_load_state("networkidle")
    page.context.close()
    assert [url for url in requests if not url.startswith("data:")] == [address]


@pytest.mark.parametrize("case", ["wrong_with_hint", "written_answers"])
def test_a_keyboard_opens_every_fold_and_reaches_every_box(open_page: OpenPage, case: str) -> None:
    page = open_page(case, viewport=PHONE)
    page.evaluate("document.querySelectorAll('body *').forEach((e, i) => { e.dataset.number = i })")
    reached: set[str] = set()
    while True:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('details:not([open]) > summary')"):
            page.keyboard.press("Enter")
        number = page.evaluate("document.activeElement.dataset.number ?? ''")
        if not number or number in reached:
            break
        reached.add(number)
    assert page.locator("details:not([open])").count() == 0
    wanted = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(e => {
            const style = getComputedStyle(e);
            const scrolls = e.scrollWidth > e.clientWidth && ['auto', 'scroll'].includes(style.overflowX)
                || e.scrollHeight > e.clientHeight && ['auto', 'scroll'].includes(style.overflowY);
            return scrolls || e.matches('summary, a[href]');
        }).map(e => e.dataset.number)"""
    )
    assert len(wanted) > 5
    assert set(wanted) <= reached


def test_links_stay_on_the_page_that_jupyterlab_shows(browser: Any, folder: Path) -> None:
    html = (folder / "wrong_with_hint.html").read_text(encoding="utf-8")
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(SHOW_AS_JUPYTERLAB, html)
    frame = page.frames[-1]
    assert frame.evaluate("document.querySelector('base').target") == "_blank"
    for link in ("Where in your code", "In the notebook", "Back to the top"):
        before = frame.evaluate("scrollY")
        frame.locator("a", has_text=link).first.click()
        frame.wait_for_function("before => location.hash && scrollY !== before", arg=before)
    assert len(page.context.pages) == 1
    page.context.close()
