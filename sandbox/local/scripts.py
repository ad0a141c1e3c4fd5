"""Run a trusted script whose calls are answered here, in a process apart from whatever answers them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any, NamedTuple

import msgspec

from sandbox.job import Brought, Call, Limits
from sandbox.local.channel import Channel
from sandbox.local.program import ProgramProcess
from sandbox.local.zygote import Zygote
from sandbox.outcome import Run, Status


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """Statements to run in order, in one namespace.

    Attributes:
        setup: runs first.
        parts: run one after another; each ends in its own way.
        names: functions that the parts call and that live elsewhere; bound after `setup`, where there is no `module`.
        module: name by which all of it imports the program; `setup` is a file of tests then.
        classes: names there that the script takes for classes: what it makes by these may answer about its own data.
        beside: a program that the script runs itself: its modules are loaded too, and its compiled code is called
            `__beside__`, or its text, where it does not compile.
    """

    setup: str
    parts: tuple[str, ...]
    names: tuple[str, ...] = ()
    module: str = ""
    classes: tuple[str, ...] = ()
    beside: str = ""

    def __repr__(self) -> str:
        """Size only: it is hidden test code."""
        return f"Script({len(self.parts)} parts)"


class PartEnd(NamedTuple):
    """How one part ended: a word of `sandbox.inside.script`, and the class name of what it raised."""

    how: str
    error: str


Answer = Callable[[int, Call], Run | None]
"""Answers a call that part number so-and-so makes, or the setup, which is number -1. None lets the script go on with
something that agrees with everything, to see which calls it makes then; an argument that is such an answer is a
`Brought`, with the number of the call among all of the script's."""


class ScriptOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How far the script came.

    Attributes:
        ends: how each part ended, in order; fewer than there are parts when the script's process ended early.
        early_end: how the process ended then.
    """

    ends: tuple[PartEnd, ...]
    early_end: Run | None = None


class ScriptBroken(Exception):
    """The script's own fault: it does not compile, or its setup raises. Names the exception, never the code."""


def run_scripts(
    zygote: Zygote, script: Script, answers: Iterable[Answer], limits: Limits
) -> Generator[ScriptOutcome, None, None]:
    """Run the script once for each of `answers`, in a process of its own; `limits` hold between two calls.

    Each of `answers` is asked for when the outcome before it was taken.

    Raises:
        ScriptBroken: as above.
        SandboxLost: a process around the script died.
    """
    order = {name: getattr(script, name) for name in ("names", "parts", "module", "classes", "beside")}
    program = ProgramProcess(zygote, "script", script.setup, limits, **order)
    try:
        if not program.build.ok:
            raise ScriptBroken("the test code's setup does not compile")
        for answer in answers:
            yield _run(program, len(script.parts), answer)
    finally:
        program.close()


def _run(program: ProgramProcess, parts: int, answer: Answer) -> ScriptOutcome:
    channel = Channel(program)
    try:
        return _converse(channel, parts, answer)
    finally:
        channel.close()


def _converse(channel: Channel, parts: int, answer: Answer) -> ScriptOutcome:
    ends: list[PartEnd] = []
    calls = 0
    part = -1
    foreseen = False  # whether a call was answered by anything
    reply: list[Any] | None = None
    while len(ends) < parts:
        run = channel.exchange(reply)
        match run.value:
            case ["call", str(name), tuple(args), dict(kwargs), list(brought), int(live)] if foreseen or not brought:
                call = Call(function=name, args=_with_brought(args, brought), kwargs=kwargs, live=live)
                answered = answer(part, call)
                foreseen |= answered is None
                reply = ["anything", calls] if answered is None else _reply(answered)
                calls += 1
            case ["ready"] if part < 0:
                part = 0
                reply = ["go"]
            case ["end", str(how), str(error)] if part >= 0:
                ends.append(PartEnd(how, error))
                part += 1
                reply = ["go"]
            case _ if part < 0 and not calls:
                raise ScriptBroken(f"the test code's setup raises {_why(run)}")
            case _ if run.status is Status.FINISHED:  # what the script's own code wrote on the channel
                return ScriptOutcome(ends=tuple(ends), early_end=Run(status=Status.VIOLATION))
            case _:
                return ScriptOutcome(ends=tuple(ends), early_end=run)
    return ScriptOutcome(ends=tuple(ends))


def _why(run: Run) -> str:
    """Name the exception that ended a setup, or how its process ended."""
    match run.value:
        case ["broken", str(kind)]:
            return kind
    return str(Status.VIOLATION if run.status is Status.FINISHED else run.status)


def _with_brought(args: tuple[Any, ...], brought: list[list[int]]) -> tuple[Any, ...]:
    taken = {at: Brought(number) for at, number in brought}
    return tuple(taken.get(at, arg) for at, arg in enumerate(args)) if taken else args


def _reply(run: Run) -> list[Any]:
    if run.status is Status.FINISHED:
        return ["value", run.value]
    if run.status is Status.NOT_DATA:
        return ["object", run.value]
    if run.status is Status.HELD:
        return ["held", run.value]
    if run.status is Status.CRASHED and run.exit_code is None:  # it raised, and is still there
        return ["raised", run.error, run.error_text]
    return ["stopped"]
