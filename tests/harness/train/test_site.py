"""The site by its requests: who may see what, what is refused, and that no key leaves before the answer."""

import csv
import io
import re
import time
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from harness.train.guards import HEADERS
from harness.train.question import key, question
from harness.train.site import PURPOSE, site_of
from harness.train.sitting_pages import clock
from harness.train.store import now
from harness.train.study import Study
from tests.harness.train.asking import (
    BASE,
    began,
    entered,
    exam,
    form,
    post,
    right_fields,
    sitting_of,
    started,
)


def test_every_page_says_what_it_is_for_and_has_its_headers(client: TestClient) -> None:
    for path in ("/", "/instructor", "/nowhere"):
        answer = client.get(path)
        assert PURPOSE in answer.text
        assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert client.get("/nowhere").status_code == 404
    css = client.get("/train.css")
    assert css.headers["content-type"].startswith("text/css") and "http" not in css.text


def test_cookies_are_for_this_page_alone(client: TestClient) -> None:
    for cookie in client.get("/").headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie


@pytest.mark.parametrize(
    "name", ["", "   ", "\x00bell", "a\u202eb", "\u3164", "\u115f", "\u200d", "\u2800 \uffa0", "\u0301"]
)
def test_a_name_is_needed(client: TestClient, name: str) -> None:
    status, text = post(client, "/begin", name=name)
    assert status == 400 and "Write a name" in text


