"""The bedside page in a real browser over a real server: the whole way, without a script, on a phone, by keyboard."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FOUND = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
pytestmark = [pytest.mark.skipif(FOUND is None, reason="no Chromium or Chrome on this machine"), pytest.mark.slow]
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PASSPHRASE = "teach them all"


class Server:
    """``cartox train`` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "passphrase.txt").write_text(PASSPHRASE)
        self.start()

    def start(self, *more: str) -> None:
        """Start it on the same file, at a free port."""
        options = ["--port", "0", "--db", "train.db", "--no-open", "--passphrase-file", "passphrase.txt", *more]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "harness.cli", "train", *options],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.process.stdout.readline())
        assert found is not None
        self.address = found[0]

    def stop(self, how: int = signal.SIGINT) -> str:
        """Stop it; what it printed since."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=20)
        return rest


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=FOUND, args=QUIET)
        yield found
        found.close()


class Watched:
    """A page that fails where another host is asked, a script fails, or axe finds something serious."""

    def __init__(self, browser: Browser, server: Server, **options: object) -> None:
        self.page: Page = browser.new_page(**options)  # type: ignore[arg-type]
        self.wrong: list[str] = []
        self.page.on("request", lambda r: None if r.url.startswith((server.address, "data:")) else self.note(r.url))
        self.page.on("console", lambda m: self.note(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.note(str(error)))

    def note(self, what: str) -> None:
        self.wrong.append(what)

    def is_fine(self, axe: bool = True) -> None:
        """Nothing went wrong on this page so far, and it is accessible and fits."""
        assert self.wrong == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert "Not for treating patients" in self.page.locator("footer").inner_text()
        if axe:
            found = Axe().run(self.page).response["violations"]
            grave = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
            assert grave == []


def go(page: Page, button: Locator) -> None:
    """Press something that leads to another page, and wait for that."""
    with page.expect_navigation():
        button.click()


def begin(page: Page, server: Server, name: str = "Ann Lee") -> None:
    page.goto(server.address)
    page.get_by_label("Your name, or any that you like").fill(name)
    go(page, page.get_by_role("button", name="Begin"))


def answer(page: Page, grade: int) -> None:
    for fields in page.locator("fieldset:has(.grades)").all():
        fields.locator(".grades label").nth(grade).click()
    go(page, page.get_by_role("button", name="Store the answer"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_level_from_the_name_to_the_result(browser: Browser, server: Server, scheme: str) -> None:
    seen = Watched(browser, server, color_scheme=scheme)
    page = seen.page
    page.goto(server.address)
    seen.is_fine()
    begin(page, server)
    seen.is_fine()
    go(page, page.get_by_role("button", name="Begin The worst of several"))
    seen.is_fine()
    page.get_by_text("The same as a table").click()
    page.get_by_text("Laboratory values").click()
    seen.is_fine()
    page.get_by_label("tocilizumab").check()
    answer(page, 1)
    assert page.locator(".told article").count() >= 2
    seen.is_fine()
    go(page, page.get_by_role("link", name="Go on"))
    answer(page, 2)
    told = page.locator(".told").inner_text()
    page.go_back()
    answer(page, 3)  # an old form, or a page that was made anew and asks what comes next
    assert page.locator(".told").inner_text() != told or page.get_by_text("the first answer stands").is_visible()
    page.goto(server.address)
    assert page.get_by_role("button", name="Go on with The worst of several").is_visible()
    go(page, page.get_by_role("button", name="Go on with The worst of several"))
    go(page, page.get_by_role("button", name="Enough for now"))
    assert page.locator(".matrix").is_visible()
    seen.is_fine()
    page.close()


def test_an_exam_a_class_and_a_certificate(browser: Browser, server: Server) -> None:
    teacher = Watched(browser, server)
    teacher.page.goto(f"{server.address}instructor")
    teacher.is_fine()
    teacher.page.get_by_label("Passphrase").fill(PASSPHRASE)
    go(teacher.page, teacher.page.get_by_role("button", name="Enter"))
    teacher.is_fine()
    teacher.page.get_by_label("Patients of each level").fill("1")
    teacher.page.get_by_label("Minutes").fill("30")
    go(teacher.page, teacher.page.get_by_role("button", name="Make the exam"))
    code = teacher.page.locator(".code").inner_text()
    sat = []
    for name, grade in (("Ann", 1), ("Bo", 2)):
        page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
        begin(page, server, name)
        page.get_by_label("The code that your teacher gave you").fill(code.lower())
        go(page, page.get_by_role("button", name="Open the exam"))
        asked = 0
        while page.get_by_role("button", name="Store the answer").count():
            assert page.locator(".threshold").count() == 0 and page.locator(".told").count() == 0
            answer(page, grade)
            asked += 1
        assert asked >= 4 and page.get_by_text("as soon as your teacher closes the exam").is_visible()
        sat.append((name, page))
    go(teacher.page, teacher.page.get_by_role("link", name="All exams"))
    teacher.is_fine()
    go(teacher.page, teacher.page.get_by_role("link", name=code).first)
    teacher.page.get_by_text("Close the exam and show everybody the key").click()
    teacher.is_fine()
    go(teacher.page, teacher.page.get_by_role("button", name="Yes, close it"))
    for name, page in sat:
        page.reload()
        go(page, page.get_by_role("link", name="Certificate to print"))
        assert page.locator(".certificate h1").inner_text() == name
        page.emulate_media(media="print")
        assert not page.locator("header").is_visible() and page.get_by_text("Signature of the teacher").is_visible()
        assert not page.get_by_text("For instructors").is_visible()
        page.context.close()
    teacher.page.reload()
    assert teacher.page.get_by_role("link", name="Bo (2)").is_visible()
    assert "Krippendorff" in teacher.page.locator("main").inner_text()
    teacher.is_fine()
    with teacher.page.expect_download() as download:
        teacher.page.get_by_role("link", name="Answers as CSV").click()
    assert "Ann (1)" in Path(download.value.path()).read_text()
    teacher.page.close()


def test_without_a_script_and_on_a_phone(browser: Browser, server: Server) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = plain.new_page()
    begin(page, server)
    go(page, page.get_by_role("button", name="Begin What is not charted"))
    page.get_by_label("cannot be told, because this is missing").first.check()
    page.locator("select").first.select_option(index=1)
    for fields in page.locator("fieldset:has(.grades)").all()[1:]:
        fields.locator(".grades label").nth(0).click()
    go(page, page.get_by_role("button", name="Store the answer"))
    assert page.locator(".told article").count() >= 2
    plain.close()


def test_a_question_on_paper(browser: Browser, server: Server) -> None:
    page = browser.new_context(viewport={"width": 700, "height": 1000}, color_scheme="dark").new_page()
    begin(page, server)
    go(page, page.get_by_role("button", name="Begin Ventilated and sedated"))
    page.emulate_media(media="print")
    assert page.locator(".answer").is_visible() and page.locator(".cannot").first.is_visible()
    assert page.locator("td").first.is_visible() and page.locator("text=tocilizumab >> nth=-1").is_visible()
    assert not any(button.is_visible() for button in page.locator("button, .ask, header").all())
    wide = page.evaluate(
        "[...document.querySelectorAll('table, svg')].filter(e => e.getBoundingClientRect().right > 701)"
    )
    assert wide == []
    page.context.close()


def test_by_keyboard(browser: Browser, server: Server) -> None:
    seen = Watched(browser, server)
    page = seen.page
    begin(page, server)
    with page.expect_navigation():
        page.get_by_role("button", name="Begin Single findings").press("Enter")
    page.locator("summary", has_text="Not you?").press("Enter")
    assert page.get_by_role("button", name="Yes, forget the name").is_visible()
    seen.is_fine()
    page.locator("summary", has_text="Not you?").press("Enter")
    page.locator("input[name=crs]").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=crs]").nth(1).is_checked()
    if page.locator("input[name=icans]").count():
        page.locator("input[name=icans]").first.press("Space")
    with page.expect_navigation():
        page.get_by_role("button", name="Store the answer").press("Enter")
    with page.expect_navigation():
        page.get_by_role("link", name="Go on").press("Enter")
    assert page.get_by_role("button", name="Store the answer").is_visible()
    seen.is_fine()
    page.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_opens_again_where_it_was(browser: Browser, server: Server, how: int) -> None:
    page = browser.new_page()
    begin(page, server)
    go(page, page.get_by_role("button", name="Begin Single findings"))
    answer(page, 1)
    told = page.locator(".told").inner_text()
    place = page.url.rsplit("/", 1)[1]
    sitting = page.url.split("/s/")[1].split("/")[0]
    server.stop(how)
    server.start()
    cookies = [{**cookie, "url": server.address} for cookie in page.context.cookies()]
    page.goto(f"{server.address}s/{sitting}/{place}")
    assert cookies and page.locator(".told").inner_text() == told
    page.close()


def test_two_tabs_and_a_double_click(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    one, other = context.new_page(), context.new_page()
    begin(one, server)
    go(one, one.get_by_role("button", name="Begin Children under twelve"))
    other.goto(one.url)
    answer(one, 1)
    answer(other, 4)
    assert other.get_by_text("the first answer stands").is_visible()
    assert other.locator(".told").inner_text() == one.locator(".told").inner_text()
    go(one, one.get_by_role("link", name="Go on"))
    for fields in one.locator("fieldset:has(.grades)").all():
        fields.locator(".grades label").nth(0).click()
    one.get_by_role("button", name="Store the answer").dblclick()
    one.wait_for_selector(".told")
    one.goto(server.address)
    assert "That did not work" not in one.locator("main").inner_text()
    context.close()


def test_handing_in_is_asked_once_more(browser: Browser, server: Server) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{server.address}instructor")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    go(page, page.get_by_role("button", name="Enter"))
    page.get_by_label("Patients of each level").fill("1")
    go(page, page.get_by_role("button", name="Make the exam"))
    code = page.locator(".code").inner_text()
    begin(page, server)
    page.get_by_label("The code that your teacher gave you").fill(code)
    go(page, page.get_by_role("button", name="Open the exam"))
    assert not page.get_by_role("button", name="Yes, hand in").is_visible()
    page.locator("summary", has_text="Hand in the exam").press("Enter")
    assert page.get_by_text("unanswered questions count as wrong").is_visible()
    go(page, page.get_by_role("button", name="Yes, hand in"))
    assert page.url.endswith("/result")
    page.context.close()


def test_what_cannot_be_listened_at(server: Server, tmp_path: Path) -> None:
    def train(*options: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "harness.cli", "train", "--no-open", "--db", "other.db", *options]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=env, timeout=60, check=False)
        assert ended.stdout == "" and ended.stderr.count("\n") == 1
        return ended.returncode, ended.stderr

    port = server.address.rstrip("/").rsplit(":", 1)[1]
    assert "try another --port" in train("--port", port)[1]
    assert "give --passphrase-file FILE" in train("--host", "0.0.0.0")[1]
    (tmp_path / "short.txt").write_text("abc")
    assert "has 3 signs; write 8 to 1000" in train("--passphrase-file", "short.txt")[1]
    assert "missing.txt" in train("--passphrase-file", "missing.txt")[1]
    (tmp_path / "other.db").write_text("no database " * 100)
    assert "give another file by --db" in train()[1]
