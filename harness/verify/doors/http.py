"""``http:``, a grader behind a web address: ``GET /hello``, ``POST /grade``, one case or a batch, one connection."""

import contextlib
import dataclasses
import http.client
import itertools
import json
import socket
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from harness.verify.answer import quoted
from harness.verify.doors.door import Can, DoorError, Limits, Lost, Reply, Request
from harness.verify.doors.wire import addressed, can_of

BATCH = 16
BATCH_PATIENCE = 4  # a batch may take as long as so many cases; more, and one of them hangs
_REFUSING = (400, 422)  # how web frameworks refuse an input before the grader sees it
_FAULTS = (OSError, http.client.HTTPException)


@dataclasses.dataclass(frozen=True)
class HttpDoor:
    """A grader that listens at a base address."""

    title: str
    window: int = BATCH
    nan: bool = False
    can_repeat: bool = True

    def open(self, limits: Limits) -> "HttpSession":
        """Connect and get ``/hello``. Raises DoorError."""
        address = urlsplit(self.title)
        try:
            host, port = address.hostname, address.port
        except ValueError as error:
            raise DoorError(f"{self.title} is no address: {error}") from None
        if not host:
            raise DoorError(f"{self.title} is no address; write it as http://127.0.0.1:8080")
        secure = address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(host, port, timeout=limits.start_s)
        try:
            status, body = _asked(connection, "GET", f"{address.path.rstrip('/')}/hello", None, limits.line_bytes)
        except _FAULTS as error:
            connection.close()
            raise DoorError(f"GET {self.title}/hello: {_reason(error)}; is the grader running?") from None
        if status != http.HTTPStatus.OK:
            connection.close()
            raise DoorError(f"GET {self.title}/hello answered {status}; it must answer as protocol section 4 says")
        try:
            can = can_of(_parsed(body), self.title)
        except DoorError:
            connection.close()
            raise
        return HttpSession(connection, address.path.rstrip("/"), can, limits)


class HttpSession:
    """A connection that is kept."""

    def __init__(self, connection: http.client.HTTPConnection, path: str, can: Can, limits: Limits) -> None:
        self.can = can
        self._connection, self._path, self._limits = connection, path, limits
        self._batches = True  # until it shows that it takes none

    def exchange(self, requests: Iterable[Request], window: int, linger_s: float = 0.0) -> Iterator[Reply | Lost]:
        """Post requests in batches where the grader takes them, else one by one."""
        del linger_s  # an answer comes only to a question
        todo = iter(requests)
        while group := list(itertools.islice(todo, min(window, BATCH))):
            for item in self._posted(group):
                yield item
                if isinstance(item, Lost):
                    return

    def _posted(self, group: Sequence[Request]) -> Iterator[Reply | Lost]:
        if len(group) > 1 and self._batches:
            found = self._batch(group)
            if found is not None:
                yield from found
                return
            self._batches = False
        for place, one in enumerate(group):
            names = [name for name, _ in group[place:]]
            result = self._post(one[1], 1)
            if isinstance(result, str):
                yield self._lost(result, names[:1])
                return
            yield self._single(one[0], *result)

    def _single(self, name: str, status: int, body: bytes) -> Reply:
        raw = _parsed(body)
        if isinstance(raw, dict) and "status" in raw:
            return addressed({"id": name, **raw}, [name])
        if status in _REFUSING:
            return Reply(name, {"id": name, "status": "refused", "reason": f"HTTP {status}: {quoted(raw)}"})
        return Reply(None, raw, "garbled", f"HTTP {status}: {quoted(raw)}")

    def _batch(self, group: Sequence[Request]) -> list[Reply | Lost] | None:
        """The replies to a batch; None when the grader takes no batches."""
        body = b'{"cases":[' + b",".join(line.rstrip() for _, line in group) + b"]}"
        result = self._post(body, len(group))
        waiting = {name: None for name, _ in group}
        if isinstance(result, str):
            return [self._lost(result, tuple(waiting))]
        status, said = result
        raw = _parsed(said)
        answers = raw if isinstance(raw, list) else next(
            (raw[k] for k in ("answers", "cases", "results") if isinstance(raw.get(k), list)), None
        ) if isinstance(raw, dict) else None  # fmt: skip
        if status != http.HTTPStatus.OK or answers is None:
            return None
        found: list[Reply | Lost] = []
        for answer in answers:
            reply = addressed(answer, waiting)
            if reply.trouble is None and reply.id is not None:
                del waiting[reply.id]
            found.append(reply)
        if waiting:
            found.append(Lost("silent", "a batch came back without all its answers", tuple(waiting)))
        return found

    def _post(self, body: bytes, cases: int) -> tuple[int, bytes] | str:
        """Status and body of the answer, or why there is none."""
        patience_s = self._limits.case_s * min(cases, BATCH_PATIENCE)
        self._connection.timeout = patience_s
        if self._connection.sock is not None:
            self._connection.sock.settimeout(patience_s)
        try:
            return _asked(self._connection, "POST", f"{self._path}/grade", body, self._limits.line_bytes * cases)
        except TimeoutError:
            return "timeout"
        except _FAULTS as error:
            return _reason(error)

    def _lost(self, reason: str, waiting: Sequence[str]) -> Lost:
        self._connection.close()
        if reason == "timeout":
            patience_s = self._limits.case_s * min(len(waiting), BATCH_PATIENCE)
            return Lost("timeout", f"no answer for {patience_s:g} s", tuple(waiting))
        return Lost("crashed", reason, tuple(waiting))

    def log(self) -> str:
        """Nothing: the log of a web server is its own."""
        return ""

    def close(self) -> None:
        """Hang up; the server is not ours to end."""
        with contextlib.suppress(OSError):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _acknowledge_at_once(connected: socket.socket | None) -> None:
    """Without it a server that writes headers and body apart makes each case wait 40 ms, where Linux can help it."""
    if connected is not None and hasattr(socket, "TCP_QUICKACK"):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, most: int
) -> tuple[int, bytes]:
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    _acknowledge_at_once(connection.sock)
    response = connection.getresponse()
    data = response.read(most + 1)
    if len(data) > most:
        connection.close()
        raise http.client.HTTPException(f"an answer of more than {most:,} bytes")
    return response.status, data


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body[:400].decode(errors="replace")


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError):
        return (error.strerror or str(error) or type(error).__name__).lower()
    return f"{type(error).__name__}: {error}".rstrip(": ")
