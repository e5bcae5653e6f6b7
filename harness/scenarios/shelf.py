"""A shelf of TOML files: a file of one kind by its name there, or one of one's own by its path."""

import dataclasses
import difflib
from importlib.resources.abc import Traversable
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Shelf:
    """A folder with the files of a kind, of which ``first`` is told first; ``error`` is what is raised.

    ``listing`` tells where the names can be seen, instead of the names themselves.
    """

    kind: str
    folder: Traversable
    first: str
    error: type[ValueError]
    listing: str = ""

    def names(self) -> tuple[str, ...]:
        """The names on the shelf, in the order of the alphabet after the first."""
        names = (f.name.removesuffix(".toml") for f in self.folder.iterdir() if f.name.endswith(".toml"))
        return tuple(sorted(names, key=lambda name: (name != self.first, name)))

    def text_and_name(self, source: str, beside: Path | None = None) -> tuple[str, str]:
        """The text of what is called so on the shelf, or of that file; and its name. Raises ``error``.

        A file is looked for in the folder ``beside`` first, where there is one, then in the working directory.
        """
        if source in self.names():
            return (self.folder / f"{source}.toml").read_text(encoding="utf-8"), source
        try:
            for folder in dict.fromkeys((beside or Path(), Path())):
                for path in (folder / source, folder / f"{source}.toml"):  # an address names a file without its ending
                    if path.is_file():
                        return path.read_text(encoding="utf-8-sig"), path.stem  # Notepad begins with a mark
        except (OSError, ValueError) as error:
            raise self.error(f"{source} cannot be read: {error}") from None
        raise self.error(self._missing(source))

    def _missing(self, source: str) -> str:
        near = difflib.get_close_matches(source, self.names(), n=1)
        hint = f" did you mean {near[0]!r}?" if near else ""
        there = self.listing or f"on the shelf: {', '.join(self.names())}"
        return f"there is no {self.kind} {source!r}, and no such file;{hint} {there}"
