"""Run a program that is no Python: the candidate becomes it, with the strongest layers that it tolerates.

What it is, and when no descriptor can be opened any more, is data (`sandbox.languages`):

    at_exec     a program without libraries, in a file without a name: nothing can be opened, nothing is in reach
    when_ready  a runtime: it opens what it needs, says that it is ready, and is given the program when no descriptor
                can be opened any more
    never       a compiler, or a shell: it opens files that the layers leave to it, and starts processes
"""

from __future__ import annotations

import os
import resource
import signal
import time
from _socket import socket, socketpair
from collections.abc import Callable
from typing import Any, NoReturn

from . import candidate, doors, messages
from .layers import Layers

ARTEFACT = 66
"""The program's descriptor, closed when the candidate becomes it; above those that a candidate's own will take."""
STARTER = 67
"""A runtime's end of a socket pair: it writes a byte when it is ready, and reads one when it may go on."""

CANNOT_BE_RUN = 126
CANNOT_BE_RUN_TEXT = b"the command cannot be run: "
"""Exit code of a candidate that could not become what it was to be, and what it says then on standard error."""

_BOOT_CPU_SECONDS = 120
"""Processor time that a runtime may take to start, on the slowest machine."""
_DESCRIPTORS = 256
"""Of what has to open files."""
_FOR_EVENTS = 3
"""One of epoll, and a pipe's two ends."""
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


def plan(order: dict[str, Any], layers: Layers) -> candidate.Plan:
    """Return how candidates live that become the program that `order` tells.

    Changes this process: it leaves the file system, or goes to the candidates' own folder.
    """
    with_files = order["closes"] != "at_exec"
    boot_cpu_seconds = _boot_cpu_seconds(order) if order["closes"] == "when_ready" else None
    folder = order["folder"]
    if with_files:
        os.chdir(folder or "/")
    elif layers.changes_root:
        doors.leave_file_system()
    return candidate.Plan(
        body=lambda: _become(order),
        first=order["first"],
        limits=doors.native_limits(
            order["limits"],
            order["memory"],
            files_bytes=order["files_bytes"],
            descriptors=_descriptors(order, layers),
            whole_program=order["first"] == 0,
        ),
        enter=_layers(order, layers) if with_files else layers.become,
        kept={"at_exec": (ARTEFACT,), "when_ready": (ARTEFACT, STARTER), "never": (ARTEFACT,)}[order["closes"]],
        boot_cpu_seconds=boot_cpu_seconds,
    )


class Boot:
    """The start of a runtime, seen from the program process: made before the fork, finished after it."""

    def __init__(self, cpu_seconds: int) -> None:
        """Make the pair that the two are joined by; the program may compute for so long."""
        self._cpu_seconds = cpu_seconds
        self._ours, theirs = socketpair()
        os.dup2(theirs.fileno(), STARTER)
        theirs.close()

    def finish(self, control: socket, pid: int) -> None:
        """Wait until the runtime is ready, let it open nothing more, tell the judge, and let it go on."""
        os.close(STARTER)
        try:
            if self._ours.recv(1):
                resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, 0))
                spent = time.clock_gettime_ns((~pid << 3) | 2)  # CPUCLOCK_SCHED of the whole process
                if self._cpu_seconds:
                    most = spent // 10**9 + 1 + self._cpu_seconds
                    resource.prlimit(pid, resource.RLIMIT_CPU, (most, most))
                control.send(messages.BOOTED + messages.STARTED_BODY.pack(spent))
                self._ours.send(b"G")
        except OSError:
            pass  # it has ended, which is told next
        finally:
            self._ours.close()


def _descriptors(order: dict[str, Any], layers: Layers) -> int:
    """Return how many a candidate may have; 0 closes the door, since it has those that it needs."""
    if order["closes"] != "at_exec":
        return _DESCRIPTORS
    if order["events"] and "seccomp" in layers.in_force:
        return (order["first"] + 2 if order["first"] else 3) + _FOR_EVENTS
    return 0


def _boot_cpu_seconds(order: dict[str, Any]) -> int:
    """Return how long the program may compute, 0 meaning for ever; until the runtime has started it may take longer."""
    if order["first"]:
        return 0
    seconds = int(order["limits"]["hard_cpu_seconds"]) + 2
    order["limits"]["hard_cpu_seconds"] = seconds + _BOOT_CPU_SECONDS
    return seconds


def _layers(order: dict[str, Any], layers: Layers) -> list[Callable[[], None]]:
    folders = [order["folder"]] if order["folder"] else []
    return layers.with_files(order["reads"], folders, processes=order["processes"])


def _become(order: dict[str, Any]) -> NoReturn:
    command, environment = order["command"], order["environment"]
    for each in _IGNORED_BY_PYTHON:
        signal.signal(each, signal.SIG_DFL)
    try:
        if order["one_stream"]:
            os.dup2(1, 2)
        if command[0]:
            os.execvpe(command[0], command, environment)  # noqa: S606 - there is no shell in this
        os.execve(ARTEFACT, ["solution", *command[1:]], environment)  # noqa: S606
    except OSError as error:
        os.write(2, CANNOT_BE_RUN_TEXT + os.strerror(error.errno or 0).encode())
        os._exit(CANNOT_BE_RUN)
