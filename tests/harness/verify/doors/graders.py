"""Small graders as programs, good and hostile, for the tests of doors. Each is run as ``python -c``."""

import sys

HELLO = '{"op": "hello", "protocol": 1, "grader": {"name": "small"}, "can": {}}'
_LOOP = """
import json, os, signal, subprocess, sys, time
def say(text): sys.stdout.write(text + "\\n"); sys.stdout.flush()
say('HELLO') if sys.stdin.readline() else None
seen = 0
for line in sys.stdin:
    m = json.loads(line)
    if m["op"] == "bye": break
    seen += 1
    DO
""".replace("HELLO", HELLO)
GRADED = 'say(json.dumps({"id": m["id"], "status": "graded", "grades": [0] * len(m["observations"])}))'


def program(do: str = GRADED) -> tuple[str, ...]:
    """A grader that does this with every case (``m``); ``seen`` counts them, ``say`` writes a line."""
    return (sys.executable, "-c", _LOOP.replace("DO", do.replace("\n", "\n    ")))


def only_at(number: int, do: str) -> tuple[str, ...]:
    """A grader that is good but for the case of that number."""
    return program(f"if seen == {number}:\n    {do}\nelse:\n    {GRADED}")


def on_case(mark: str, do: str) -> tuple[str, ...]:
    """A grader that is good but for cases in which that text stands."""
    return program(f"if {mark!r} in line:\n    {do}\nelse:\n    {GRADED}")
