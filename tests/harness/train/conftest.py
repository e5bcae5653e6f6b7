"""A study over a file of its own, and a browser that asks its site."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from harness.train.site import site_of
from harness.train.store import Store
from harness.train.study import Study
from tests.harness.train.asking import BASE, PASSPHRASE


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    seeds = itertools.count(7)  # one exam after another, the same in each run
    monkeypatch.setattr("harness.train.study.secrets.randbelow", lambda _: next(seeds))
    found = Study(Store(tmp_path / "train.db"))
    yield found
    found.close()


@pytest.fixture
def client(study: Study) -> Iterator[TestClient]:
    with TestClient(site_of(study, PASSPHRASE), base_url=BASE) as found:
        yield found
