"""Lines out of a stream of bytes, in batches: what has arrived, without waiting for more and without bound on none."""

from collections.abc import Callable, Iterator

WIRE_LIMIT = 1 << 20  # protocol section 4
FILE_LIMIT = 16 << 20


def batches(read: Callable[[int], bytes], limit: int, chunk: int = 65536) -> Iterator[list[bytes | None]]:
    r"""The complete lines of each read, until there is nothing more; None is a line of more than ``limit`` bytes.

    A line that is too long is thrown away as it comes, so memory stays bounded.

    >>> parts = iter([b"one\ntw", b"o\nvery", b" long\n", b"end", b""])
    >>> list(batches(lambda size: next(parts), limit=5))
    [[b'one'], [b'two'], [None], [b'end']]
    """
    pieces: list[bytes] = []
    held = 0
    while data := read(chunk):
        first, *rest = data.split(b"\n")
        held += len(first)
        if held <= limit:
            pieces.append(first)
        else:
            pieces.clear()
        if rest:
            last = rest.pop()
            lines = [b"".join(pieces) if held <= limit else None]
            lines += [line if len(line) <= limit else None for line in rest]
            pieces, held = [last], len(last)
            yield lines
    if held:
        yield [b"".join(pieces) if held <= limit else None]
