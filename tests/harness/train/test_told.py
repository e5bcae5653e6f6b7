"""What is said of an answer on its page."""

from starlette.testclient import TestClient

from harness.train.next_steps import next_steps
from harness.train.question import advice, key
from harness.train.study import Study
from tests.harness.train.asking import BASE, began, entered, exam, post, right_fields, started


def test_a_wrong_answer_of_a_closed_exam_has_the_smallest_change(client: TestClient, study: Study) -> None:
    entered(client)
    code = exam(client)
    with TestClient(client.app, base_url=BASE) as trainee:
        began(trainee)
        assert post(trainee, "/exam", code=code)[0] == 200
        sitting = study.store.sittings(exam=code)[0].id
        first = study.store.questions(sitting)[0]
        right = key(first.address, first.hour, "crs").grade
        wrong = str((right.ceiling + 1) % 5)
        assert post(trainee, f"/s/{sitting}/0", f"/s/{sitting}", crs=wrong, icans="0")[0] == 200
        assert post(client, f"/instructor/exams/{code}/close", f"/instructor/exams/{code}")[0] == 200
        assert f"Grade {wrong} would have been right with" in trainee.get(f"/s/{sitting}/0").text


def test_the_heading_tells_right_grades_from_right_steps(client: TestClient, study: Study) -> None:
    sitting = started(client, study)
    fields = right_fields(study, sitting)
    asked = study.store.questions(sitting)[0]
    assert "anakinra" in next_steps(["anakinra"], advice(asked.address, asked.hour)).wrong
    assert post(client, f"/s/{sitting}/0", f"/s/{sitting}", **fields, step="anakinra")[0] == 200
    assert "<h1>The grades are right." in client.get(f"/s/{sitting}/0").text
