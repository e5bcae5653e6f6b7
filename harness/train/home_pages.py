"""The pages of a trainee outside a sitting: a name, levels and exams, all results."""

import unicodedata

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from harness.train.guards import keep
from harness.train.levels import levels
from harness.train.results import result
from harness.train.site import Form, Site, one, page, sent, title_of, to
from harness.train.store import now
from harness.train.study import StudyError

LONGEST_NAME = 60
ZERO_WIDTH_JOINER = "\u200d"  # within emoji
BLANKS = "\u115f\u1160\u3164\uffa0\u2800"  # letters and a symbol that show nothing


def routes(site: Site) -> list[BaseRoute]:
    """Where they are."""
    return [
        Route("/", page(site, home)),
        Route("/begin", sent(site, begin), methods=["POST"]),
        Route("/leave", sent(site, leave), methods=["POST"]),
        Route("/study", sent(site, study), methods=["POST"]),
        Route("/exam", sent(site, exam), methods=["POST"]),
        Route("/results", page(site, mine)),
    ]


def home(site: Site, request: Request) -> Response:
    """Choose a name; then a level, an exam, or a sitting to go on with."""
    who = site.trainee(request)
    if who is None:
        return site.page(request, "name.html", longest=LONGEST_NAME, wrong="")
    mine = site.store.sittings(trainee=who[0])
    progress = {
        name: result(site.study.answers([s for s in mine if s.level == name]), interval=False) for name in levels()
    }
    return site.page(
        request,
        "home.html",
        levels=levels().values(),
        progress=progress,
        exams=[s for s in mine if s.exam],
        open_levels={s.level: s.id for s in reversed(mine) if s.level and not s.is_over(now())},
        now=now(),
        wrong="",
    )


def mine(site: Site, request: Request) -> Response:
    """Everything that a trainee has graded so far; of exams only those that are over."""
    who = site.trainee(request)
    if who is None:
        return to("/")
    ended = [s for s in site.store.sittings(trainee=who[0]) if s.shows_key]
    by_level = [
        (level.title, result(site.study.answers([s for s in ended if s.level == name])))
        for name, level in levels().items()
    ]
    return site.page(
        request,
        "mine.html",
        result=result(site.study.answers(ended)),
        by_level=[(title, found) for title, found in by_level if found],
        ended=[(s, title_of(site, s)) for s in ended],
    )


def begin(site: Site, request: Request, form: Form) -> Response:
    """Take a name; whoever is known by one keeps it."""
    if site.trainee(request) is not None:
        return to("/")
    name = " ".join(one(form, "name", LONGEST_NAME).split())
    if not _is_seen(name):
        return site.page(request, "name.html", 400, longest=LONGEST_NAME, wrong="Write a name, any that you like.")
    _, token = site.store.new_trainee(name)
    response = to("/")
    keep(response, site.cookies.trainee, token)
    return response


def _is_seen(name: str) -> bool:
    """Whether a name shows something, and holds nothing that steers a page or a terminal.

    >>> _is_seen("Ann"), _is_seen("\u3164"), _is_seen("A\u202eB")
    (True, False, False)
    """
    steers = any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign != ZERO_WIDTH_JOINER for sign in name)
    return not steers and any(unicodedata.category(sign)[0] in "LNPS" and sign not in BLANKS for sign in name)


def leave(site: Site, _request: Request, _form: Form) -> Response:
    """Forget the name on this browser."""
    response = to("/")
    response.delete_cookie(site.cookies.trainee, path="/")
    return response


def study(site: Site, request: Request, form: Form) -> Response:
    """Begin a level, or go on with it."""
    who = site.trainee(request)
    if who is None:
        return to("/")
    level = one(form, "level")
    mine = [s for s in site.store.sittings(trainee=who[0]) if s.level == level and not s.is_over(now())]
    try:
        return to(f"/s/{mine[0].id if mine else site.study.begin(who[0], level)}")
    except StudyError as error:
        return site.sorry(request, f"{error}.", 400)


def exam(site: Site, request: Request, form: Form) -> Response:
    """Sit an exam by its code."""
    who = site.trainee(request)
    if who is None:
        return to("/")
    try:
        return to(f"/s/{site.study.sit(who[0], one(form, 'code', 20))}")
    except StudyError as error:
        return site.sorry(request, f"{error}.", 400)