def test_names_are_shown_as_they_are_written(client: TestClient) -> None:
    began(client, "<script>alert(1)</script> & Söhne")
    text = client.get("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne" in text and "<script>" not in text
    status, text = post(client, "/leave")
    assert status == 200 and "Your name, or any that you like" in text


def test_a_question_has_no_key_in_it(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    text = client.get(f"/s/{sitting}").text
    assert "CRS grade now" in text and "<svg" in text
    asked = study.store.questions(sitting)[0]
    found = key(asked.address, asked.hour, "crs")
    assert asked.address not in text
    assert not any(why.clause and (why.clause.id in text or why.text in text) for why in found.because)
    later = [o.time_h for o in question(asked.address, asked.hour).case.observations if o.time_h > asked.hour]
    assert later == []
    assert 'class="threshold"' in text  # a tutor draws them


def test_an_answer_and_what_is_said_of_it(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    status, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", **right_fields(study, sitting), step=["nonsense"])
    assert status == 200 and "CRS: Right." in text
    status, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", crs="4", icans="4")
    assert status == 200 and "the first answer stands" in text
    assert len([q for q in study.store.questions(sitting) if q.attempt]) == 1
    assert client.get(f"/s/{sitting}/99").url.path == f"/s/{sitting}"


def test_results_so_far(client: TestClient, study: Study) -> None:
    assert client.get("/results").url.path == "/"
    sitting = started(client, study)
    assert "Nothing was answered yet." in client.get("/results").text
    post(client, f"/s/{sitting}/0", f"/s/{sitting}", **right_fields(study, sitting))
    text = client.get("/results").text
    assert "(100 %)" in text and "Single findings" in text
    assert "Your results so far" in client.get("/").text


def test_an_answer_that_says_too_little_is_asked_for_again(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    for fields, words in (
        ({}, "Set a grade of CRS"),
        ({"crs": "7"}, "Set a grade of CRS"),
        ({"crs": "٣"}, "Set a grade of CRS"),
        ({"crs": "cannot"}, "Say which finding is missing"),
    ):
        status, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", **fields)
        assert status == 400 and words in text
    assert study.store.questions(sitting)[0].attempt is None


def test_sittings_are_of_those_who_sit_them(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    with TestClient(client.app, base_url=BASE) as stranger:
        began(stranger, "Bo")
        for path in (f"/s/{sitting}", f"/s/{sitting}/0", f"/s/{sitting}/result", f"/s/{sitting}/certificate"):
            assert stranger.get(path).status_code == 404
        assert post(stranger, f"/s/{sitting}/0", crs="1")[0] == 404
        assert post(stranger, f"/s/{sitting}/end")[0] == 404
    assert post(client, "/study", level="nowhere")[0] == 400
    assert post(client, "/exam", code="NONE99")[0] == 400
    post(client, "/leave")
    assert client.post("/study", data={"csrf": form(client), "level": "children"}).url.path == "/"
    assert client.post("/exam", data={"csrf": form(client), "code": "ABCDEF"}).url.path == "/"


def test_an_exam_tells_nothing_before_its_end(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client)
    with TestClient(client.app, base_url=BASE) as trainee:
        began(trainee, "=Ann")
        assert post(trainee, "/exam", code=code)[0] == 200
        sitting = study.store.sittings(exam=code)[0].id
        text = trainee.get(f"/s/{sitting}").text
        assert 'class="threshold"' not in text and "30 min left when this page was opened" in text
        until = study.store.sittings(exam=code)[0].until
        assert until is not None and f"until {clock(until)}" in text
        of = len(study.store.questions(sitting))
        for place in range(of):
            fields = right_fields(study, sitting, place)
            for early in (f"/s/{sitting}/0", f"/s/{sitting}/result", f"/s/{sitting}/certificate"):
                assert trainee.get(early).url.path == f"/s/{sitting}"
            assert post(trainee, f"/s/{sitting}/{place}", f"/s/{sitting}", **fields)[0] == 200
        for shut in (f"/s/{sitting}", f"/s/{sitting}/0", f"/s/{sitting}/certificate", f"/s/{sitting}/result"):
            answer = trainee.get(shut)
            assert answer.url.path == f"/s/{sitting}/result" and "closes the exam for all" in answer.text
            assert "kappa" not in answer.text and "Right." not in answer.text
        assert "Nothing was answered yet." in trainee.get("/results").text
        assert post(client, f"/instructor/exams/{code}/close", f"/instructor/exams/{code}")[0] == 200
        assert "CRS: Right." in trainee.get(f"/s/{sitting}/0").text
        certificate = trainee.get(f"/s/{sitting}/certificate").text
        assert "(100 %)" in certificate and "Monday &lt;1&gt;" in certificate and PURPOSE in certificate
        assert trainee.get(f"/instructor/exams/{code}").status_code == 404
        assert trainee.get("/instructor/everybody/answers.csv").status_code == 404
    text = client.get(f"/instructor/exams/{code}").text
    assert f"{of} of {of}" in text and "=Ann" in text
    table = client.get(f"/instructor/exams/{code}/answers.csv")
    assert table.headers["content-type"].startswith("text/csv") and "'=Ann" in table.text
    asked = {row["question"] for row in csv.DictReader(io.StringIO(table.text, newline=""))}
    assert asked == {str(place + 1) for place in range(of)}
    told = client.get("/instructor/everybody/xapi.json").json()
    grades = [one for one in told if not one["object"]["id"].endswith(":next-steps")]
    assert all(one["result"]["success"] for one in grades) and told[0]["timestamp"]
    assert client.get("/instructor/exams/NONE99/answers.csv").status_code == 404


def test_an_hour_of_the_clock_has_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        soon = now().replace(hour=14, minute=25)
        assert clock(soon) == "14:25 UTC"
        assert clock(soon + timedelta(days=1)) == f"{soon + timedelta(days=1):%Y-%m-%d} 14:25 UTC"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_handing_in_early(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client, limit_min="")
    began(client)
    post(client, "/exam", code=code)
    sitting = sitting_of(study)
    status, text = post(client, f"/s/{sitting}/end", f"/s/{sitting}")
    assert status == 200 and "Nothing was answered." in text
    study.store.close_exam(code)
    text = client.get(f"/s/{sitting}/result").text
    assert "Nothing was answered." in text and "CRS no answer" in text
    assert "<td>0 %</td>" in client.get(f"/instructor/exams/{code}").text
    assert client.get(f"/s/{sitting}/certificate").status_code == 404
    status, text = post(client, f"/s/{sitting}/0", **right_fields(study, sitting))
    assert status == 200 and "that one was not stored" in text
    assert study.store.questions(sitting)[0].attempt is None


def test_what_cannot_be_taken_back_is_asked_once_more(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client)
    began(client)
    post(client, "/exam", code=code)
    sitting = sitting_of(study)

    def behind(page: str, action: str) -> str:
        text = client.get(page).text
        assert text.count(f'action="{action}"') == 1
        asked = re.findall(r'<details class="ask.*?</details>', text, re.DOTALL)
        return str(next(one for one in asked if f'action="{action}"' in one))

    of = len(study.store.questions(sitting))
    assert f"{of} unanswered questions count as wrong." in behind(f"/s/{sitting}", f"/s/{sitting}/end")
    for place in range(of - 1):
        post(client, f"/s/{sitting}/{place}", f"/s/{sitting}", **right_fields(study, sitting, place))
    assert "1 unanswered question counts as wrong." in behind(f"/s/{sitting}", f"/s/{sitting}/end")
    assert "Yes, forget the name" in behind(f"/s/{sitting}", "/leave")
    assert "cannot be opened again" in behind(f"/instructor/exams/{code}", f"/instructor/exams/{code}/close")


def test_what_is_not_answered_counts(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client, patients="2")
    began(client)
    post(client, "/exam", code=code)
    sitting = sitting_of(study)
    post(client, f"/s/{sitting}/0", f"/s/{sitting}", **right_fields(study, sitting))
    post(client, f"/s/{sitting}/end", f"/s/{sitting}")
    study.store.close_exam(code)
    asked = [question(q.address, q.hour).scales for q in study.store.questions(sitting)]
    right, whole = len(asked[0]), sum(map(len, asked))
    assert f"{right} of {whole} grades right" in client.get(f"/s/{sitting}/certificate").text
    text = client.get(f"/s/{sitting}/result").text
    assert f"{right} of the {whole} grades asked are right" in text
    assert text.count("CRS no answer") == len(asked) - 1
    for place in range(1, len(asked)):
        assert f'href="/s/{sitting}/{place}"' in text
        page = client.get(f"/s/{sitting}/{place}").text
        found = study.store.questions(sitting)[place]
        crs = key(found.address, found.hour, "crs").grade
        words = f"grade {crs.floor}" if crs.grade is not None else f"cannot be told: grade {crs.floor} to {crs.ceiling}"
        assert f"You: <b>no answer</b>. Key: <b>{words}</b>." in page and "<svg" in page
        assert "Right" not in page and "A guess" not in page
    assert post(client, "/exam", code=code)[0] == 200
    with TestClient(client.app, base_url=BASE) as late:
        began(late, "Bo")
        status, text = post(late, "/exam", code=code)
        assert status == 400 and "is closed" in text


def test_an_instructor_reads_and_answers_for_nobody(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client)
    with TestClient(client.app, base_url=BASE) as trainee:
        began(trainee, "Ann")
        post(trainee, "/exam", code=code)
    sitting = sitting_of(study)
    shown_at = study.store.questions(sitting)[0].shown_at
    assert client.get(f"/s/{sitting}").status_code == 404
    assert "Still sitting." in client.get(f"/s/{sitting}/result").text
    assert study.store.questions(sitting)[0].shown_at == shown_at
    assert post(client, f"/s/{sitting}/0", **right_fields(study, sitting))[0] == 404
    assert post(client, f"/s/{sitting}/end")[0] == 404
    assert study.store.questions(sitting)[0].attempt is None


def test_the_same_form_makes_one_exam(client: TestClient, study: Study) -> None:
    entered(client)
    first, second = exam(client, form="abc"), exam(client, form="abc")
    assert first == second and len(study.store.exams()) == 1


def test_two_of_one_name_are_told_apart(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client)
    for _ in range(2):
        with TestClient(client.app, base_url=BASE) as trainee:
            began(trainee, "Ann")
            post(trainee, "/exam", code=code)
    assert set(re.findall(r"Ann \(\d\)", client.get(f"/instructor/exams/{code}").text)) == {"Ann (1)", "Ann (2)"}


def test_a_reason_says_that_it_cannot_be_told(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    asked = question(study.store.questions(sitting)[0].address, study.store.questions(sitting)[0].hour)
    reasons = {f"{scale}_because": "consciousness" if scale == "icans" else "o2_device" for scale in asked.scales}
    assert post(client, f"/s/{sitting}/0", f"/s/{sitting}", **reasons)[0] == 200
    attempt = study.store.questions(sitting)[0].attempt
    assert attempt is not None
    assert attempt["answer"]["grades"]["crs"] == {"grade": None, "because": "o2_device"}


def test_a_grade_stays_a_grade_beside_a_reason(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    fields = {"crs": "2", "crs_because": "o2_device", "icans": "0"}
    assert post(client, f"/s/{sitting}/0", f"/s/{sitting}", **fields)[0] == 200
    attempt = study.store.questions(sitting)[0].attempt
    assert attempt is not None and attempt["answer"]["grades"]["crs"] == {"grade": 2, "because": ""}


def test_a_forged_reason_is_not_stored(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    for because in ("zz", "age_years", "fever_other_cause", "death_from_crs"):
        fields = {"crs": "cannot", "crs_because": because, "icans": "0"}
        status, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", **fields)
        assert status == 400 and "Say which finding is missing" in text
    assert client.get(f"/s/{sitting}/result").status_code == 200


def test_what_was_chosen_stays_when_something_is_missing(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    _, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", crs="cannot", step=["icu", "fluids"])
    assert re.search(r'name="crs" value="cannot" checked', text)
    assert len(re.findall(r'name="step" value="\w+" checked', text)) == 2


def test_a_score_of_another_age_is_not_offered(client: TestClient, study: Study) -> None:
    for level, offered, not_offered in (("single-findings", "ice", "capd"), ("children", "capd", "ice")):
        sitting = started(client, study, level)
        for place in range(20):
            text = client.get(f"/s/{sitting}").text
            if "ICANS grade now" in text:
                break
            post(client, f"/s/{sitting}/{place}", f"/s/{sitting}", **right_fields(study, sitting, place))
        assert f'<option value="{offered}">' in text and f'<option value="{not_offered}">' not in text
        fields = {"crs": "0", "icans": "cannot", "icans_because": not_offered}
        assert post(client, f"/s/{sitting}/{place}", f"/s/{sitting}", **fields)[0] == 400
        post(client, "/leave")


def test_emoji_make_a_name(client: TestClient) -> None:
    began(client, "👩\u200d⚕️ Söhne")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"level": []}, "at least one level"),
        ({"patients": "41"}, "1 to 40 patients"),
        ({"patients": "-1"}, "in figures"),
        ({"limit_min": "5000"}, "1 to 1,440 minutes"),
        ({"limit_min": "soon"}, "in figures"),
        ({"limit_min": "14400"}, "1 to 1,440 minutes"),
        ({"limit_min": "9" * 5000}, "in figures"),
        ({"patients": "1000"}, "1 to 40 patients"),
        ({"patients": "9" * 5000}, "in figures"),
        ({"level": ["children", "nowhere"]}, "There is no such level. Choose levels of the list."),
    ],
)
def test_exams_that_cannot_be(client: TestClient, study: Study, fields: dict[str, str], words: str) -> None:
    entered(client)
    chosen = {"title": "x", "level": ["children"], "patients": "1", "limit_min": "", **fields}
    answer = client.post("/instructor/exams", data={"csrf": form(client, "/instructor"), **chosen})
    assert answer.status_code == 400 and words in answer.text
    assert study.store.exams() == []


def test_logging_out(client: TestClient) -> None:
    assert client.post("/instructor/exams", data={"csrf": form(client)}).url.path == "/instructor"
    entered(client)
    assert post(client, "/instructor/leave", "/instructor")[0] == 200
    assert "Passphrase" in client.get("/instructor").text


def test_without_a_passphrase_nobody_is_let_in(study: Study) -> None:
    with TestClient(site_of(study), base_url=BASE) as client:
        assert "No passphrase was set" in client.get("/instructor").text
        status, _ = post(client, "/instructor/enter", "/instructor", passphrase="")
        assert status == 403


def test_ice_item_by_item(client: TestClient, study: Study) -> None:
    sitting = started(client, study, "worst-of-several")
    for place in range(30):
        text = client.get(f"/s/{sitting}").text
        if "?ice=items" in text:
            by_item = client.get(f"/s/{sitting}?ice=items").text
            asked = study.store.questions(sitting)[place]
            ice = question(asked.address, asked.hour).case.observations[-1].ice
            points = [int(n) for n in re.findall(r"<li><b>(\d)</b> of \d:", by_item)]
            assert sum(points) == ice and len(points) == 8
            assert 'class="value" x=' in text and by_item.count('class="value"') == text.count('class="value"') - 1
            return
        post(client, f"/s/{sitting}/{place}", f"/s/{sitting}", **right_fields(study, sitting, place))
    pytest.fail("no question in which ICE was examined")
