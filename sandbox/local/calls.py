"""Call the functions of one built program, starting a candidate whenever there is none."""

from __future__ import annotations

import msgspec

from sandbox.job import Call
from sandbox.languages.signatures import as_typed, read_signature
from sandbox.local.channel import Channel
from sandbox.local.program import ProgramProcess
from sandbox.outcome import Run, Status


class Caller:
    """One candidate serves all calls, and is replaced after it crashed or met a limit."""

    def __init__(self, program: ProgramProcess, signature: str = "") -> None:
        """Nothing runs before the first call. Values get the type that the signature says, where there is one."""
        self._program = program
        self._signature = read_signature(signature) if signature else None
        self._channel: Channel | None = None
        self._failed_load: Run | None = None

    def call(self, call: Call) -> Run:
        """Make one call. A program that does not even load fails every call in the same way, and is not tried again.

        Raises:
            SandboxLost: a process around the candidate died.
        """
        channel = self._live_channel()
        if channel is None:
            return self._failed_load or Run(status=Status.NOT_RUN)
        run = channel.exchange([call.function, call.args, call.kwargs, call.read_back, call.live])
        run = _interpret(channel, run)
        if self._signature is None or run.status is not Status.FINISHED:
            return run
        kind = self._signature.result
        if call.read_back is not None:
            kind = self._signature.parameters[call.read_back].type
        return msgspec.structs.replace(run, value=as_typed(kind, run.value))

    def discard(self) -> None:
        """Kill the candidate; the next call starts another.

        Raises:
            SandboxLost: a process around the candidate died.
        """
        if self._channel is not None:
            self._channel.close()

    def _live_channel(self) -> Channel | None:
        if self._failed_load is None and (self._channel is None or not self._channel.open):
            self._channel = Channel(self._program)
            run = self._channel.exchange()
            if run.value != ["ready"]:
                self._failed_load = _interpret(self._channel, run)
                self._channel.close()
        return None if self._failed_load else self._channel


def _interpret(channel: Channel, run: Run) -> Run:
    """Read the frame that a FINISHED exchange brought (see `sandbox.inside.calls`)."""
    if run.status is not Status.FINISHED:
        return run
    changes: dict[str, object]
    match run.value:
        case ["value", value]:
            changes = {"value": value}
        case ["raised", "MemoryError", str()]:
            changes = {"status": Status.MEMORY_LIMIT, "value": None, "error": "MemoryError"}
        case ["raised", str(kind), str(text)]:
            changes = {"status": Status.CRASHED, "value": None, "error": kind, "error_text": text}
        case ["not data", str(why), bool(truth)]:
            changes = {"status": Status.NOT_DATA, "value": truth, "error_text": why}
        case ["held", str(text)]:
            changes = {"status": Status.HELD, "value": text}
        case _:
            channel.close()
            changes = {"status": Status.VIOLATION, "value": None}
    return msgspec.structs.replace(run, **changes)
