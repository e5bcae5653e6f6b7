"""The pages of an instructor, behind a passphrase: exams, a class and its figures, files to take along."""

import hmac
import json
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from harness.train.alpha import ordinal_alpha
from harness.train.answered import Answers, Graded
from harness.train.export import answers_csv, statements
from harness.train.guards import keep
from harness.train.levels import levels
from harness.train.question import TITLES
from harness.train.results import result
from harness.train.site import Form, Site, one, page, sent, to
from harness.train.study import MOST_CASES, StudyError

HOURS_IN = 12.0
_FIGURES = 6
LONGEST_TITLE, LONGEST_PASSPHRASE = 80, 1000


def routes(site: Site) -> list[BaseRoute]:
    """Where they are."""
    return [
        Route("/instructor", page(site, desk)),
        Route("/instructor/enter", sent(site, enter), methods=["POST"]),
        Route("/instructor/leave", sent(site, leave), methods=["POST"]),
        Route("/instructor/exams", sent(site, new_exam), methods=["POST"]),
        Route("/instructor/exams/{code}", page(site, the_class)),
        Route("/instructor/exams/{code}/close", sent(site, close), methods=["POST"]),
        Route("/instructor/exams/{code}/answers.csv", page(site, csv_file)),
        Route("/instructor/exams/{code}/xapi.json", page(site, xapi_file)),
        Route("/instructor/everybody/answers.csv", page(site, csv_file)),
        Route("/instructor/everybody/xapi.json", page(site, xapi_file)),
    ]


def desk(site: Site, request: Request) -> Response:
    """The passphrase; or exams and everybody who trains."""
    if not site.is_instructor(request):
        return site.page(request, "enter.html", wrong="", no_passphrase=site.passphrase is None)
    return _desk(site, request, "", 200)


def _desk(site: Site, request: Request, wrong: str, status: int) -> Response:
    sittings = site.store.sittings()
    by_trainee = defaultdict(list)
    for sitting in sittings:
        by_trainee[sitting.trainee, sitting.name].append(sitting)
    people = [
        (f"{name} ({number})", some, result(site.study.answers(some), interval=False))
        for (number, name), some in by_trainee.items()
    ]
    return site.page(
        request,
        "desk.html",
        status,
        exams=[(exam, site.store.sittings(exam=exam["code"])) for exam in site.store.exams()],
        levels=levels().values(),
        people=people,
        most=MOST_CASES,
        form=secrets.token_urlsafe(9),
        wrong=wrong,
    )


def enter(site: Site, request: Request, form: Form) -> Response:
    """Take the passphrase; after some wrong ones within a minute nobody from there may try for a while."""
    who = request.client.host if request.client else "?"
    if wait_s := site.tries.wait_s(who):
        words = f"Too many wrong passphrases. Try again in {wait_s:.0f} seconds."
        return site.page(request, "enter.html", 429, wrong=words, no_passphrase=False)
    given = unicodedata.normalize("NFC", one(form, "passphrase", LONGEST_PASSPHRASE))
    if site.passphrase is None or not hmac.compare_digest(given.encode(), site.passphrase.encode()):
        site.tries.failed(who)
        return site.page(
            request, "enter.html", 403, wrong="That is not the passphrase.", no_passphrase=site.passphrase is None
        )
    response = to("/instructor")
    keep(response, site.cookies.instructor, site.store.new_instructor(HOURS_IN, site.passphrase), days=1)
    return response


def leave(site: Site, request: Request, _form: Form) -> Response:
    """Log out."""
    if token := request.cookies.get(site.cookies.instructor):
        site.store.forget_instructor(token, site.passphrase)
    response = to("/")
    response.delete_cookie(site.cookies.instructor, path="/")
    return response


