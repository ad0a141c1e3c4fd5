"""What each process has of its own."""

from __future__ import annotations

import os
import threading

from sandbox.local.process_own import ProcessOwn


def test_a_process_has_one_and_a_forked_process_another() -> None:
    """A lock that is held while the judge is forked does not block the child for ever."""
    lock = ProcessOwn(threading.Lock)
    with lock():
        assert not lock().acquire(blocking=False)
        child = os.fork()
        if child == 0:
            os._exit(0 if lock().acquire(blocking=False) else 1)
        assert os.waitpid(child, 0)[1] == 0
    assert lock().acquire(blocking=False)
