"""The entry point ``cartox``."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code, also when interrupted while it is still being loaded."""
    try:
        from harness.cli.verbs import run_verb  # noqa: PLC0415 - to load takes time, in which one may interrupt

        code = run_verb()
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
