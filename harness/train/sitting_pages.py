"""The pages of a sitting: a question, what is said of an answer, the result, a certificate."""

import dataclasses
import functools
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartox_core.observation import OBSERVATION
from harness.train import advice_words, shown, unanswered
from harness.train.chart import is_child
from harness.train.feedback import ScaleFeedback, feedback
from harness.train.ice_items import ITEMS
from harness.train.judge import GradeAnswer
from harness.train.levels import levels
from harness.train.mining import guideline
from harness.train.next_steps import OPTIONS
from harness.train.question import TITLES, question, with_changes
from harness.train.question import Question as Asked
from harness.train.results import result
from harness.train.sight import sight
from harness.train.site import Form, Site, one, page, sent, title_of, to
from harness.train.store import Question, Sitting, now
from harness.train.study import given

GRADES = range(5)
CANNOT = "cannot"
_STANDS = "Question {} was answered before; the first answer stands."


def routes(site: Site) -> list[BaseRoute]:
    """Where they are."""
    return [
        Route("/s/{sitting}", page(site, ask)),
        Route("/s/{sitting}/end", sent(site, hand_in), methods=["POST"]),
        Route("/s/{sitting}/result", page(site, results)),
        Route("/s/{sitting}/certificate", page(site, certificate)),
        Route("/s/{sitting}/{place:place}", page(site, told)),
        Route("/s/{sitting}/{place:place}", sent(site, answer), methods=["POST"]),
    ]


def _seen(site: Site, request: Request) -> Sitting | None:
    """The sitting that is asked for, where it is the trainee's own, or an instructor looks."""
    found = site.store.sitting(request.path_params["sitting"])
    who = site.trainee(request)
    return found if found and (site.is_instructor(request) or (who and who[0] == found.trainee)) else None


def _mine(site: Site, request: Request) -> Sitting | None:
    """The sitting that is asked for, where it is the trainee's own: nobody answers for another."""
    found, who = site.store.sitting(request.path_params["sitting"]), site.trainee(request)
    return found if found and who and who[0] == found.trainee else None


def _not_yours(site: Site, request: Request) -> Response:
    return site.sorry(request, "There is no such sitting under your name. Go back to the start.", 404)


def ask(site: Site, request: Request) -> Response:
    """The question to answer now."""
    sitting = _mine(site, request)
    if sitting is None:
        return _not_yours(site, request)
    asked = site.study.current(sitting)
    if asked is None:
        return to(f"/s/{sitting.id}/result")
    if request.method != "HEAD":
        site.store.shown(sitting.id, asked.place)
    site.study.prepare(sitting)
    stands = request.query_params.get("stands", "")
    wrong = _STANDS.format(stands) if stands in {str(place + 1) for place in range(asked.place)} else ""
    return _question(site, request, sitting, asked, wrong=wrong, status=200)


def _question(
    site: Site, request: Request, sitting: Sitting, asked: Question, wrong: str, status: int, chosen: Form | None = None
) -> Response:
    it = question(asked.address, asked.hour)
    by_item = request.query_params.get("ice") == "items"
    of = site.store.count_questions(sitting.id)
    left = None if sitting.until is None else max(0, math.ceil((sitting.until - now()).total_seconds() / 60))
    return site.page(
        request,
        "question.html",
        status,
        sitting=sitting,
        asked=asked,
        place=asked.place + 1,
        of=of,
        unanswered=of - asked.place,
        left_min=left,
        until=clock(sitting.until) if sitting.until else "",
        level=levels()[sitting.level] if sitting.level else None,
        patient=it.case.patient,
        sight=sight(asked.address, asked.hour, sitting.exam is None, by_item),
        scales=[(name, TITLES[name], findings_of(name, is_child(it.case))) for name in it.scales],
        chosen=chosen or {},
        grades=GRADES,
        item_words=ITEMS,
        has_ice=it.case.observations[-1].ice is not None,
        wrong=wrong,
    )


def clock(at: datetime) -> str:
    """A time of the clock where the page runs, with the name of its zone, and its day where that is another."""
    local, today = at.astimezone(), now().astimezone()
    return local.strftime("%H:%M %Z" if local.date() == today.date() else "%Y-%m-%d %H:%M %Z")


@functools.cache
def findings_of(scale: str, child: bool) -> tuple[tuple[str, str], ...]:
    """The findings of a scale of which a trainee may say that they are missing; the score is that of the age."""
    fields = [OBSERVATION[name] for name in guideline().scale(scale).fields if name in OBSERVATION]
    of_another_age = "ice" if child else "capd"
    wanted = [
        f.name for f in fields if f.role == "sign" and not f.name.startswith("death_") and f.name != of_another_age
    ]
    return tuple((name, shown.field_words(name)) for name in wanted)


def answer(site: Site, request: Request, form: Form) -> Response:
    """Store an answer, once; a second one, or one to a question that is no longer asked, changes nothing."""
    sitting, place = _mine(site, request), request.path_params["place"]
    if sitting is None:
        return _not_yours(site, request)
    came_at = request.state.came_at
    asked = site.study.current(sitting, came_at)
    if asked is None or asked.place != place:
        return _too_late(site, sitting, place, form)
    grades, wrong = _grades(form, question(asked.address, asked.hour))
    if wrong:
        return _question(site, request, sitting, asked, wrong, 400, form)
    if not site.study.answer(sitting, place, grades, _steps(form), came_at):
        return _too_late(site, sitting, place, form)
    return to(f"/s/{sitting.id}/{place}" if sitting.exam is None else f"/s/{sitting.id}")


