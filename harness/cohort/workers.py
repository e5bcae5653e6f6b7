"""Processes to simulate blocks on. Ctrl-C is for the parent alone, which lets the blocks under way end."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess


@contextmanager
def worker_pool(workers: int) -> Iterator[Executor]:
    """A pool of fresh processes; what has not begun is dropped when an error ends the run."""
    pool = ProcessPoolExecutor(workers, mp_context=_Context(), initializer=_leave_interrupts_to_the_parent)
    try:
        yield pool
    finally:
        with _undisturbed():  # a second Ctrl-C would leave the pool half shut, and the workers writing
            pool.shutdown(wait=True, cancel_futures=True)


class _Worker(SpawnProcess):
    """A process that is deaf to Ctrl-C from its first moment, long before the initializer runs."""

    def start(self) -> None:
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        resource_tracker.ensure_running()  # started under way, it would unblock the signal
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Worker


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no Ctrl-C in; only the main thread can say so, and only it is interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
