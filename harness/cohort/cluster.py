"""Blocks on a Dask cluster that runs elsewhere, through the executor that its client gives.

Workers need this version of cartox and of its dependencies, and for ``--out`` a file system that they share with the
command line. A worker that dies loses nothing: its blocks are done again on another.
"""

import importlib
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

CONNECT_S = 10


class ClusterError(RuntimeError):
    """A cluster that cannot be used; the text says what to do."""


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor on the cluster of a scheduler, and how many blocks it works on at once. Raises ClusterError."""
    try:
        distributed: Any = importlib.import_module("distributed")  # an extra, slow to import
    except ImportError:
        raise ClusterError("--dask needs the extra dask: pip install 'cartox[dask]'") from None
    if not urlsplit(address).scheme or not urlsplit(address).netloc:
        raise ClusterError(f"--dask {address} is no address of a scheduler; give one like tcp://scheduler:8786")
    try:
        client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {_first_line(error)}") from None
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ClusterError(f"the Dask scheduler at {address} has no workers; start some: dask worker {address}")
        with client.get_executor(pure=False) as executor:
            yield executor, threads
    finally:
        client.close()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
