"""The site: its routes, who asks, and the templates. Everything is rendered here, and works without a script."""

import functools
import sqlite3
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from harness.train import shown
from harness.train.guards import HEADERS, Cookies, Guard, Tries, csrf_token, form_of, is_our_form
from harness.train.hosts import Hosts
from harness.train.levels import levels
from harness.train.mining import SCALES, guideline
from harness.train.next_steps import OPTIONS
from harness.train.store import Sitting, now
from harness.train.study import Stopping, Study

PURPOSE = "For testing and teaching. Not for treating patients."
Form = Mapping[str, list[str]]


class _Place(Convertor[int]):
    """The place of a question in a path: few figures, so that it is a number that can be."""

    regex = "[0-9]{1,6}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("place", _Place())


class Site:
    """What the pages share: the study, the passphrase of instructors if there is one, and the templates."""

    def __init__(self, study: Study, passphrase: str | None) -> None:
        self.study, self.store = study, study.store
        self.passphrase = None if passphrase is None else unicodedata.normalize("NFC", passphrase)
        self.cookies = Cookies.of(study.store.file_id)
        self.tries = Tries()
        self.templates = Environment(
            loader=PackageLoader("harness.train"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        clauses = {clause.id: clause.text for name in SCALES for clause in guideline().scale(name).clauses}
        self.templates.globals.update(purpose=PURPOSE, when=shown.when, clauses=clauses, options=OPTIONS)

    def page(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        """A page from a template."""
        values |= {
            "csrf": csrf_token(self.store.secret, request.state.session),
            "who": self.trainee(request),
            "is_instructor": self.is_instructor(request),
        }
        return HTMLResponse(self.templates.get_template(name).render(**values), status)

    def trainee(self, request: Request) -> tuple[int, str] | None:
        """The trainee who asks: number and name."""
        token = request.cookies.get(self.cookies.trainee)
        return self.store.trainee(token) if token else None

    def is_instructor(self, request: Request) -> bool:
        """Whether an instructor asks."""
        token = request.cookies.get(self.cookies.instructor)
        return token is not None and self.store.is_instructor(token, self.passphrase)

    def sorry(self, request: Request, words: str, status: int) -> Response:
        """A page that says what is wrong and where to go on."""
        return self.page(request, "sorry.html", status, words=words)


Page = Callable[[Site, Request], Response]
Sent = Callable[[Site, Request, Form], Response]
View = Callable[[Request], Awaitable[Response]]


def title_of(site: Site, sitting: Sitting) -> str:
    """What a sitting is about: its level or its exam."""
    if sitting.level is not None:
        return levels()[sitting.level].title
    found = site.store.exam(sitting.exam or "")
    return str(found["title"]) if found else ""


def to(path: str) -> Response:
    """Go on at another page, by GET."""
    return RedirectResponse(path, 303)


def one(form: Form, name: str, most: int = 200) -> str:
    """A field of a form, cut to a length; empty where it is missing."""
    return form.get(name, [""])[0].strip()[:most]


def page(site: Site, show: Page) -> View:
    """A page that is read; it may ask the store, so it runs beside the loop."""

    @functools.wraps(show)
    async def view(request: Request) -> Response:
        return await run_in_threadpool(show, site, request)

    return view


def sent(site: Site, take: Sent) -> View:
    """A form that is sent; one that is not ours, or of a session that is over, is refused."""

    @functools.wraps(take)
    async def view(request: Request) -> Response:
        try:
            form = await form_of(request)
        except ValueError:
            return await run_in_threadpool(site.sorry, request, "That form cannot be read. Go back and try again.", 400)
        request.state.came_at = now()
        if not is_our_form(site.store.secret, request.state.session, one(form, "csrf")):
            words = "This form is too old, or cookies are off. Open the page again and send it once more."
            return await run_in_threadpool(site.sorry, request, words, 403)
        return await run_in_threadpool(take, site, request, form)

    return view


@functools.cache
def _style() -> str:
    return (resources.files("harness.train") / "train.css").read_text(encoding="utf-8")


async def _css(_request: Request) -> Response:
    return Response(_style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def site_of(study: Study, passphrase: str | None = None, hosts: Hosts | None = None) -> Starlette:
    """The site over a study. ``hosts`` says by which names beside loopback's it may be asked."""
    from harness.train import home_pages, instructor_pages, sitting_pages  # noqa: PLC0415 - they are written with this module

    site = Site(study, passphrase)
    app = Starlette(
        routes=[*home_pages.routes(site), *sitting_pages.routes(site), *instructor_pages.routes(site)],
        middleware=[Middleware(Guard, hosts=hosts or Hosts(), cookie=site.cookies.session)],
        exception_handlers={
            HTTPException: _not_there(site),
            sqlite3.Error: _out_of_reach,
            Stopping: _stopping,
            Exception: _our_fault,
        },
    )
    app.add_route("/train.css", _css)
    return app


async def _out_of_reach(_request: Request, _error: Exception) -> Response:
    """The file of answers is locked, full, or gone: said without it."""
    words = (
        "The file of answers cannot be reached, so nothing was stored just now. Go back and send it again in a moment; "
        "if that does not help, tell whoever started cartox train to look at the file and the disk."
    )
    return PlainTextResponse(words, 503)


async def _stopping(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{error}.", 503)


async def _our_fault(_request: Request, _error: Exception) -> Response:
    """Something that nobody thought of: what it was stands in the terminal alone."""
    words = "Something went wrong here, and it is not your fault. Go back and try again; every stored answer is kept."
    return PlainTextResponse(words, 500, HEADERS)


def _not_there(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = "There is no such page." if error.status_code == 404 else "That cannot be done here."
        return await run_in_threadpool(site.sorry, request, words, error.status_code)

    return told
