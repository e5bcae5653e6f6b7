"""The server as a process: connections that ask nothing, forms that never come whole, and Ctrl-C in the middle."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.train.server import SILENT_S, STOPPING_S, server_of
from harness.train.site import site_of
from harness.train.study import Stopping, Study

HALF = b"POST /begin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\n\r\nname="


class Started:
    """``cartox train`` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "harness.cli", "train", "--port", "0", "--db", "class.db", "--no-open"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)/", self.process.stdout.readline())
        assert found is not None
        self.address = "127.0.0.1", int(found[1])

    def connected(self, sent: bytes) -> socket.socket:
        """A connection that has sent something."""
        found = socket.create_connection(self.address, timeout=30)
        found.sendall(sent)
        return found

    def asks(self) -> bytes:
        """The first line of an answer: it serves."""
        with self.connected(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n") as asking:
            return asking.makefile("rb").readline()

    def stopped(self) -> tuple[int, str, float]:
        """Exit code, what it printed since, and how long it took to stop by Ctrl-C."""
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        return self.process.returncode, rest, time.monotonic() - begun


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    found = Started(tmp_path)
    yield found
    found.stopped()


def test_a_form_that_never_came_whole_leaves_no_traceback(started: Started) -> None:
    assert started.asks().startswith(b"HTTP/1.1 200")
    started.connected(HALF).close()
    waiting = started.connected(HALF)
    assert started.asks().startswith(b"HTTP/1.1 200")
    code, rest, took_s = started.stopped()
    waiting.close()
    assert code == 0 and "Traceback" not in rest and rest.splitlines()[-1] == "Stopped. Every answer is kept."
    assert took_s < STOPPING_S


def test_who_asks_nothing_is_shown_out(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.train.server.SILENT_S", 0.2)
    server = server_of(site_of(study), study)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        running.start()
        for sent in (b"", b"GET / HT"):
            with socket.create_connection(listening.getsockname(), timeout=SILENT_S) as silent:
                silent.sendall(sent)
                assert silent.recv(1) == b""
        server.should_exit = True
        running.join()


def test_an_exam_that_is_being_made_is_given_up(study: Study) -> None:
    study.give_up()
    with pytest.raises(Stopping, match="is being stopped"):
        study.new_exam("x", ["children"], 40, None)
    trainee, _ = study.store.new_trainee("Ann")
    for _ in range(2):
        with pytest.raises(Stopping, match="is being stopped"):
            study.begin(trainee, "children")
