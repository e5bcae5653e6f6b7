"""Find things by words: exact ones first, then those that mean the same, beginnings, and words spelled alike.

Names of the trade, abbreviations and common words stand for those of the files (same_words.toml); British spellings
are read as American ones.
"""

import dataclasses
import difflib
import functools
import math
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import resources

from harness.findable import KINDS, Item

_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "ɣ": "gamma", "κ": "kappa", "µ": "u", "μ": "u"})
_NAME, _TITLE, _TEXT = 4.0, 3.0, 1.0  # a word in the id, in the title, in the text
_SAME, _BEGINS, _ALIKE = 0.95, 0.85, 0.7
_SPELLED = 0.85  # how alike two words are spelled, at least
_SHORTEST, _INFLECTION = 3, 2  # letters of a beginning, and that a word which is known may go on for
_EXACT = 100.0
Alike = Mapping[str, float]


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a term finds, best first, and how many of its words each of these has."""

    items: tuple[Item, ...]
    held: int = 0
    of: int = 0


def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, compounds also as one, with the spelling of either side of the Atlantic.

    >>> words("IL-6 and IFN-γ"), words("Tumour oedema") == words("tumor edema")
    (('il', '6', 'il6', 'and', 'ifn', 'gamma', 'ifngamma'), True)
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_GREEK))
    plain = re.sub("[ao]e", "e", plain).replace("our", "or")
    found: list[str] = []
    for compound in re.findall(r"[a-z0-9]+(?:[-._/][a-z0-9]+)*", plain):
        parts = re.findall(r"[a-z0-9]+", compound)
        found += parts if len(parts) == 1 else [*parts, "".join(parts)]
    return tuple(found)


@functools.cache
def same_words() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The words of the files that other words stand for, both as :func:`words` has them.

    >>> same_words()[words("Actemra")], same_words()[words("spinal tap")]
    (('tocilizumab',), ('lumbar', 'puncture'))
    """
    text = (resources.files("harness") / "same_words.toml").read_text(encoding="utf-8")
    groups = tomllib.loads(text).values()
    return {words(other): words(name) for group in groups for name, others in group.items() for other in others}


def in_our_words(term: str) -> str:
    """A term whose phrases that only others use are those of the files; single words stay, and mean both.

    >>> in_our_words("spinal tap in ICANS")
    'lumbar puncture in ICANS'
    """
    told = term.split()
    for phrase, ours in same_words().items():
        for start in range(len(told) - len(phrase) + 1):
            if len(phrase) > 1 and words(" ".join(told[start : start + len(phrase)])) == phrase:
                told[start : start + len(phrase)] = ours
    return " ".join(told)


def search(term: str, items: Sequence[Item]) -> Found:
    """What a term finds, best first; what has all its words, or where nothing has, what has some.

    >>> from harness.findable import findable
    >>> search("IgG", findable()).items[0].id, search("tocilizumb cap", findable()).items[0].id
    ('icaht.igg', 'M2')
    """
    named = {item.id.casefold(): item for item in reversed(items)}
    asked = [name for name in re.split(r"[,;\s]+", term.casefold()) if name]
    if len(asked) > 1 and all(name in named for name in asked):
        return Found(tuple(named[name] for name in dict.fromkeys(asked)), len(asked), len(asked))
    told = [(item, _parts(item)) for item in items]
    known = {word for _, parts in told for _, some in parts for word in some}
    wanted = list(dict.fromkeys(_asked(in_our_words(term), known)))
    alike = {word: _alike(word, known) for word in wanted}
    ranked: list[tuple[int, float, int, Item]] = []
    for place, (item, parts) in enumerate(told):
        points = [max(weight * _best(alike[word], some) for weight, some in parts) for word in wanted]
        if held := sum(point > 0 for point in points):
            exact = _EXACT if item.id.casefold() == term.strip().casefold() else 0.0
            ranked.append((held, sum(points) + exact, place, item))
    most = max((held for held, *_ in ranked), default=0)
    best = [one for one in ranked if one[0] == most]
    best.sort(key=lambda one: (-one[1], KINDS.index(one[3].kind), one[2]))
    return Found(tuple(item for *_, item in best), most, len(wanted))


def nearest_words(term: str, items: Iterable[Item], most: int = 3) -> list[str]:
    """The words of names and titles that are spelled most like those of a term; none where none is like it.

    >>> from harness.findable import findable
    >>> nearest_words("tozzilisibab", findable()), nearest_words("zzzz", findable())
    (['tocilizumab'], [])
    """
    known = {word for item in items for word in (item.id.casefold(), *words(f"{item.id} {item.title}"))}
    near = (difflib.get_close_matches(word, sorted(known), n=most, cutoff=0.6) for word in term.casefold().split())
    return list(dict.fromkeys(word for some in near for word in some))[:most]


def _asked(term: str, known: Collection[str]) -> Iterator[str]:
    """The words of a term: a compound as one word where it is known as that (IL-6), else each part of it."""
    for compound in term.split():
        *parts, whole = words(compound) or ("",)
        yield from parts if parts and whole not in known and words(compound) not in same_words() else [whole]


def _parts(item: Item) -> list[tuple[float, tuple[str, ...]]]:
    """The words of an item, by what it is worth to find them."""
    return [(_NAME, words(item.id)), (_TITLE, words(item.title)), (_TEXT, words(_rest(item)))]


def _rest(item: Item) -> str:
    values = " ".join(f"{name} {value}" for name, value in item.values.items())
    return f"{item.text} {item.kind} {values}"


def _alike(word: str, known: Collection[str]) -> Alike:
    """The known words that a word may mean, each with how sure that is; spelled alike only what is not known itself."""
    if not word:
        return {}
    same = next((ours for other, ours in same_words().items() if other[-1] == word and _is_one(other)), ())
    longest = len(word) + _INFLECTION if word in known or same else math.inf
    begins = {w: _BEGINS for w in known if len(word) >= _SHORTEST and w.startswith(word) and len(w) <= longest}
    found = {**begins, **dict.fromkeys(same[-1:], _SAME), word: 1.0}
    if len(found) > 1 or word in known or len(word) <= _SHORTEST or not word.isalpha():
        return found
    close = difflib.get_close_matches(word, [w for w in known if w[0] == word[0]], n=5, cutoff=_SPELLED)
    return {**{w: _ALIKE * difflib.SequenceMatcher(None, word, w).ratio() for w in close}, **found}


def _is_one(phrase: tuple[str, ...]) -> bool:
    """Whether a phrase is one word, or one compound told also as a whole."""
    return len(phrase) == 1 or "".join(phrase[:-1]) == phrase[-1]


def _best(alike: Alike, some: Sequence[str]) -> float:
    return max((alike.get(word, 0.0) for word in some), default=0.0)
