"""Talk with one built program, starting a candidate whenever there is none (`sandbox.job.TALK`)."""

from __future__ import annotations

import msgspec

from sandbox.job import TALK, Call
from sandbox.local.program import ProgramProcess
from sandbox.local.whole import WholeProcess
from sandbox.outcome import Run, Status

_NOTHING = Run(status=Status.FINISHED)
_FIGURES = ("cpu_seconds", "wall_seconds", "idle_seconds")


class Talker:
    """One candidate for a conversation, from its first word to its end."""

    def __init__(self, program: ProgramProcess) -> None:
        """Nothing runs before the first call."""
        self._program = program
        self._process: WholeProcess | None = None
        self._end: Run | None = None  # that nobody was told of yet
        self._told = _NOTHING  # what was charged for

    def call(self, call: Call) -> Run:
        """Say something to the program, and wait for its answer.

        Raises:
            SandboxLost: a process around the candidate died.
            ValueError: the call is another.
        """
        data, known, closes = _words_of(call)
        if self._process is None:
            self._process = WholeProcess(self._program, data, closes=closes)
        elif self._end is None:
            self._process.add(data, closes=closes)
        if self._end is None and not self._process.serve(known):
            self._end = self._process.end()
        return self._answer(self._process, known)

    def discard(self) -> None:
        """Kill the candidate; the next call starts another.

        Raises:
            SandboxLost: a process around the candidate died.
        """
        process = self._process
        self._forget()
        if process is not None:
            process.kill()

    def _answer(self, process: WholeProcess, known: int) -> Run:
        """Return the output that is not known; the end where all is; with either what has been used since the last."""
        end = self._end
        unknown = process.streams.output_after(known)
        used = end or process.figures()
        if end is None or unknown:
            run = Run(status=Status.FINISHED, value=unknown, peak_bytes=used.peak_bytes)
        else:
            run = msgspec.structs.replace(end, stdout=b"")
        spent = {name: max(0.0, getattr(used, name) - getattr(self._told, name)) for name in _FIGURES}
        self._told = used
        if end is not None and not unknown:
            self._forget()
        return msgspec.structs.replace(run, **spent)

    def _forget(self) -> None:
        self._process = self._end = None
        self._told = _NOTHING


def _words_of(call: Call) -> tuple[bytes, int, bool]:
    match call.function, call.args:
        case name, (bytes(data), int(known), bool(closes)) if name == TALK and known >= 0:
            return data, known, closes
    raise ValueError("a program that talks is only talked with")
