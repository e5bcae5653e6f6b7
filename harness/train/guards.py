"""What stands between the page and the network: headers, hosts, forged forms, large bodies, guessed passphrases."""

import dataclasses
import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from urllib.parse import parse_qs, urlsplit

from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from harness.train.hosts import Hosts

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 400
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
TRIES, WITHIN_S = 5, 60.0
MOST_KNOWN = 1000  # of those who guessed wrong
_OTHER_HOST = (
    "This page is not known by that name. Type the address that cartox train printed at its start, in figures; "
    "to be reached from other computers it is started with --host 0.0.0.0."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Cookies:
    """The names of cookies over one file of answers: browsers share them between the ports of a computer."""

    session: str
    trainee: str
    instructor: str

    @classmethod
    def of(cls, file_id: str) -> "Cookies":
        """The names for the file of an id."""
        return cls(*(f"cartox_{what}_{file_id[:8]}" for what in ("session", "trainee", "instructor")))


class Guard(BaseHTTPMiddleware):
    """Refuses other hosts, forms from elsewhere and large ones, gives a session, and sets the headers."""

    def __init__(self, app: ASGIApp, hosts: Hosts, cookie: str) -> None:
        super().__init__(app)
        self._hosts, self._cookie = hosts, cookie

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Let a request through, or answer it here."""
        refused = _refused(request, self._hosts)
        session = request.cookies.get(self._cookie, "")
        request.state.session = session or secrets.token_urlsafe(24)
        response = PlainTextResponse(refused[1], refused[0]) if refused else await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not session:
            keep(response, self._cookie, request.state.session)
        return response


def _refused(request: Request, hosts: Hosts) -> tuple[int, str] | None:
    if not hosts.has(request.headers.get("host", "")):
        return 400, _OTHER_HOST
    if request.method not in ("GET", "HEAD", "POST"):
        return 405, "This page is only read and filled in."
    if request.method != "POST":
        return None
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return 413, f"A form has {LARGEST_BODY} bytes at most."
    origin = request.headers.get("origin")
    if origin is not None and _host_of(origin) != request.headers.get("host"):
        return 403, "This form comes from another page."
    return None


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def keep(response: Response, name: str, value: str, days: int = 365) -> None:
    """Set a cookie that scripts do not get, and other pages' forms neither; a link from a mail does."""
    response.set_cookie(name, value, max_age=days * 86400, httponly=True, samesite="lax", path="/")


def csrf_token(secret: bytes, session: str) -> str:
    """What a form of a session carries, so that no other page can send it."""
    return hmac.new(secret, f"form {session}".encode(), hashlib.sha256).hexdigest()


def is_our_form(secret: bytes, session: str, token: str) -> bool:
    """Whether a form was made by us for that session."""
    return hmac.compare_digest(csrf_token(secret, session).encode(), token.encode(errors="replace"))


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a form. Raises ValueError where it is none."""
    try:
        body = await request.body()
    except ClientDisconnect:
        raise ValueError("the form did not come whole") from None
    if len(body) > LARGEST_BODY:
        raise ValueError("the form is too large")
    return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)


class Tries:
    """How often somebody guessed a passphrase of late: after some wrong ones in a minute nobody from there may."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait_s(self, who: str) -> float:
        """For how long somebody has to wait; 0 who may try."""
        with self._lock:
            wrong = self._wrong.get(who, deque())
            while wrong and time.monotonic() - wrong[0] > WITHIN_S:
                wrong.popleft()
            return 0.0 if len(wrong) < TRIES else WITHIN_S - (time.monotonic() - wrong[0])

    def failed(self, who: str) -> None:
        """Note a wrong one; of many who guess, those are forgotten whose last guess is longest ago."""
        with self._lock:
            wrong = self._wrong.pop(who, deque(maxlen=TRIES))
            wrong.append(time.monotonic())
            self._wrong[who] = wrong
            while len(self._wrong) > MOST_KNOWN:
                del self._wrong[next(iter(self._wrong))]
