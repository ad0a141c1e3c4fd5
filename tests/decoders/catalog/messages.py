"""Requests and replies of the runner protocol, and what they are turned into."""

from __future__ import annotations

from typing import Any

from sandbox import Build, Call, Limits, Outcome, Program, Run, SandboxError, SandboxLost, Status, Stdin
from sandbox.remote import messages
from sandbox.remote.messages import NotAMessage, Reply, Request, WireRun
from sandbox.remote.translating import (
    build_of,
    call_of,
    failed,
    fault_of,
    job_of,
    program_of,
    ran,
    run_job,
    run_of,
    wire_call,
    wire_run,
)
from tests.decoders.decoder import HIDDEN, Decoder
from tests.decoders.mutating import of_messages
from tests.decoders.plain import exact, survey

_LIMITS = Limits(output_bytes=100)


def _read(data: bytes) -> None:
    refused: NotAMessage | None = None
    try:
        request = messages.decode_request(data)
    except NotAMessage as error:
        refused = error
    else:
        assert messages.decode_request(messages.encode(request)) == request, "a request changes on its way"
        _serve(request)
    try:
        reply = messages.decode_reply(data)
    except NotAMessage:
        if refused:
            raise
    else:
        assert refused, "one message is a request and a reply"
        assert messages.decode_reply(messages.encode(reply)) == reply, "a reply changes on its way"
        _judge(reply)


def _serve(request: Request) -> None:
    """Turn a request into the sandbox's own types, as a runner does."""
    match request:
        case messages.RunJob():
            job = job_of(request)
            assert len(job.inputs) == request.count > 0
        case messages.Replay(calls=calls):
            runs: list[Run] = []
            for call in calls:
                survey(call_of(call, runs).args)
                runs.append(Run(status=Status.FINISHED, value=[1]))
        case messages.MakeCall(call=call):
            survey(call_of(call).kwargs)
        case messages.Open(program=program):
            assert isinstance(program_of(program).source, str)


def _judge(reply: Reply) -> None:
    """Turn a reply into the sandbox's own types, as the judge does. It was decoded, so nothing is raised now."""
    match reply:
        case messages.Ran(build=build, runs=runs):
            assert isinstance(build_of(build), Build)
            for run in runs:
                _look(run)
        case messages.Answered(run=run):
            _look(run)
        case messages.Failed():
            fault = fault_of(reply)
            assert isinstance(fault, SandboxError)
            assert str(fault).isascii()
            assert str(fault).isprintable() or not str(fault)


def _look(wire: WireRun) -> None:
    run = run_of(wire, _LIMITS)
    survey(run.value)
    assert len(run.stdout) <= _LIMITS.output_bytes + 1
    assert run.status is not Status.NOT_DATA or type(run.value) is bool
    assert run.status is not Status.HELD or type(run.value) is str
    once = run_of(wire_run(run), _LIMITS)  # cuts texts to their lengths
    assert exact(run_of(wire_run(once), _LIMITS)) == exact(once), "a run changes on its way"


def _seeds() -> list[bytes]:
    program = Program(source="x = 1")
    calls = [Call(function="f", args=([1], (2,)), kwargs={"k": {3: None}}), Call(function="g", read_back=0)]
    job = run_job(program, Limits(), calls, fresh=True)
    brings = (*job.calls, wire_call(Call(function="h", args=(None,)), ((0, 1),)))
    runs = (
        Run(status=Status.FINISHED, value={(1,): [2.5]}, cpu_seconds=0.5, peak_bytes=9),
        Run(status=Status.NOT_DATA, value=True),
        Run(status=Status.HELD, value='["value",{"h":[0]},[]]'),
        Run(status=Status.CRASHED, error="ValueError", error_text=HIDDEN, attempts=2),
        Run(status=Status.FINISHED, stdout=b"out", stderr_tail=b"err", exit_code=0),
    )
    outcome = Outcome(build=Build(ok=True, message="m"), runs=runs, layers=("floor",), speed=2.0, anomalies=("ipc",))
    whole = ran(outcome)
    where: dict[str, Any] = {"layers": whole.layers, "speed": whole.speed, "anomalies": whole.anomalies}
    both: list[Request | Reply] = [
        *(messages.Start(require=("floor",), speed=0.5), messages.Restart(fresh=True)),
        *(messages.Finish(), messages.Close(), job, messages.MakeCall(call=job.calls[0])),
        run_job(program, Limits(), [Stdin(b"1\n")], fresh=False),
        messages.Replay(program=job.program, limits=job.limits, calls=brings, known=1),
        messages.Open(program=job.program, limits=job.limits),
        *(messages.Started(**where), messages.Closed(**where), messages.Finished(), whole),
        *(messages.Opened(build=whole.build, **where), failed(SandboxLost("words"))),
        messages.Answered(build=whole.build, run=whole.runs[0], **where),
    ]
    return [messages.encode(message) for message in both]


_WORDS = (
    *("is", "Start", "RunJob", "Replay", "Open", "MakeCall", "Restart", "Finish", "Close", "Started", "Ran", "Opened"),
    *("Answered", "Finished", "Closed", "Failed", "program", "limits", "calls", "stdins", "runs", "run", "build"),
    *("brought", "value", "status", "not_data", "crashed", "error", "error_text", "exit_code", "SandboxUnavailable"),
)
DECODER = Decoder(
    name="messages",
    reads="requests to a runner, and replies from whoever is in its place",
    read=_read,
    refuses=(NotAMessage,),
    seeds=_seeds,
    words=_WORDS,
    mutate=of_messages(_WORDS),
)
