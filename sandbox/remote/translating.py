"""Between the sandbox's own types and the messages of the runner protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.errors import SandboxError, SandboxFault, SandboxLost, SandboxUnavailable, UnsupportedLanguage
from sandbox.inside import values
from sandbox.job import Call, Job, Limits, Program, Stdin
from sandbox.outcome import Build, Outcome, Run, Status
from sandbox.remote.messages import Failed, NotAMessage, Ran, RunJob, WireBuild, WireCall, WireProgram, WireRun

_WITH_VALUE = (Status.FINISHED, Status.NOT_DATA, Status.HELD)
_KINDS_OF_VALUE = {Status.NOT_DATA: bool, Status.HELD: str}
_LONGEST_TEXT = 4096
_LONGEST_WORDS = 500
_LONGEST_DIAGNOSTIC = 65536
_FAULTS = {fault.__name__: fault for fault in (SandboxUnavailable, UnsupportedLanguage, SandboxFault, SandboxLost)}


def wire_program(program: Program) -> WireProgram:
    """Write a program."""
    source = _bytes_of(program.source)
    return WireProgram(source=source, language=program.language, signature=program.signature, talks=program.talks)


def program_of(program: WireProgram) -> Program:
    """Read a program.

    Raises:
        NotAMessage: it is none.
    """
    source = _text_of(program.source)
    return Program(source=source, language=program.language, signature=program.signature, talks=program.talks)


def wire_call(call: Call, brought: tuple[tuple[int, int], ...] = ()) -> WireCall:
    """Write a call; `brought` as in `WireCall`.

    Raises:
        NotPlainData: an argument is not plain data.
    """
    return WireCall(
        function=_bytes_of(call.function),
        arguments=values.encode((call.args, call.kwargs)),
        read_back=call.read_back,
        live=call.live,
        brought=brought,
    )


def call_of(call: WireCall, runs: Sequence[Run] = ()) -> Call:
    """Read a call; `runs` are those of the calls before it, where it takes what they brought.

    Raises:
        NotAMessage: it is none, or what it takes was not brought.
    """
    try:
        arguments = values.decode(call.arguments)
        match arguments:
            case (tuple(args), dict(kwargs)) if type(arguments) is tuple and all(type(name) is str for name in kwargs):
                taken = list(args)
                for position, number in call.brought:
                    taken[position] = runs[number].value
                function = _text_of(call.function)
                return Call(
                    function=function, args=tuple(taken), kwargs=kwargs, read_back=call.read_back, live=call.live
                )
    except (values.NotPlainData, IndexError):
        pass
    raise NotAMessage("not a call of the runner protocol")


def run_job(program: Program, limits: Limits, inputs: Sequence[Stdin] | Sequence[Call], *, fresh: bool) -> RunJob:
    """Write a job, or a part of one.

    Raises:
        NotPlainData: an argument is not plain data.
    """
    return RunJob(
        program=wire_program(program),
        limits=limits,
        stdins=tuple(item.data for item in inputs if isinstance(item, Stdin)),
        calls=tuple(wire_call(item) for item in inputs if isinstance(item, Call)),
        fresh=fresh,
    )


def job_of(request: RunJob) -> Job:
    """Read a job.

    Raises:
        NotAMessage: it has no inputs, or inputs of both kinds.
    """
    inputs: tuple[Any, ...] = (*map(Stdin, request.stdins), *map(call_of, request.calls))
    try:
        return Job(program=program_of(request.program), inputs=inputs, limits=request.limits, fresh=request.fresh)
    except ValueError:
        raise NotAMessage("not a job of the runner protocol") from None


def wire_run(run: Run) -> WireRun:
    """Write what one input led to. A forged text can be read and not be written again: that is a violation."""
    fields = {name: getattr(run, name) for name in WireRun.__struct_fields__}
    try:
        fields["value"] = values.encode(run.value) if run.status in _WITH_VALUE else b""
    except values.NotPlainData:
        return WireRun(status=Status.VIOLATION, cpu_seconds=run.cpu_seconds, wall_seconds=run.wall_seconds)
    fields["error"] = None if run.error is None else _bytes_of(run.error[:_LONGEST_TEXT])
    fields["error_text"] = _bytes_of(run.error_text[:_LONGEST_TEXT])
    return WireRun(**fields)


def run_of(run: WireRun, limits: Limits) -> Run:
    """Read what one input led to; `limits` are those that it was run with.

    What no sandbox sends is a violation, as it is where a program sends it (`sandbox.local.channel`).
    """
    fields = {name: getattr(run, name) for name in WireRun.__struct_fields__}
    try:
        fields["value"] = values.decode(run.value) if run.value else None
        fields["error"] = None if run.error is None else _text_of(run.error)
        fields["error_text"] = _text_of(run.error_text)
    except (values.NotPlainData, NotAMessage):
        return Run(status=Status.VIOLATION)
    fields["stdout"] = run.stdout[: limits.output_bytes + 1]
    read = Run(**fields)
    raised = read.status is Status.CRASHED and read.exit_code is None
    if raised and read.error is None:
        return Run(status=Status.VIOLATION)
    if type(read.value) is not _KINDS_OF_VALUE.get(read.status, type(read.value)):
        return Run(status=Status.VIOLATION)
    return read


def build_of(build: WireBuild) -> Build:
    """Read the result of a build."""
    return Build(ok=build.ok, message=build.message.decode("utf-8", "replace"))


def wire_build(build: Build) -> WireBuild:
    """Write the result of a build."""
    return WireBuild(ok=build.ok, message=_bytes_of(build.message[:_LONGEST_DIAGNOSTIC]))


def ran(outcome: Outcome) -> Ran:
    """Write an outcome."""
    return Ran(
        build=wire_build(outcome.build),
        runs=tuple(map(wire_run, outcome.runs)),
        layers=outcome.layers,
        speed=outcome.speed,
        anomalies=outcome.anomalies,
    )


def runs_of(runs: Iterable[WireRun], limits: Limits) -> tuple[Run, ...]:
    """Read runs."""
    return tuple(run_of(run, limits) for run in runs)


def failed(error: SandboxError) -> Failed:
    """Write a fault."""
    return Failed(kind=type(error).__name__, message=str(error).encode("utf-8", "replace").decode()[:_LONGEST_TEXT])


def fault_of(reply: Failed) -> SandboxError:
    """Make the error that a reply stands for: its words on one line that a terminal can show."""
    words = "".join(letter if letter.isascii() and letter.isprintable() else " " for letter in reply.message)
    return _FAULTS.get(reply.kind, SandboxFault)(words[:_LONGEST_WORDS])


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise NotAMessage("not a text of the runner protocol") from None
