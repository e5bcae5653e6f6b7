"""The text that a new guideline file begins with: a commented template, or a file from the shelf under another id."""

import re
from importlib import resources

from cartox_core.guideline import GuidelineError
from cartox_core.library import guideline_ids, guideline_text

DEFAULT_ID = "my-site"


def begun(name: str = DEFAULT_ID, origin: str | None = None, file: str | None = None) -> str:
    """A guideline file to go on from, with the id ``name``; ``origin`` is on the shelf, ``file`` where it will be.

    Raises GuidelineError when the name cannot be an id, or the shelf has no such guideline.

    >>> begun("st-elsewhere", "lee-2014").partition(".")[0]
    '# st-elsewhere: begun from lee-2014'
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise GuidelineError(f"{name!r} cannot be an id; write letters, digits and hyphens, such as {DEFAULT_ID}")
    if name in guideline_ids():
        raise GuidelineError(f"{name} is on the shelf; choose another id, such as {DEFAULT_ID}")
    if origin is None:
        template = resources.files("harness.authoring") / "template.toml"
        text, place = template.read_text(encoding="utf-8"), f"{DEFAULT_ID}.toml"
        parts = [part.replace(DEFAULT_ID, name) for part in text.split(place)]  # a file may be called my-site-2.toml
        return (file or f"{name}.toml").join(parts)
    return _renamed(guideline_text(origin), name, origin, file or f"{name}.toml")


def _renamed(text: str, name: str, origin: str, file: str) -> str:
    text = re.sub(r'^id = ".*"', f'id = "{name}"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r'^title = "(.*)"', rf'title = "\1, as changed by {name}"', text, count=1, flags=re.MULTILINE)
    return _HEAD.format(name=name, origin=origin, file=file) + text


_HEAD = """\
# {name}: begun from {origin}. Change what your site does otherwise, and say in "cite" where that is written.
# After every change:   cartox guideline check {file}
# What it changes:      cartox compare {origin} {file}
# A work that the bibliography lacks, such as your procedure, can be cited once it is described:
#   [source.our-sop]
#   title = "…"
#   authors = "…"
#   year = 2026
#   where = "…"
#
# What follows is the file as it was.

"""
