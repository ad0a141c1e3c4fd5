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
from typing import NamedTuple, NoReturn

from . import doors, kernel, messages, stand_ins


class Plan(NamedTuple):
    """How all candidates of a program live.

    Attributes:
        body: the driver.
        first: number that the first of a candidate's descriptors gets.
        limits: what it may use, the last of which closes the door (`doors`).
        enter: puts it under the layers that it enters by itself (`layers.Layers`).
        kept: descriptors that are left to it, above the others, in order.
        boot_cpu_seconds: where it is a runtime that says when it is ready for the program (`native`), for how long that
            may compute then, 0 meaning for ever.
    """

    body: Callable[[], NoReturn]
    first: int
    limits: tuple[doors.Limit, ...]
    enter: Sequence[Callable[[], None]]
    kept: tuple[int, ...] = ()
    boot_cpu_seconds: int | None = None


def live(control: socket, descriptors: tuple[int, ...], plan: Plan) -> NoReturn:
    """Close the doors, tell the judge that the program starts now, and run its body.

    Args:
        control: the program process's control socket, closed before the body runs.
        descriptors: standard input, output and error, or the two ends of a channel.
        plan: the program's.
    """
    try:
        os.setsid()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # forgotten at fork
        for offset, descriptor in enumerate(descriptors, plan.first):
            os.dup2(descriptor, offset)  # ascending, none below its place: none is overwritten
        for module in ("random", "numpy.random"):
            if module in sys.modules:
                sys.modules[module].seed(0)  # seeded from the system otherwise; the same answer must get the same grade
        stand_ins.remember_descriptors()
        for enter in plan.enter:
            enter()
        start_ns = time.process_time_ns()  # before a limit on it is set, which makes the kernel count it in ticks
        for what, amounts in plan.limits:
            resource.setrlimit(what, amounts)
        os.write(control.fileno(), messages.STARTED + messages.STARTED_BODY.pack(start_ns))  # no layer allows `send`
        beyond = plan.first + len(descriptors)
        for kept in plan.kept:
            os.closerange(beyond, kept)
            beyond = kept + 1
        os.closerange(beyond, doors.HIGHEST_DESCRIPTOR)
    except BaseException:
        os._exit(70)
    plan.body()
