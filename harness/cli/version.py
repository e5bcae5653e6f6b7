"""The version of cartox that is installed."""

import importlib.metadata


def version() -> str:
    """The version, as the installed package states it."""
    return importlib.metadata.version("cartox")
