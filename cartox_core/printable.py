"""Characters that do not print as themselves: they steer a terminal, or turn the order in which a line is read."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, format, half a surrogate pair, ends of lines
_MANY_LINES = frozenset({"text", "gate_text", "note", "why", "what", "evidence"})


def is_unseen(character: str) -> bool:
    """Whether a character does not print as itself.

    >>> [is_unseen(c) for c in "a µ"], is_unseen(chr(0x1B)), is_unseen(chr(0x202E))
    ([False, False, False], True, True)
    """
    return unicodedata.category(character) in _UNSEEN


def visible(text: str) -> str:
    r"""A text with what does not print as itself written out; line ends and tabs stay.

    >>> visible(f"red {chr(0x1B)}[31m")
    'red \\x1b[31m'
    """
    return "".join(ascii(c)[1:-1] if is_unseen(c) and c not in "\n\t" else c for c in text)


def unseen(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """What does not print in the value of a key of a file: in it, in its list, or in the names and texts of its table.

    Each with the name in the table, empty where the value is none. Line ends and tabs may stand in what is written to
    be read as a paragraph, such as ``text``.

    >>> list(unseen(f"no fever{chr(0x202E)}", "title"))
    [('', 'title holds U+202E RIGHT-TO-LEFT OVERRIDE')]
    """
    allowed = "\n\t" if key in _MANY_LINES else ""
    for name, text in _texts(value):
        for character in text:
            if is_unseen(character) and character not in allowed:
                yield name, f"{key} holds U+{ord(character):04X} {_called(character)}".rstrip()
                break


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from ((name, name) for name in value)
        yield from ((name, text) for name, text in value.items() if isinstance(text, str))
    else:
        inside = value if isinstance(value, list) else [value]
        yield from (("", text) for text in inside if isinstance(text, str))


def _called(character: str) -> str:
    plain = {"\n": "the end of a line", "\r": "the end of a line", "\t": "a tab", "\x1b": "ESCAPE"}
    return plain[character] if character in plain else unicodedata.name(character, "")
