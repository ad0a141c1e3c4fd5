"""As much of a job as the memory of a container holds at a time. Most jobs fit as they are.

A runner keeps what it was sent, and what came of it, until it replies. Were a program able to end it by writing much on
each of many inputs, it could choose to be left without a verdict (docs/architecture.md, I7).
"""

from __future__ import annotations

import msgspec

from sandbox.errors import SandboxUnavailable
from sandbox.job import MEBIBYTE, Job, Limits
from sandbox.remote.messages import RunJob
from sandbox.remote.translating import run_job

_OWN_BYTES = 192 * MEBIBYTE
"""The interpreters around the program, with room to spare."""
_COPIES = 4
"""Of an input or an output, on its way."""
_AS_OBJECTS = 4
"""Times that values take in memory what they take as those copies."""


class Parts:
    """A job, and how to cut it."""

    def __init__(self, job: Job, memory_bytes: int) -> None:
        """Look at its inputs.

        Args:
            job: the job.
            memory_bytes: memory of a container.

        Raises:
            SandboxUnavailable: that is not enough for one of them.
            NotPlainData: an argument is not plain data.
        """
        self._whole = run_job(job.program, job.limits, job.inputs, fresh=job.fresh)
        output = job.limits.output_bytes
        self._sizes = [len(data) + output for data in self._whole.stdins] or [
            _AS_OBJECTS * (len(call.arguments) + output) for call in self._whole.calls
        ]
        self._room = _room(job.limits, memory_bytes, max(self._sizes))

    def part(self, first: int, limits: Limits) -> RunJob:
        """Return a request for inputs from number `first` on. Calls that share a process stay together at any size.

        Args:
            first: number of an input, from 0.
            limits: those of the part.
        """
        end, left = first, self._room
        shares_a_process = bool(self._whole.calls) and not self._whole.fresh
        while end < len(self._sizes) and (shares_a_process or self._sizes[end] <= left):
            left -= self._sizes[end]
            end += 1
        return msgspec.structs.replace(
            self._whole, limits=limits, stdins=self._whole.stdins[first:end], calls=self._whole.calls[first:end]
        )


def check_calls(limits: Limits, memory_bytes: int) -> None:
    """Return if a container of so much memory is enough for calls, one at a time.

    Raises:
        SandboxUnavailable: it is not.
    """
    _room(limits, memory_bytes, _AS_OBJECTS * limits.output_bytes)


def _room(limits: Limits, memory_bytes: int, needed_bytes: int) -> int:
    """Return how many bytes of inputs and outputs a container of so much memory holds beside a program.

    Raises:
        SandboxUnavailable: they are fewer than those needed.
    """
    free = (memory_bytes - _OWN_BYTES - limits.memory_bytes) // _COPIES
    if free < needed_bytes:
        wanted = limits.memory_bytes + _OWN_BYTES + _COPIES * needed_bytes
        raise SandboxUnavailable(
            f"these limits need a container of {-(-wanted // MEBIBYTE)} MiB, and it has {memory_bytes // MEBIBYTE}; "
            f"give it more: DockerSandbox(memory_bytes={wanted})"
        )
    return free