def _too_late(site: Site, sitting: Sitting, place: int, form: Form) -> Response:
    """Where an answer leads that is not stored, so that whoever gave it reads why."""
    if sitting.exam is None:
        return to(f"/s/{sitting.id}/{place}?again=1")
    first = site.store.question(sitting.id, place)
    if first is None or first.attempt is None:
        late = site.study.current(site.store.sitting(sitting.id) or sitting) is None
        return to(f"/s/{sitting.id}/result?late=1" if late else f"/s/{sitting.id}")
    grades, _ = _grades(form, question(first.address, first.hour))
    differs = first.attempt["answer"] != given(grades, _steps(form))
    return to(f"/s/{sitting.id}?stands={place + 1}" if differs else f"/s/{sitting.id}")


def _steps(form: Form) -> list[str]:
    return [name for name in form.get("step", []) if name in OPTIONS]


def _grades(form: Form, asked: Asked) -> tuple[dict[str, GradeAnswer], str]:
    """The grades of a form, and what is wrong with it, if anything is."""
    grades: dict[str, GradeAnswer] = {}
    for name in asked.scales:
        given, because = one(form, name), one(form, f"{name}_because")
        if given == CANNOT or (not given and because):
            if because not in {field for field, _ in findings_of(name, is_child(asked.case))}:
                return grades, f"Say which finding is missing, since {TITLES[name]} cannot be told."
            grades[name] = GradeAnswer(None, because)
        elif given in {str(grade) for grade in GRADES}:
            grades[name] = GradeAnswer(int(given))
        else:
            return grades, f"Set a grade of {TITLES[name]}, or say that it cannot be told."
    return grades, ""


def told(site: Site, request: Request) -> Response:
    """What there is to say of an answer; in an exam not before its end."""
    sitting, place = _seen(site, request), request.path_params["place"]
    if sitting is None:
        return _not_yours(site, request)
    asked = site.store.question(sitting.id, place)
    if asked is None or not sitting.shows_key or (asked.attempt is None and sitting.exam is None):
        return to(f"/s/{sitting.id}/result" if sitting.exam else f"/s/{sitting.id}")
    it = question(asked.address, asked.hour)
    if asked.attempt is not None:
        asked = dataclasses.replace(asked, attempt=with_changes(asked.address, asked.hour, asked.attempt))
    attempt, said, next_told = _told(asked)
    found = attempt["found"]
    return site.page(
        request,
        "told.html",
        sitting=sitting,
        asked=asked,
        place=place + 1,
        patient=it.case.patient,
        chart=sight(asked.address, asked.hour, tutor=True).chart,
        feedback=said,
        next_told=next_told,
        advice=list(advice_words.card_lines(found["advice"])),
        in_question=advice_words.question_words(found.get("in_question")),
        if_there=list(advice_words.card_lines((found.get("in_question") or {}).get("advice", []))),
        heading=_heading(found, asked.attempt is None),
        again="again" in request.query_params,
        over=sitting.exam is not None,
    )


def _heading(found: Mapping[str, Any], no_answer: bool) -> str:
    if no_answer:
        return "No answer."
    if not found["right"]:
        return "Not quite."
    steps = found["next"] or {}
    return "The grades are right." if steps.get("missed") or steps.get("wrong") else "Right."


def _told(asked: Question) -> tuple[Mapping[str, Any], tuple[ScaleFeedback, ...], tuple[str, ...]]:
    """An attempt, what is said of its grades and next steps; where there is none, what would have been right."""
    if asked.attempt is not None:
        return asked.attempt, feedback(asked.attempt), advice_words.next_words(asked.attempt["found"]["next"])
    attempt = unanswered.unanswered(asked.address, asked.hour)
    return attempt, unanswered.feedback(attempt), unanswered.next_words(attempt)


def hand_in(site: Site, request: Request, _form: Form) -> Response:
    """End a sitting."""
    sitting = _mine(site, request)
    if sitting is None:
        return _not_yours(site, request)
    site.store.end(sitting.id)
    return to(f"/s/{sitting.id}/result")


def results(site: Site, request: Request) -> Response:
    """What a sitting came to; of an exam not before its end."""
    sitting = _seen(site, request)
    if sitting is None:
        return _not_yours(site, request)
    own = _mine(site, request)
    if own is not None and sitting.exam is not None and site.study.current(sitting) is not None:
        return to(f"/s/{sitting.id}")
    questions = site.store.questions(sitting.id)
    answered = [q for q in questions if q.attempt is not None]
    told_now = sitting.shows_key or site.is_instructor(request)
    return site.page(
        request,
        "result.html",
        sitting=sitting,
        result=result(site.study.answers([sitting])) if told_now else None,
        shows_key=told_now,
        is_over=sitting.is_over(now()) or len(answered) == len(questions),
        late="late" in request.query_params,
        in_all=site.study.asked_in_all(sitting) if sitting.exam else None,
        told=[(q, *_told(q)[1:]) for q in (questions if sitting.exam and sitting.shows_key else answered)]
        if told_now
        else [],
        answers=len(answered),
        of=len(questions),
        title=title_of(site, sitting),
    )


def certificate(site: Site, request: Request) -> Response:
    """A page to print of an exam that is over."""
    sitting = _seen(site, request)
    if sitting is None or sitting.exam is None:
        return _not_yours(site, request)
    if not sitting.shows_key:
        return to(f"/s/{sitting.id}/result")
    found = result(site.study.answers([sitting]))
    if found is None:
        return site.sorry(request, "Nothing was answered, so there is nothing to certify.", 404)
    return site.page(
        request,
        "certificate.html",
        sitting=sitting,
        result=found,
        title=title_of(site, sitting),
        in_all=site.study.asked_in_all(sitting),
    )
