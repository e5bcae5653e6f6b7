"""How long the bedside page takes where many train at once: a real server, real requests, everybody on an exam.

Run as a program it prints its figures: ``python -m benchmarks.train_pages``.
"""

import asyncio
import contextlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2

TRAINEES, ANSWERS, THINK_S = 50, 8, 4.0
PASSPHRASE = "only for the benchmark"
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
_CODE = re.compile(r'class="code">([A-Z0-9]{6})<')
Times = dict[str, list[float]]


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server on a new file."""
    (folder / "passphrase").write_text(PASSPHRASE)
    command = [sys.executable, "-m", "harness.cli", "train", "--port", "0", "--no-open"]
    command += ["--db", str(folder / "train.db"), "--passphrase-file", str(folder / "passphrase")]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+:\d+", server.stdout.readline())
        assert found is not None
        try:
            yield found[0]
        finally:
            server.terminate()


@contextlib.asynccontextmanager
async def client(address: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser of somebody, with cookies of its own."""
    async with httpx2.AsyncClient(base_url=address, follow_redirects=True, timeout=60, trust_env=False) as found:
        yield found


async def timed(times: Times, what: str, asked: Any) -> httpx2.Response:
    """The answer of a request, its time noted."""
    began = time.perf_counter()
    found: httpx2.Response = await asked
    times.setdefault(what, []).append(time.perf_counter() - began)
    assert found.status_code < httpx2.codes.BAD_REQUEST, found.text
    return found


def csrf(text: str) -> str:
    """The token of the forms on a page."""
    found = _CSRF.search(text)
    assert found is not None
    return found[1]


async def exam(address: str) -> str:
    """The code of a new exam."""
    async with client(address) as teacher:
        page = (await teacher.get("/instructor")).text
        await teacher.post("/instructor/enter", data={"csrf": csrf(page), "passphrase": PASSPHRASE})
        page = (await teacher.get("/instructor")).text
        levels = ["single-findings", "worst-of-several", "masked-fever", "missing-data"]
        made = {"csrf": csrf(page), "title": "Benchmark", "level": levels, "patients": "2", "limit_min": ""}
        found = _CODE.search((await teacher.post("/instructor/exams", data=made)).text)
        assert found is not None
        return found[1]


async def trainee(address: str, code: str, name: str, times: Times, think_s: float) -> None:
    """Somebody who sits the exam, thinks, and answers."""
    chance = random.Random(name)
    async with client(address) as one:
        page = (await one.get("/")).text
        page = (await one.post("/begin", data={"csrf": csrf(page), "name": name})).text
        page = (await one.post("/exam", data={"csrf": csrf(page), "code": code})).text
        for _ in range(ANSWERS):
            await asyncio.sleep(chance.expovariate(1 / think_s))
            page = (await timed(times, "question", one.get(re.search(r"/s/[\w-]+", page)[0]))).text  # type: ignore[index]
            action = re.search(r'action="(/s/[\w-]+/\d+)"', page)
            if action is None:
                return
            await asyncio.sleep(chance.expovariate(1 / think_s))
            answer = {"csrf": csrf(page), "crs": "1", "icans": "0", "step": "tocilizumab"}
            stored = await timed(times, "answer", one.post(action[1], data=answer, follow_redirects=False))
            page = f"/s/{stored.headers['location'].split('/')[2]}"


async def everybody(address: str, trainees: int, think_s: float) -> Times:
    """All at once."""
    code = await exam(address)
    times: Times = {}
    await asyncio.gather(*(trainee(address, code, f"T{i}", times, think_s) for i in range(trainees)))
    return times


def measure(trainees: int = TRAINEES, think_s: float = THINK_S) -> dict[str, Any]:
    """Median, 95 % and worst time of a page in ms, and how many pages were asked a second."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        began = time.perf_counter()
        times = asyncio.run(everybody(address, trainees, think_s))
        took = time.perf_counter() - began
    figures: dict[str, Any] = {"trainees": trainees, "pages_a_second": sum(map(len, times.values())) / took}
    for what, seconds in times.items():
        ranked = sorted(1000 * s for s in seconds)
        figures |= {
            f"{what}_median_ms": statistics.median(ranked),
            f"{what}_95_ms": ranked[int(0.95 * (len(ranked) - 1))],
            f"{what}_worst_ms": ranked[-1],
            f"{what}s": len(ranked),
        }
    return figures


if __name__ == "__main__":
    print(json.dumps({k: round(v, 1) for k, v in measure().items()}, indent=2))
