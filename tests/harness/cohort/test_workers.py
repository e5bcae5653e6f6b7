"""Worker processes: fresh, deaf to Ctrl-C, and gone with their pool."""

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from harness.cohort.workers import worker_pool

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals are blocked on Unix")


def test_workers_do_what_they_are_given_in_other_processes():
    with worker_pool(2) as pool:
        assert list(pool.map(abs, [-1, 2, -3])) == [1, 2, 3]
        assert pool.submit(os.getpid).result() != os.getpid()
    assert not multiprocessing.active_children()


def test_a_worker_does_not_hear_an_interrupt():
    with worker_pool(1) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN
        worker = pool.submit(os.getpid).result()
        os.kill(worker, signal.SIGINT)
        assert pool.submit(os.getpid).result() == worker


def test_an_interrupt_while_workers_start_does_not_reach_them(capfd):
    """Before the initializer runs, when the process has only begun to import."""
    with worker_pool(2) as pool:
        futures = [pool.submit(time.sleep, 0.01) for _ in range(2)]
        for _ in range(20):
            for child in multiprocessing.active_children():
                os.kill(child.pid, signal.SIGINT)
            time.sleep(0.01)
        assert [future.result() for future in futures] == [None, None]
    assert "Traceback" not in capfd.readouterr().err


def test_the_parent_hears_interrupts_again_afterwards():
    before = signal.getsignal(signal.SIGINT)
    with worker_pool(1) as pool:
        pool.submit(abs, 1).result()
        assert signal.getsignal(signal.SIGINT) == before
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert signal.getsignal(signal.SIGINT) == before


def test_an_error_ends_the_run_and_drops_what_has_not_begun():
    with pytest.raises(KeyboardInterrupt), worker_pool(1) as pool:  # noqa: PT012
        futures = [pool.submit(time.sleep, 0.2) for _ in range(20)]
        raise KeyboardInterrupt
    assert sum(future.cancelled() for future in futures) >= 15
    assert not multiprocessing.active_children()


def test_a_second_interrupt_waits_for_the_blocks_under_way():
    started = time.monotonic()
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), worker_pool(1) as pool:  # noqa: PT012
        pool.submit(time.sleep, 1.0)
        timer.start()
        raise KeyboardInterrupt
    timer.join()
    assert time.monotonic() - started > 1.0
    assert not multiprocessing.active_children()


def test_an_interrupt_while_work_is_given_comes_right_after(monkeypatch):
    """Never in between: a worker that has been started but is not yet known to its pool is lost."""
    steps = []

    def submit(self, fn, /, *args, **kwargs):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        steps.append("started")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    with pytest.raises(KeyboardInterrupt), worker_pool(1) as pool:  # noqa: PT012
        pool.submit(abs, 1)
        steps.append("never")
    assert steps == ["started"]


def test_a_pool_may_be_used_by_another_thread():
    found = []

    def work():
        with worker_pool(1) as pool:
            found.append(pool.submit(abs, -5).result())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [5]
