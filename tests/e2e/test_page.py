"""The report in a real browser: whole by itself, readable wide and narrow."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from cartox_core import load
from harness.cohort.page import html_report
from harness.cohort.run import Plan, run
from harness.scenarios.loader import load_scenario

FOUND = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
pytestmark = pytest.mark.skipif(FOUND is None, reason="no Chromium or Chrome on this machine")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outcome = run(Plan(load_scenario("zuma-1"), 150, 1, "astct-2019"))
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html_report(outcome, load("astct-2019")), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=FOUND, args=QUIET)
        yield found
        found.close()


@pytest.mark.parametrize("width", [1280, 420])
def test_the_page_stands_by_itself_and_fits(browser: Browser, page_file: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    assert errors == []
    assert page.locator(".verdict").is_visible()
    assert "Not for treating patients" in page.locator(".note").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    figures = page.locator("figure svg")
    assert figures.count() >= 1 + 2 + 5
    for box in (figures.nth(i).bounding_box() for i in range(figures.count())):
        assert box is not None
        assert box["width"] > 100
        assert box["height"] > 40
    page.close()
