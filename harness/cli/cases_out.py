"""Where cases are written to in any format: a file, a folder or standard output, whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.cli.failure import Stopped, one_line, reason_of
from harness.cli.output import check_file, folder_of_its_own, is_stream, whole_file
from harness.cli.streams import CHUNK, STDIN, write
from harness.exchange.chart import ExchangeError
from harness.exchange.format import FORMATS, Format, format_named


def format_to(target: str, asked: str | None = None) -> Format:
    """The format to write: the one asked for, or by the name of the target. Raises Stopped."""
    if asked is not None:
        if asked not in FORMATS:
            raise Stopped(f"there is no format {asked!r}; there are {', '.join(FORMATS)}")
        if asked == "cohort":
            raise Stopped("a cohort folder is what cartox run --out writes; write parquet instead")
        return FORMATS[asked]
    found = None if target == STDIN else format_named(Path(target))
    if found is None:
        raise Stopped(f"{target} does not tell its format; say --to {', '.join(f for f in FORMATS if f != 'cohort')}")
    return found


def check_target(target: str, format_: Format) -> None:
    """Say before the work what would come in the way of writing. Raises Stopped."""
    if target == STDIN:
        if format_.is_folder:
            raise Stopped(f"{format_.name} is a folder of files; name one instead of standard output")
        return
    path = Path(target)
    if format_.is_folder:
        return
    check_file(path)
    if path.exists() and path.is_file():
        raise Stopped(f"{target} is there already; name another file, so that nothing is overwritten")


@contextmanager
def written(target: str, format_: Format) -> Iterator[Path]:
    """Where a format writes to: what is there in the end is whole. Raises Stopped."""
    try:
        if target == STDIN or (is_stream(Path(target)) and not format_.is_folder):
            with tempfile.TemporaryDirectory(prefix="cartox-") as folder:
                path = Path(folder) / f"cases{format_.suffixes[0]}"
                yield path
                _copied(path, target)
        elif format_.is_folder:
            with folder_of_its_own(Path(target)) as folder:
                yield folder
        else:
            with whole_file(Path(target)) as path:
                yield path
    except ExchangeError as error:
        raise Stopped(one_line(str(error))) from None
    except OSError as error:
        raise Stopped(f"{target} cannot be written: {reason_of(error)}") from None


def _copied(path: Path, target: str) -> None:
    """What was written goes to standard output, or into a pipe or device, which a file must not replace."""
    with path.open("rb") as stream:
        if target != STDIN:
            with open(target, "wb") as into:
                shutil.copyfileobj(stream, into)
            return
        while data := stream.read(CHUNK):
            write(data)
