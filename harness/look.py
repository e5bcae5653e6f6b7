"""How the pages about several guidelines look: one style sheet, written into each page, light and dark and in print."""

import functools
from importlib import resources

from markupsafe import Markup


@functools.cache
def style() -> Markup:
    """The style sheet."""
    return Markup((resources.files("harness") / "look.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
