"""Find things by words: exact ones first, then beginnings, then words that are spelled alike."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from harness.findable import KINDS, Item

_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "ɣ": "gamma", "κ": "kappa", "µ": "u", "μ": "u"})
_NAME, _TITLE, _TEXT = 4.0, 3.0, 1.0  # a word in the id, in the title, in the text
_BEGINS, _ALIKE = 0.85, 0.7
_SHORTEST = 3  # letters of a beginning
_EXACT = 100.0
Alike = Mapping[str, float]


def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, compounds also as one.

    >>> words("IL-6 and IFN-γ")
    ('il', '6', 'il6', 'and', 'ifn', 'gamma', 'ifngamma')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_GREEK))
    found: list[str] = []
    for compound in re.findall(r"[a-z0-9]+(?:[-._/][a-z0-9]+)*", plain):
        parts = re.findall(r"[a-z0-9]+", compound)
        found += parts if len(parts) == 1 else [*parts, "".join(parts)]
    return tuple(found)


def search(term: str, items: Sequence[Item]) -> list[Item]:
    """What a term finds, best first; what has all its words, or where nothing has, what has some.

    >>> from harness.findable import findable
    >>> search("IgG", findable())[0].id, search("tocilizumb cap", findable())[0].id
    ('igg-replacement', 'M2')
    """
    named = {item.id.casefold(): item for item in reversed(items)}
    asked = [name for name in re.split(r"[,;\s]+", term.casefold()) if name]
    if len(asked) > 1 and all(name in named for name in asked):
        return [named[name] for name in dict.fromkeys(asked)]
    told = [(item, _parts(item)) for item in items]
    known = {word for _, parts in told for _, some in parts for word in some}
    wanted = list(dict.fromkeys(_asked(term, known)))
    alike = {word: _alike(word, known) for word in wanted}
    ranked: list[tuple[int, float, int, Item]] = []
    for place, (item, parts) in enumerate(told):
        points = [max(weight * _best(alike[word], some) for weight, some in parts) for word in wanted]
        if held := sum(point > 0 for point in points):
            exact = _EXACT if item.id.casefold() == term.strip().casefold() else 0.0
            ranked.append((held, sum(points) + exact, place, item))
    most = max((held for held, *_ in ranked), default=0)
    best = [one for one in ranked if one[0] == most]
    return [item for *_, item in sorted(best, key=lambda one: (-one[1], KINDS.index(one[3].kind), one[2]))]


def nearest_names(term: str, items: Iterable[Item], most: int = 3) -> list[str]:
    """The ids that are spelled most like a term."""
    return difflib.get_close_matches(term.casefold(), list({item.id for item in items}), n=most, cutoff=0.4)


def _asked(term: str, known: Collection[str]) -> Iterator[str]:
    """The words of a term: a compound as one word where it is known as that (IL-6), else each part of it."""
    for compound in term.split():
        *parts, whole = words(compound) or ("",)
        yield from parts if parts and whole not in known else [whole]


def _parts(item: Item) -> list[tuple[float, tuple[str, ...]]]:
    """The words of an item, by what it is worth to find them."""
    return [(_NAME, words(item.id)), (_TITLE, words(item.title)), (_TEXT, words(_rest(item)))]


def _rest(item: Item) -> str:
    values = " ".join(f"{name} {value}" for name, value in item.values.items())
    return f"{item.text} {item.kind} {values}"


def _alike(word: str, known: Iterable[str]) -> Alike:
    """The known words that a word may mean, each with how sure that is."""
    if not word:
        return {}
    begins = {w: _BEGINS for w in known if len(word) >= _SHORTEST and w.startswith(word)}
    close = difflib.get_close_matches(word, list(known), n=5, cutoff=0.8) if len(word) > _SHORTEST else []
    return {**{w: _ALIKE * difflib.SequenceMatcher(None, word, w).ratio() for w in close}, **begins, word: 1.0}


def _best(alike: Alike, some: Sequence[str]) -> float:
    return max((alike.get(word, 0.0) for word in some), default=0.0)
