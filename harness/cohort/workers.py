"""Processes to simulate blocks on. Ctrl-C is for the parent alone, which lets the blocks under way end."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Given = TypeVar("Given")


def in_order(
    executor: Executor, work: Callable[[Given], Answer], given: Iterable[Given], in_flight: int
) -> Iterator[Answer]:
    """What a function answers to each of some things, in their order, with a bounded number under way."""
    waiting: deque[Future[Answer]] = deque()
    try:
        for each in given:
            waiting.append(executor.submit(work, each))
            if len(waiting) >= in_flight:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def worker_pool(workers: int) -> Iterator[Executor]:
    """A pool of fresh processes; what has not begun is dropped when an error ends the run."""
    pool = _Pool(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_follow_the_parent)
    try:
        yield pool
    finally:
        with undisturbed():  # a second Ctrl-C would leave the pool half shut, and the workers writing
            pool.shutdown(wait=True, cancel_futures=True)


class _Pool(ProcessPoolExecutor):
    """A pool that starts its workers, which it does as it is given work, without being interrupted."""

    def submit(
        self, fn: Callable[Arguments, Answer], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Answer]:
        with undisturbed(), _deaf_children():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put off an interrupt until the end; only the main thread can, and only it is interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def hear(number: int, _frame: Any) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Block interrupts, which a process inherits: it hears none even before its first import."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # started under way, it would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow_the_parent() -> None:
    """Leave interrupts to the parent, and end when it is killed; the pool's own workers would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
