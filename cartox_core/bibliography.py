"""The works that guidelines, trials and golden cases cite, by key."""

import difflib
import functools
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources


@functools.cache
def bibliography() -> Mapping[str, Mapping[str, str]]:
    """Title, authors, year, where and doi of each work.

    >>> bibliography()["lee-2019"]["year"]
    '2019'
    """
    return tomllib.loads((resources.files("cartox_core") / "bibliography.toml").read_text(encoding="utf-8"))


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint at the nearest of some words, to stand after a semicolon; empty without one.

    >>> nearest("lee-2091", bibliography())
    " did you mean 'lee-2019'?"
    >>> nearest("LEE-2019", bibliography())
    " did you mean 'lee-2019'?"
    """
    by_folded = {known.casefold(): known for known in words}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return f" did you mean {by_folded[close[0]]!r}?" if close else ""
