"""As much of a request as Lambda takes at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.errors import SandboxUnavailable
from sandbox.job import Call, Limits, Program, Stdin
from sandbox.remote import messages, payload
from sandbox.remote.messages import Replay, RunJob, WireCall
from sandbox.remote.translating import run_job, wire_program


class TooLong(Exception):
    """The program is too long to be sent. The text is for its author."""


Packed = dict[str, str]


def fitting_job(
    program: Program, limits: Limits, inputs: Sequence[Stdin] | Sequence[Call], *, fresh: bool
) -> tuple[RunJob, Packed]:
    """Return a request for a job, and the same packed, with as many of the inputs as fit.

    Raises:
        TooLong: the program does not fit.
        SandboxUnavailable: the first input does not.
        NotPlainData: an argument is not plain data.
    """
    while True:
        request = run_job(program, limits, inputs, fresh=fresh)
        packed = payload.pack(messages.encode(request))
        if payload.fits(packed):
            return request, packed
        if len(inputs) == 1:
            raise _too_long(program, limits)
        inputs = inputs[: len(inputs) // 2]


def fitting_replay(
    program: Program, limits: Limits, needed: tuple[WireCall, ...], foreseen: tuple[WireCall, ...], known: int
) -> tuple[Replay, Packed]:
    """Return a request for calls in a row, and the same packed, with as many of those foreseen as fit.

    Raises:
        TooLong: the program does not fit.
        SandboxUnavailable: the calls that are needed do not.
    """
    while True:
        calls = (*needed, *foreseen)
        request = Replay(program=wire_program(program), limits=limits, calls=calls, known=known)
        packed = payload.pack(messages.encode(request))
        if payload.fits(packed):
            return request, packed
        if not foreseen:
            raise _too_long(program, limits)
        foreseen = foreseen[: len(foreseen) // 2]


def _too_long(program: Program, limits: Limits) -> TooLong | SandboxUnavailable:
    """Tell a long program, which is its author's doing, from long inputs, which are the suite's.

    Each may have half of the room, whatever the other takes.
    """
    alone = Replay(program=wire_program(program), limits=limits, calls=())
    if payload.length_of(payload.pack(messages.encode(alone))) > payload.MOST_TEXT // 2:
        size = len(program.source.encode("utf-8", "surrogatepass"))
        return TooLong(f"the program has {size} bytes; a Lambda function takes fewer")
    return SandboxUnavailable("the input is too long for a Lambda function; grade this suite with another sandbox")
