"""What is refused: other hosts, forged and odd requests, answers that come too late, guesses; and how that is said."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from harness.train.guards import HEADERS, LARGEST_BODY, MOST_KNOWN, TRIES, Cookies, Tries
from harness.train.hosts import Hosts, hosts_of
from harness.train.site import site_of
from harness.train.store import Store
from harness.train.study import Study
from tests.harness.train.asking import (
    BASE,
    PASSPHRASE,
    began,
    entered,
    exam,
    form,
    post,
    right_fields,
    sitting_of,
    started,
)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "127.0.0.1@evil", "", "1.2.3.4, evil"]
)
def test_other_hosts_are_refused(client: TestClient, study: Study, host: str) -> None:
    for app in (client.app, site_of(study, hosts=Hosts(any_number=True))):
        with TestClient(app, base_url=BASE) as asking:
            answer = asking.get("/", headers={"host": host})
        assert answer.status_code == 400 and "not known by that name" in answer.text and "\n" not in answer.text
        assert all(answer.headers[name] == value for name, value in HEADERS.items())


@pytest.mark.parametrize("host", ["192.168.1.7:8765", "10.0.0.3", "[fe80::1]:8765", "[2001:db8::7]"])
def test_other_computers_reach_it_by_any_number_where_it_listens_to_them(study: Study, host: str) -> None:
    for listening, status in (("0.0.0.0", 200), ("::", 200), ("192.168.1.7", 200), ("127.0.0.1", 400), ("::1", 400)):
        with TestClient(site_of(study, hosts=hosts_of(listening)), base_url=BASE) as asking:
            assert asking.get("/", headers={"host": host}).status_code == status


def test_forged_forms_are_refused(client: TestClient, study: Study) -> None:
    client.get("/")
    assert client.post("/begin", data={"name": "Ann"}).status_code == 403
    assert client.post("/begin", data={"name": "Ann", "csrf": "0" * 64}).status_code == 403
    token = form(client)
    other = {"origin": "http://evil.example"}
    assert client.post("/begin", data={"name": "Ann", "csrf": token}, headers=other).status_code == 403
    for odd in ("http://[", "null", "x"):
        assert client.post("/begin", data={"name": "Ann", "csrf": token}, headers={"origin": odd}).status_code == 403
    with TestClient(client.app, base_url=BASE) as stranger:
        assert stranger.post("/begin", data={"name": "Ann", "csrf": token}).status_code == 403
    assert study.store.sittings() == []


def test_a_token_of_other_signs_is_refused(client: TestClient) -> None:
    client.get("/")
    for odd in ("é", "\udcff", "\x00", "f" * 1000):
        body = f"csrf={quote(odd, errors='surrogatepass')}&name=Ann"
        assert client.post("/begin", content=body).status_code == 403


@pytest.mark.parametrize("place", ["9" * 20, "9" * 4400, "-1", "٣", "1.0"])
def test_places_that_cannot_be(client: TestClient, study: Study, place: str) -> None:
    sitting = started(client, study)
    assert client.get(f"/s/{sitting}/{place}").status_code == 404
    assert post(client, f"/s/{sitting}/{place}", crs="1")[0] == 404


def test_a_fault_of_ours_is_one_line_with_the_headers(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("harness.train.site.Site.page", broken)
    with TestClient(site_of(study), base_url=BASE, raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status_code == 500 and answer.text.count("\n") == 0 and "secret" not in answer.text
    assert all(answer.headers[name] == value for name, value in HEADERS.items())


def test_odd_requests_are_refused(client: TestClient) -> None:
    token = form(client)
    assert client.post("/begin", data={"csrf": token, "name": "x" * LARGEST_BODY}).status_code == 413
    assert client.put("/begin", data={"csrf": token}).status_code == 405
    assert client.post("/begin", content=b"\xff\xfe=1", headers={"origin": BASE}).status_code == 400
    many = "&".join(f"a{i}=1" for i in range(1000))
    assert client.post("/begin", content=f"csrf={token}&{many}").status_code == 400
    assert client.get("/begin").status_code == 405


def test_an_answer_that_came_in_time_is_stored_however_long_the_server_thinks(
    client: TestClient, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(client)
    code = exam(client, patients="2")
    began(client)
    post(client, "/exam", code=code)
    sitting = study.store.sittings(exam=code)[0]
    assert sitting.until is not None
    token, fields = form(client, f"/s/{sitting.id}"), right_fields(study, sitting.id)
    for module in ("study", "store", "sitting_pages"):
        monkeypatch.setattr(f"harness.train.{module}.now", lambda: sitting.until + timedelta(seconds=3))
    monkeypatch.setattr("harness.train.site.now", lambda: sitting.until - timedelta(seconds=1))
    client.post(f"/s/{sitting.id}/0", data={"csrf": token, **fields})
    monkeypatch.setattr("harness.train.site.now", lambda: sitting.until)
    answer = client.post(f"/s/{sitting.id}/1", data={"csrf": token, **fields})
    assert "that one was not stored" in answer.text
    first, second = study.store.questions(sitting.id)[:2]
    assert first.attempt is not None and second.attempt is None


def test_an_exam_that_is_closed_while_the_server_thinks(
    client: TestClient, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(client)
    code = exam(client)
    began(client)
    post(client, "/exam", code=code)
    sitting = sitting_of(study)

    def closed_meanwhile(*_: object) -> dict[str, object]:
        study.store.close_exam(code)
        return {}

    fields = right_fields(study, sitting)
    monkeypatch.setattr("harness.train.study.found", closed_meanwhile)
    _, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", **fields)
    assert "that one was not stored" in text and study.store.questions(sitting)[0].attempt is None


def test_a_second_answer_from_an_old_tab_is_said_to_be_dropped(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client, patients="2")
    began(client)
    post(client, "/exam", code=code)
    sitting = sitting_of(study)
    post(client, f"/s/{sitting}/0", f"/s/{sitting}", crs="1", icans="1")
    _, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", crs="1", icans="1")
    assert "the first answer stands" not in text
    _, text = post(client, f"/s/{sitting}/0", f"/s/{sitting}", crs="2", icans="1")
    assert "Question 1 was answered before; the first answer stands." in text and "question 2 of" in text
    assert "the first answer stands" not in client.get(f"/s/{sitting}?stands=<b>").text


def test_a_look_at_the_head_shows_nothing(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    other = study.store.new_sitting(1, "children", None, 1, [("v1/table1/ZUMA-1/1/1", 24.0)])
    assert client.head(f"/s/{other}").status_code == 200
    assert study.store.questions(other)[0].shown_at is None
    assert study.store.questions(sitting)[0].shown_at is not None


def test_a_file_that_is_gone_is_said_and_not_made_anew(client: TestClient, study: Study) -> None:
    began(client)
    token = form(client)
    for path in study.store.path.parent.glob("train.db*"):
        path.unlink()
    answer = client.post("/study", data={"csrf": token, "level": "children"})
    assert answer.status_code == 503 and "cannot be reached" in answer.text
    assert answer.headers["content-security-policy"] and not study.store.path.exists()


def test_guessing_the_passphrase(client: TestClient) -> None:
    token = form(client, "/instructor")
    for _ in range(TRIES):
        assert client.post("/instructor/enter", data={"csrf": token, "passphrase": "x"}).status_code == 403
    answer = client.post("/instructor/enter", data={"csrf": token, "passphrase": PASSPHRASE})
    assert answer.status_code == 429 and "Try again in" in answer.text


def test_a_new_passphrase_locks_out_old_instructors(client: TestClient, study: Study) -> None:
    entered(client)
    with TestClient(site_of(study, "another passphrase"), base_url=BASE, cookies=client.cookies) as restarted:
        assert "Exams and trainees" not in restarted.get("/instructor").text
    with TestClient(site_of(study, PASSPHRASE), base_url=BASE, cookies=client.cookies) as restarted:
        assert "Exams and trainees" in restarted.get("/instructor").text


def test_a_passphrase_is_the_same_however_its_accents_are_typed(study: Study) -> None:
    with TestClient(site_of(study, "gru\u0308n ist die"), base_url=BASE) as client:
        assert post(client, "/instructor/enter", "/instructor", passphrase="gr\u00fcn ist die")[0] == 200


def test_who_is_known_keeps_the_name(client: TestClient, study: Study) -> None:
    began(client, "Ann")
    status, text = post(client, "/begin", name="Bo")
    assert status == 200 and "Ann" in text and "Bo" not in text
    assert study.store.trainee(client.cookies[Cookies.of(study.store.file_id).trainee]) == (1, "Ann")


def test_two_files_on_one_computer_keep_their_names_apart(client: TestClient, tmp_path: Path) -> None:
    other = Study(Store(tmp_path / "other.db"))
    began(client, "Ann")
    with TestClient(site_of(other), base_url="http://127.0.0.1:8766", cookies=client.cookies) as second:
        began(second, "Bo")
        client.cookies.update(second.cookies)
    assert "Ann" in client.get("/").text
    other.close()


def test_of_many_who_guess_the_oldest_are_forgotten() -> None:
    tries = Tries()
    for who in ("first", *(str(i) for i in range(MOST_KNOWN - 1)), "last"):
        for _ in range(TRIES):
            tries.failed(who)
    assert tries.wait_s("first") == 0.0 and tries.wait_s("0") > 0 and tries.wait_s("last") > 0


def test_what_is_refused_is_said_in_sentences(client: TestClient) -> None:
    began(client)
    for path, fields in (("/study", {"level": "a\x00b"}), ("/exam", {"code": "a\x00b"}), ("/exam", {"code": "none99"})):
        status, text = post(client, path, **fields)
        said = re.search(r'role="alert">([^<]*)<', text)
        assert status == 400 and said is not None
        assert said[1][0].isupper() and said[1].endswith(".") and "\\x" not in said[1] and "\x00" not in said[1]
