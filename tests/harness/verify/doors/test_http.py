"""A grader behind HTTP: batches or one by one, on a connection that is kept, and servers that misbehave."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from harness.verify.doors.door import DoorError, Limits, Lost, Reply
from harness.verify.doors.http import BATCH, HttpDoor
from harness.verify.doors.wire import request

HELLO = {"op": "hello", "protocol": 1, "grader": {"name": "web"}, "can": {}}
Answer = Callable[[Any], tuple[int, Any]]
RAW = {"observations": [{"time_h": 1.0, "temp_c": 39.0}]}
REQUESTS = [request(f"c{i}", "astct-2019", "crs", RAW) for i in range(150)]


def one(message: dict[str, Any]) -> dict[str, Any]:
    return {"id": message["id"], "status": "graded", "grades": [1]}


def batches(body: Any) -> tuple[int, Any]:
    if "cases" in body:
        return 200, {"answers": [one(m) for m in body["cases"]]}
    return 200, one(body)


def singly(body: Any) -> tuple[int, Any]:
    return (422, {"detail": "one case"}) if "cases" in body else (200, one(body))


@contextmanager
def server(answer: Answer, hello: Any = HELLO) -> Iterator[tuple[str, list[Any]]]:
    """A server on the loopback address, and what it was asked, by connection."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.reply(200 if self.path.endswith("/hello") and hello else 404, hello)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.client_address[1], len(body.get("cases", [body]))))
            self.reply(*answer(body))

        def reply(self, status: int, body: Any) -> None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            return

    there = Quiet(("127.0.0.1", 0), Handler)
    threading.Thread(target=there.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{there.server_port}", asked
    finally:
        there.shutdown()
        there.server_close()


def exchanged(url: str, count: int = 150) -> list[Reply | Lost]:
    with HttpDoor(url).open(Limits(start_s=2, case_s=0.2)) as session:
        assert session.log() == ""
        return list(session.exchange(REQUESTS[:count], 64))


def test_batches_on_one_connection() -> None:
    with server(batches) as (url, asked):
        found = exchanged(url)
    assert [r.id for r in found if isinstance(r, Reply)] == [name for name, _ in REQUESTS]
    assert [n for _, n in asked] == [*[BATCH] * 9, 150 - 9 * BATCH]
    assert len({port for port, _ in asked}) == 1


def test_one_by_one_where_batches_are_not_taken() -> None:
    with server(singly) as (url, asked):
        found = exchanged(url)
    assert [r.id for r in found if isinstance(r, Reply)] == [name for name, _ in REQUESTS]
    assert [n for _, n in asked] == [BATCH, *[1] * 150]


def test_a_list_of_answers_will_do_and_a_path_is_kept() -> None:
    with server(lambda body: (200, [one(m) for m in body["cases"]])) as (url, _):
        assert len(exchanged(f"{url}/api/v1/")) == 150


@pytest.mark.parametrize(("status", "said"), [(422, "refused"), (400, "refused")])
def test_the_refusal_of_a_web_framework_is_a_refusal(status: int, said: str) -> None:
    with server(lambda _: (status, {"detail": "temp_c"})) as (url, _):
        found = exchanged(url, 2)
    assert [r.raw["status"] for r in found if isinstance(r, Reply)] == [said, said]
    assert isinstance(found[0], Reply)
    assert "temp_c" in found[0].raw["reason"]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (lambda _: (500, {"error": "boom"}), "garbled"),
        (lambda _: (200, b"<html>"), "garbled"),
        (lambda _: (200, [3]), "garbled"),
        (lambda _: (200, {"id": "other", "status": "graded", "grades": [1]}), "misaddressed"),
    ],
)
def test_what_is_no_answer_is_named(answer: Answer, trouble: str) -> None:
    with server(answer) as (url, _):
        found = exchanged(url, 1)
    assert isinstance(found[0], Reply)
    assert found[0].trouble == trouble


def test_a_batch_without_all_its_answers_is_silent_about_the_rest() -> None:
    with server(lambda body: (200, {"answers": [one(m) for m in body["cases"][:5]]})) as (url, _):
        found = exchanged(url, 8)
    assert isinstance(found[-1], Lost)
    assert (found[-1].status, found[-1].waiting) == ("silent", ("c5", "c6", "c7"))


def slow(body: Any) -> tuple[int, Any]:
    time.sleep(1.2)
    return batches(body)


def test_a_slow_answer_is_a_timeout() -> None:
    with server(slow) as (url, _):
        found = exchanged(url, 2)
    assert isinstance(found[0], Lost)
    assert found[0].status == "timeout"


def hang_up(body: Any) -> tuple[int, Any]:
    raise ConnectionError


def test_a_connection_that_breaks_is_a_crash() -> None:
    with server(hang_up) as (url, _):
        found = exchanged(url, 2)
    assert isinstance(found[0], Lost)
    assert found[0].status == "crashed"


def test_an_answer_that_is_too_long_is_not_kept() -> None:
    with server(lambda _: (200, b"x" * 3_000_000)) as (url, _):
        found = exchanged(url, 1)
    assert isinstance(found[0], Lost)
    assert "more than" in found[0].text


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:9", "is the grader running?"),
        ("http://", "is no address"),
        ("http://127.0.0.1:abc", "is no address"),
    ],
)
def test_where_nobody_listens(url: str, says: str) -> None:
    with pytest.raises(DoorError, match=r".") as caught:
        HttpDoor(url).open(Limits(start_s=1))
    assert says in str(caught.value)


@pytest.mark.parametrize(("hello", "says"), [(None, "answered 404"), ([1], '"op": "hello"')])
def test_who_does_not_greet(hello: Any, says: str) -> None:
    with server(batches, hello) as (url, _), pytest.raises(DoorError) as caught:
        HttpDoor(url).open(Limits(start_s=1))
    assert says in str(caught.value)
