"""``python -m harness.cli`` is ``cartox``."""

from harness.cli.main import main

main()
