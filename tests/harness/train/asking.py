"""Requests as a browser sends them, and what trainees and instructors do with them."""

import re

from starlette.testclient import TestClient

from harness.train.question import key, question
from harness.train.study import Study

PASSPHRASE = "teach them all"
BASE = "http://127.0.0.1:8765"


def form(client: TestClient, path: str = "/") -> str:
    """The token of the forms on a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def post(client: TestClient, path: str, page: str = "/", **fields: str | list[str]) -> tuple[int, str]:
    """Send a form of a page, follow where it leads: status and text."""
    answer = client.post(path, data={"csrf": form(client, page), **fields})
    return answer.status_code, answer.text


def began(client: TestClient, name: str = "Ann") -> None:
    status, text = post(client, "/begin", name=name)
    assert status == 200 and "What would you like to practise?" in text


def sitting_of(study: Study) -> str:
    return study.store.sittings()[0].id


def started(client: TestClient, study: Study, level: str = "single-findings") -> str:
    began(client)
    status, _ = post(client, "/study", level=level)
    assert status == 200
    return sitting_of(study)


def right_fields(study: Study, sitting: str, place: int = 0) -> dict[str, str]:
    asked = study.store.questions(sitting)[place]
    fields = {}
    for scale in question(asked.address, asked.hour).scales:
        found = key(asked.address, asked.hour, scale)
        fields[scale] = "cannot" if found.grade.grade is None else str(found.grade.grade)
        fields[f"{scale}_because"] = found.missing[0] if found.missing else ""
    return fields


def entered(client: TestClient) -> None:
    status, text = post(client, "/instructor/enter", "/instructor", passphrase=PASSPHRASE)
    assert status == 200 and "Exams and trainees" in text


def exam(client: TestClient, **fields: str | list[str]) -> str:
    chosen = {"title": "Monday <1>", "level": ["single-findings"], "patients": "1", "limit_min": "30", **fields}
    answer = client.post("/instructor/exams", data={"csrf": form(client, "/instructor"), **chosen})
    assert answer.status_code == 200
    return answer.url.path.rsplit("/", 1)[1]
