"""The life of a candidate, as steps: from a fork of the program process to the first untrusted line.

Privilege: none. Holds: the program, and the inputs it is sent. Everything up to `body` is trusted; nothing after it is.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from _socket import socket
from collections.abc import Callable, Sequence
from typing import NoReturn

from . import doors, kernel, messages, stand_ins


def live(
    control: socket,
    descriptors: tuple[int, ...],
    first: int,
    close_in: Sequence[Callable[[], None]],
    limits: tuple[doors.Limit, ...],
    body: Callable[[], NoReturn],
) -> NoReturn:
    """Close the doors, tell the judge that the program starts now, and run `body`.

    Args:
        control: the program process's control socket, closed before `body` runs.
        descriptors: standard input, output and error, or the two ends of a channel.
        first: number that the first of them gets.
        close_in: from `layers.Layers`.
        limits: from `doors.candidate_limits`.
        body: the driver.
    """
    try:
        os.setsid()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # forgotten at fork
        for offset, descriptor in enumerate(descriptors, first):  # ascending, none below its place: none is overwritten
            os.dup2(descriptor, offset)
        for module in ("random", "numpy.random"):
            if module in sys.modules:
                sys.modules[module].seed(0)  # seeded from the system otherwise; the same answer must get the same grade
        stand_ins.remember_descriptors()
        for close in close_in:
            close()
        start_ns = time.process_time_ns()  # before a limit on it is set, which makes the kernel count it in ticks
        for what, amounts in limits:
            resource.setrlimit(what, amounts)
        os.write(control.fileno(), messages.STARTED + messages.STARTED_BODY.pack(start_ns))  # no layer allows `send`
        os.closerange(first + len(descriptors), doors.HIGHEST_DESCRIPTOR)
    except BaseException:
        os._exit(70)
    body()