def new_exam(site: Site, request: Request, form: Form) -> Response:
    """Make an exam."""
    if not site.is_instructor(request):
        return to("/instructor")
    title = " ".join(filter(str.isprintable, one(form, "title", LONGEST_TITLE).split())) or "Exam"
    patients, limit = one(form, "patients"), one(form, "limit_min")
    if not _is_number(patients) or (limit and not _is_number(limit)):
        return _desk(site, request, "Write the number of patients, and the minutes or nothing, in figures.", 400)
    if limit and not 1 <= int(limit) <= 24 * 60:
        return _desk(site, request, "An exam lasts 1 to 1,440 minutes; leave it empty for no limit.", 400)
    asked = form.get("level", [])
    chosen = [name for name in levels() if name in asked]
    chosen += [name for name in asked if name not in levels()]  # which is refused
    try:
        code = site.study.new_exam(
            title, chosen, int(patients), float(limit) if limit else None, one(form, "form", 40) or None
        )
    except StudyError as error:
        return _desk(site, request, f"{error}.", 400)
    return to(f"/instructor/exams/{code}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _FIGURES


def close(site: Site, request: Request, _form: Form) -> Response:
    """End an exam for all and show them the key."""
    if not site.is_instructor(request):
        return to("/instructor")
    code = request.path_params["code"]
    site.store.close_exam(code)
    return to(f"/instructor/exams/{code}")


def the_class(site: Site, request: Request) -> Response:
    """An exam: its code for the blackboard, each trainee's figures, those of the class."""
    exam = site.store.exam(request.path_params["code"]) if site.is_instructor(request) else None
    if exam is None:
        return site.sorry(request, "There is no such exam, or you are not logged in as an instructor.", 404)
    sittings = site.store.sittings(exam=exam["code"])
    everybody = site.study.answers(sittings)
    questions = json.loads(exam["cases"])
    return site.page(
        request,
        "class.html",
        exam=exam,
        levels=[levels()[name].title for name in json.loads(exam["levels"]) if name in levels()],
        of=len(questions),
        patients=len({address for address, _ in questions}),
        sittings=[
            (sitting, result(some := site.study.answers([sitting]), interval=False), len(some.chosen))
            for sitting in sittings
        ],
        in_all=site.study.asked_in_all(sittings[0]) if sittings else 0,
        result=result(everybody),
        agreement={TITLES[scale]: _agreement(everybody.graded, scale) for scale in TITLES},
    )


def _agreement(graded: Sequence[Graded], scale: str) -> float | None:
    """Krippendorff's alpha of a class on one scale; who found that it cannot be told is left out there."""
    raters = sorted({one.trainee for one in graded})
    given = {(one.case, one.hour, one.trainee): one.given for one in graded if one.scale == scale}
    asked = sorted({(case, hour) for case, hour, _ in given})
    return ordinal_alpha([[given.get((case, hour, rater)) for rater in raters] for case, hour in asked])


def csv_file(site: Site, request: Request) -> Response:
    """Every grade that was set as CSV."""
    answers, name = _wanted(site, request)
    if answers is None:
        return site.sorry(request, "There is no such exam, or you are not logged in as an instructor.", 404)
    headers = {"Content-Disposition": f'attachment; filename="{name}-answers.csv"'}
    return Response(answers_csv(answers), media_type="text/csv; charset=utf-8", headers=headers)


def xapi_file(site: Site, request: Request) -> Response:
    """Every grade that was set as xAPI statements."""
    answers, name = _wanted(site, request)
    if answers is None:
        return site.sorry(request, "There is no such exam, or you are not logged in as an instructor.", 404)
    headers = {"Content-Disposition": f'attachment; filename="{name}-xapi.json"'}
    told = json.dumps(statements(answers, site.store.file_id), indent=1, ensure_ascii=False)
    return Response(told, media_type="application/json", headers=headers)


def _wanted(site: Site, request: Request) -> tuple[Answers | None, str]:
    if not site.is_instructor(request):
        return None, ""
    code = request.path_params.get("code")
    if code is None:
        return site.study.answers(site.store.sittings()), "everybody"
    if site.store.exam(code) is None:
        return None, ""
    return site.study.answers(site.store.sittings(exam=code)), code
