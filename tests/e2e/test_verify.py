"""``cartox verify`` as its users start it: real graders behind real doors, interrupted, and its page in a browser."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from cartox_core import load
from harness.cli.wire import Grader
from harness.verify.page import html_report
from tests.e2e.test_page import FOUND, QUIET
from tests.harness.verify.verdicts import verdict_on_animal

ROOT = Path(__file__).parents[2]
CARTOX = [sys.executable, "-m", "harness.cli"]
GRADER = f"cmd:{sys.executable} -m harness.cli grader"
pytestmark = pytest.mark.slow
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js on this machine")
needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="no R on this machine")


def verify(*arguments: str) -> tuple[int, dict[str, Any]]:
    command = [*CARTOX, "verify", *arguments, "--json", "-"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert "Traceback" not in ended.stderr
    return ended.returncode, json.loads(ended.stdout) if ended.stdout else {"error": ended.stderr}


@pytest.mark.slow
def test_the_core_over_the_wire_is_conformant() -> None:
    code, found = verify(GRADER, "--effect", "1000")
    assert (code, found["verdict"], found["failures"]) == (0, "conformant", []), found
    assert found["suite"]["cases"] > 5000
    assert found["coverage"]["clauses"] == {}


@pytest.mark.parametrize(
    "door",
    [
        "call:examples.graders.grader:grade",
        pytest.param("cmd:node examples/graders/grader.js", marks=needs_node),
        pytest.param("cmd:Rscript examples/graders/grader.R", marks=[needs_r, pytest.mark.slow]),
    ],
)
def test_the_examples_are_right_and_short(door: str) -> None:
    code, found = verify(door, "--effect", "100", "--case-seconds", "30")
    assert (code, found["verdict"]) == (0, "conformant"), found
    name = door.rsplit(" ", maxsplit=1)[-1] if " " in door else "examples/graders/grader.py"
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) < 60


@pytest.mark.slow
@needs_node
def test_a_fault_planted_in_a_node_grader_is_named(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "graders" / "grader.js").read_text(encoding="utf-8")
    wrong = text.replace("o.o2_flow_l_min <= 6", "o.o2_flow_l_min < 6")
    assert wrong != text
    (tmp_path / "wrong.js").write_text(wrong, encoding="utf-8")
    code, found = verify(f"cmd:node {tmp_path}/wrong.js", "--scale", "crs", "--effect", "0", "--seed", "1")
    assert (code, found["conforms_under"]) == (1, {"C1": "high"})
    assert found["faults"][0]["name"] == "crs.hypoxia.low_flow"
    assert {c["id"] for c in found["clauses"] if c["failed"]} >= {"crs.hypoxia.low_flow"}


@pytest.fixture
def server() -> Iterator[str]:
    """The core behind HTTP, on the loopback address."""
    core = Grader([load("astct-2019")], "0")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.say(core.hello({}))

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.say({"answers": [core.grade(m) for m in asked["cases"]]} if "cases" in asked else core.grade(asked))

        def say(self, answer: Any) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()
    web.server_close()


@pytest.mark.slow
def test_the_core_behind_http_is_conformant(server: str) -> None:
    code, found = verify(server, "--patients", "200", "--effect", "100")
    assert (code, found["verdict"]) == (0, "conformant"), found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_no_grader_behind(number: signal.Signals, tmp_path: Path) -> None:
    program = tmp_path / "slow.py"
    program.write_text(
        "import json, os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')\n"
        "sys.stdin.readline()\n"
        'print(json.dumps({"op": "hello", "protocol": 1, "can": {}}), flush=True)\n'
        "time.sleep(600)\n"
    )
    words = [*CARTOX, "verify", f"cmd:{sys.executable} slow.py", "--case-seconds", "60"]
    process = subprocess.Popen(
        words, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    pids = tmp_path / "pids"
    deadline = time.monotonic() + 60
    while not (pids.exists() and pids.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130 if number == signal.SIGINT else 143, "")
    for pid in pids.read_text().split():
        assert not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text()


@pytest.mark.slow
@pytest.mark.skipif(FOUND is None, reason="no Chromium or Chrome on this machine")
@pytest.mark.parametrize("width", [1280, 420])
def test_the_page_of_a_verdict_stands_by_itself_and_fits(width: int, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html_report(verdict_on_animal("FeverDemanded")), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=FOUND, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(file.as_uri())
        assert (asked, errors) == ([file.as_uri()], [])
        assert "Nonconformant" in page.locator(".verdict").inner_text()
        assert "Not for treating patients" in page.locator(".note").inner_text()
        assert page.locator(".fault").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
