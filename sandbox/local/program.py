"""The judge's handle on a program process, and on the candidates that it forks (see `sandbox.inside`)."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from sandbox.errors import SandboxFault, SandboxLost
from sandbox.inside import messages
from sandbox.job import Limits
from sandbox.local.control import receive_from
from sandbox.local.meter import Meter
from sandbox.local.proc import parent_of
from sandbox.local.zygote import Zygote
from sandbox.outcome import Build

_ANSWER_SECONDS = 5.0
"""Longest silence of a process of ours that has nothing to wait for."""
_BUILD_WALL_FACTOR = 3
_BOOT_SECONDS = 60.0
"""Longest time that a runtime may take to start, on the busiest machine."""
_SIGNALS = frozenset(map(int, signal.Signals))


class Exited(NamedTuple):
    """A candidate's end, as its parent saw it.

    `os.wait4` status, figures of its whole tree, and how much was left behind and removed.
    """

    status: int
    cpu_ns: int
    peak_bytes: int
    processes_left: int
    objects_left: int
    names_left: int

    @property
    def anomalies(self) -> list[str]:
        """Kinds of what it left behind, in the words of `sandbox.Outcome.anomalies`."""
        left = {"processes": self.processes_left, "ipc": self.objects_left, "files": self.names_left}
        return [kind for kind, count in left.items() if count]

    @property
    def exit_code(self) -> int:
        """Exit code, or minus the number of the signal that ended it."""
        return os.waitstatus_to_exitcode(self.status)

    @property
    def broke_the_rules(self) -> bool:
        """Whether it made a system call that no right program makes (`sandbox.inside.seccomp`)."""
        return self.exit_code == -signal.SIGSYS

    @property
    def failure(self) -> str:
        """The exit code, or the signal, in words: ``exit code 3``, ``SIGSEGV``, ``SIG40`` for a real-time signal."""
        code = self.exit_code
        if code >= 0:
            return f"exit code {code}"
        return signal.Signals(-code).name if -code in _SIGNALS else f"SIG{-code}"


class ProgramProcess:
    """One built program, ready to fork candidates, one at a time.

    Attributes:
        build: how the build went.
        layers: isolation layers that are in force for its candidates.
        limits: what they may use.
        out_of_memory: what a program that is no Python says on standard error when it is refused memory; None for
            Python, where a traceback tells.
    """

    out_of_memory: tuple[str, ...] | None = None
    _built: tuple[int, ...] = ()
    _meter: Callable[[int, int, Limits], Meter] = Meter

    def __init__(self, zygote: Zygote, driver: str, source: str, limits: Limits, **order: Any) -> None:
        """Build the program; `build` tells how that went.

        Args:
            zygote: where it is forked from; it belongs to this program until `Zygote.end_program`.
            driver: ``whole``, ``calls``, ``script``, or ``native`` for what is no Python.
            source: program text.
            limits: for the build, and for each candidate.
            order: what the driver needs besides.

        Raises:
            SandboxLost: a process died that should not have.
        """
        self.limits = limits
        self.layers = zygote.layers
        self._zygote = zygote
        self._untrusted = driver != "script"
        self._pid = self._candidate = -1
        self._served = False
        self._boots = order.get("closes") == "when_ready"
        fields = msgspec.structs.asdict(limits) | {
            "process_allowance": zygote.process_allowance(limits.processes),
            "hard_cpu_seconds": limits.hard_cpu_seconds,
        }
        self.control = zygote.start_program(
            {"source": source, "driver": driver, "limits": fields, **order}, self._built
        )
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self.control.close)
            self.build = self._wait_for_build()
            on_failure.pop_all()
        self.control.settimeout(_ANSWER_SECONDS)

    @property
    def clean(self) -> bool:
        """Whether its candidates have left nothing behind."""
        return not self._zygote.anomalies

    def close(self) -> None:
        """Let go of the control socket; the process ends when it sees that."""
        self.control.close()

    def start(self, descriptors: list[int]) -> Meter:
        """Fork a candidate that holds these descriptors, and return its meter once its first line is about to run.

        Raises:
            SandboxLost: it did not come to that.
        """
        if self._untrusted:
            self._zygote.candidate_begins()
        try:
            socket.send_fds(self.control, [messages.RUN], descriptors)
            answer, self._candidate = receive_from(self.control)
        except OSError as error:
            raise SandboxLost("the program process does not answer") from error
        if answer.startswith(messages.EXITED):
            if self._served:  # an earlier candidate may have seen to that: the program's doing, as a loss is
                raise SandboxLost("a candidate could not be closed in any more")
            raise SandboxFault("a candidate could not be closed in")
        if not answer.startswith(messages.STARTED):
            raise SandboxLost("the program process is gone")
        if self._boots:
            answer = self._booted()
        self._served = True
        (cpu_ns,) = messages.STARTED_BODY.unpack(answer[1:])
        return self._meter(self._candidate, cpu_ns, self.limits)

    def _booted(self) -> bytes:
        """Wait until the runtime that a candidate became is ready for the program."""
        try:
            self.control.settimeout(_BOOT_SECONDS)
            answer = self.control.recv(messages.LONGEST)
        except OSError:
            answer = messages.EXITED
        finally:
            self.control.settimeout(_ANSWER_SECONDS)
        if answer.startswith(messages.EXITED):  # nothing of the program has run, unless by an earlier candidate
            raise (SandboxLost if self._served else SandboxFault)("the runtime does not start")
        if not answer.startswith(messages.BOOTED):
            raise SandboxLost("the program process is gone")
        return answer

    def kill_candidate(self) -> None:
        """Kill the candidate; `wait` tells when its whole tree is dead.

        Its parent may have reaped it meanwhile, and its number may be another's: only a child of the program process,
        held by a descriptor, is killed.

        Raises:
            SandboxLost: no descriptor is to be had.
        """
        try:
            pidfd = os.pidfd_open(self._candidate)
        except ProcessLookupError:
            return
        except OSError as error:
            raise SandboxLost("the candidate cannot be reached") from error
        try:
            with contextlib.suppress(OSError):  # it has ended
                if parent_of(self._candidate) == self._pid:
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        finally:
            os.close(pidfd)

    def wait(self) -> Exited:
        """Wait for the candidate's end; its whole tree is dead when this returns.

        Raises:
            SandboxLost: the program process is gone, or does not answer.
        """
        try:
            answer = self.control.recv(messages.LONGEST)
        except OSError as error:
            raise SandboxLost("the program process does not answer") from error
        if not answer.startswith(messages.EXITED):
            raise SandboxLost("the program process is gone")
        exited = Exited._make(messages.EXITED_BODY.unpack(answer[1:]))
        self._zygote.candidate_ends()
        self._zygote.anomalies.update(exited.anomalies)
        return exited

    def _wait_for_build(self) -> Build:
        self.control.settimeout(self.limits.build_seconds * _BUILD_WALL_FACTOR)
        try:
            answer, self._pid = receive_from(self.control)
        except TimeoutError:
            if self._zygote.is_stopped():  # by a program of another worker
                raise SandboxLost("the zygote was stopped") from None
            return Build(ok=False, message="the program takes too long to compile, or a module that it names to load")
        if not answer.startswith(messages.BUILT):
            if not self._zygote.lives():
                raise SandboxLost("the zygote is gone")
            # Only the program's own text was at work here: the compiler, or a module that it names, ended the process.
            return Build(ok=False, message="the program, or a module that it names, breaks or exhausts the compiler")
        return msgspec.json.decode(answer[1:], type=Build)
