"""On which line of a TOML text a table or a key stands; tomllib keeps no places."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence

Path = tuple[str | int, ...]
"""Keys and places in lists, from the top: ``("scale", "crs", "domain", 0, "title")``."""

_NAME = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEY = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEY})\s*\]")
_VALUE = re.compile(rf"\s*({_KEY})\s*=")


class Lines:
    r"""The lines of a text that is TOML.

    >>> found = Lines('id = "a"\n[[scale.crs.gate]]\nwhen = { temp_c = "> 38" }')
    >>> found.of(("scale", "crs", "gate", 0, "when", "temp_c")), found.of(("scale", "crs", "title"))
    (3, 2)
    """

    def __init__(self, text: str) -> None:
        self._at = _places(text.replace("\r\n", "\n").split("\n"))

    def of(self, path: Path) -> int:
        """The line (from 1) of a path, or of the nearest table or key above it that has one."""
        while path and path not in self._at:
            path = path[:-1]
        return self._at.get(path, 1)


def _places(lines: Sequence[str]) -> Mapping[Path, int]:
    """The line of each header and key, and of the tables that they imply."""
    at: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    rest = iter(enumerate(lines, start=1))
    for number, line in rest:
        if header := _HEADER.match(line):
            table = _table(_names(header[2]), counts, is_list=header[1] == "[[")
            _note(at, table, number)
        elif key := _VALUE.match(line):
            _note(at, (*table, *_names(key[1])), number)
            _skip_value(line[key.end() :], rest)
    return at


def _note(at: dict[Path, int], path: Path, number: int) -> None:
    for end in range(1, len(path) + 1):
        at.setdefault(path[:end], number)


def _table(names: Sequence[str], counts: dict[Path, int], is_list: bool) -> Path:
    """The path of a header; a list that it passes through stands at its last entry."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if is_list:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def _names(key: str) -> list[str]:
    """The names of a dotted key."""
    return [_plain(name) for name in re.findall(_NAME, key)]


def _plain(name: str) -> str:
    return str(next(iter(tomllib.loads(f"{name} = 0"))))


def _skip_value(begun: str, rest: Iterator[tuple[int, str]]) -> None:
    """Pass over the lines that a value goes on to."""
    while not _is_whole(begun):
        after = next(rest, None)
        if after is None:
            return
        begun = f"{begun}\n{after[1]}"


def _is_whole(value: str) -> bool:
    try:
        tomllib.loads(f"value = {value}")
    except ValueError:
        return False
    return True
