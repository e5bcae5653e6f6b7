import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cli.lines import batches


def plain(data: bytes, limit: int) -> list[bytes | None]:
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line if len(line) <= limit else None for line in lines]


@given(
    st.lists(st.sampled_from([b"", b"a", b"\n", b"bcd", b"\n\n", b"efghijk\n", b"l\nm"])),
    st.integers(1, 7),
    st.integers(0, 6),
)
def test_lines_are_the_same_however_they_arrive(parts: list[bytes], chunk: int, limit: int) -> None:
    data = b"".join(parts)
    stream = io.BytesIO(data)
    assert [line for batch in batches(stream.read, limit, chunk) for line in batch] == plain(data, limit)


def test_what_has_arrived_is_given_before_more_is_asked_for() -> None:
    asked: list[int] = []
    arriving = [b"one\ntwo\nth", b"ree\n", b""]

    def read(size: int) -> bytes:
        asked.append(size)
        return arriving[len(asked) - 1]

    coming = batches(read, 100)
    assert (next(coming), len(asked)) == ([b"one", b"two"], 1)
    assert (next(coming), len(asked)) == ([b"three"], 2)
    with pytest.raises(StopIteration):
        next(coming)
