"""The runner protocol: whatever is sent arrives as it was, and what is no message is never taken for one."""

from __future__ import annotations

import contextlib
import math
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from sandbox import (
    Build,
    Call,
    Job,
    Limits,
    Outcome,
    Program,
    Run,
    SandboxError,
    SandboxFault,
    SandboxLost,
    SandboxUnavailable,
    Status,
    Stdin,
    UnsupportedLanguage,
)
from sandbox.inside import values
from sandbox.layers import LAYERS
from sandbox.outcome import ANOMALIES
from sandbox.remote import messages
from sandbox.remote.messages import NotAMessage, Reply, Request
from sandbox.remote.translating import (
    build_of,
    call_of,
    failed,
    fault_of,
    job_of,
    ran,
    run_job,
    run_of,
    runs_of,
    wire_build,
    wire_call,
    wire_run,
)
from verifier.fuzzing.strategies import any_text
from verifier.fuzzing.strategies import values as plain_data

HIDDEN = "hidden-7491"
LIMITS = Limits(output_bytes=100)

seconds = st.floats(0, 1e9)
programs = st.builds(Program, source=any_text(), language=st.sampled_from(["python", "cpp"]))
limits = st.builds(
    Limits,
    cpu_seconds=st.floats(0.01, 1000),
    idle_seconds=st.none() | st.floats(0.01, 1000),
    memory_bytes=st.integers(1, 2**40),
    max_time_outs=st.integers(1, 9),
)
calls = st.builds(
    Call,
    function=any_text(),
    args=st.lists(plain_data(), max_size=3).map(tuple),
    kwargs=st.dictionaries(any_text(), plain_data(), max_size=2),
    read_back=st.none() | st.integers(0, 9),
    live=st.integers(0, 9),
)
inputs = st.lists(st.builds(Stdin, st.binary(max_size=40)), min_size=1, max_size=4) | st.lists(
    calls, min_size=1, max_size=4
)
jobs = st.builds(Job, program=programs, inputs=inputs.map(tuple), limits=limits, fresh=st.booleans())
figures: dict[str, st.SearchStrategy[Any]] = {
    "cpu_seconds": seconds,
    "wall_seconds": seconds,
    "idle_seconds": seconds,
    "peak_bytes": st.integers(0, 2**50),
    "attempts": st.integers(1, 3),
}
runs = st.one_of(
    st.builds(Run, status=st.just(Status.FINISHED), value=plain_data(), **figures),
    st.builds(Run, status=st.just(Status.NOT_DATA), value=st.booleans(), error_text=any_text(), **figures),
    st.builds(Run, status=st.just(Status.HELD), value=any_text(), **figures),
    st.builds(
        Run,
        status=st.sampled_from(sorted(set(Status) - {Status.NOT_DATA, Status.HELD})),
        stdout=st.binary(max_size=LIMITS.output_bytes + 1),
        stderr_tail=st.binary(max_size=4096),
        exit_code=st.integers(-64, 255),
        error=st.none() | any_text(),
        **figures,
    ),
    st.builds(Run, status=st.just(Status.CRASHED), error=any_text(), error_text=any_text(), **figures),
)
outcomes = st.builds(
    Outcome,
    build=st.builds(Build, ok=st.booleans(), message=st.text()),
    runs=st.lists(runs, max_size=4).map(tuple),
    layers=st.lists(st.sampled_from(LAYERS), unique=True).map(tuple),
    speed=st.floats(0.1, 10),
    anomalies=st.lists(st.sampled_from(ANOMALIES), unique=True).map(tuple),
)


def job_request(job: Job) -> messages.RunJob:
    """Write a job."""
    return run_job(job.program, job.limits, job.inputs, fresh=job.fresh)


def requests_of(job: Job) -> list[Request]:
    """Write each kind of request, with what a job holds."""
    whole = job_request(job)
    return [
        messages.Start(require=("floor", "seccomp"), speed=0.5),
        messages.Start(),
        whole,
        messages.Replay(program=whole.program, limits=whole.limits, calls=whole.calls, known=len(whole.calls) // 2),
        messages.Open(program=whole.program, limits=whole.limits),
        *(messages.MakeCall(call=call) for call in whole.calls),
        messages.Restart(fresh=job.fresh),
        messages.Finish(),
        messages.Close(),
    ]


def replies_of(outcome: Outcome) -> list[Reply]:
    """Write each kind of reply, with what an outcome holds."""
    whole = ran(outcome)
    where: dict[str, Any] = {"layers": whole.layers, "speed": whole.speed, "anomalies": whole.anomalies}
    return [
        messages.Started(**where),
        whole,
        messages.Opened(build=whole.build, **where),
        *(messages.Answered(build=whole.build, run=run, **where) for run in whole.runs),
        messages.Finished(),
        messages.Closed(**where),
        failed(SandboxFault(f"{len(outcome.runs)} runs")),
    ]


def exact(value: Any) -> Any:
    """Return what two values share only if they and all in them have the same types, and NaN is NaN."""
    kind = type(value)
    if kind in (float, complex, Decimal):
        return kind, repr(value)
    if kind in (list, tuple):
        return kind, tuple(map(exact, value))
    if kind in (set, frozenset):
        return kind, frozenset(map(exact, value))
    if kind is dict:
        return kind, tuple((exact(key), exact(item)) for key, item in value.items())
    if isinstance(value, msgspec.Struct):
        return kind, tuple(exact(getattr(value, name)) for name in value.__struct_fields__)
    return kind, value


@settings(deadline=None)
@given(jobs)
def test_each_request_arrives_as_it_was(job: Job) -> None:
    """Text that no UTF-8 holds, such as half a surrogate pair, is part of a program as any other."""
    for request in requests_of(job):
        assert messages.decode_request(messages.encode(request)) == request


@settings(deadline=None)
@given(outcomes)
def test_each_reply_arrives_as_it_was(outcome: Outcome) -> None:
    """A program chooses the text of its exceptions, and its compiler's complaints quote it."""
    for reply in replies_of(outcome):
        assert messages.decode_reply(messages.encode(reply)) == reply


@settings(deadline=None)
@given(jobs)
@example(Job(program=Program(source=""), inputs=(Call(function="f", args=(math.nan, 10**5000)),)))
def test_a_job_is_the_same_at_the_other_end(job: Job) -> None:
    """Program, inputs and limits, down to the types of values."""
    request = messages.decode_request(messages.encode(job_request(job)))
    assert isinstance(request, messages.RunJob)
    assert exact(job_of(request)) == exact(job)


@settings(deadline=None)
@given(outcomes)
def test_an_outcome_is_the_same_at_this_end(outcome: Outcome) -> None:
    """Each run, the build, and how the program ran."""
    reply = messages.decode_reply(messages.encode(ran(outcome)))
    assert isinstance(reply, messages.Ran)
    back = Outcome(
        build=build_of(reply.build),
        runs=runs_of(reply.runs, LIMITS),
        layers=reply.layers,
        speed=reply.speed,
        anomalies=reply.anomalies,
    )
    assert exact(back) == exact(outcome)


def test_half_a_surrogate_pair_is_text_as_any_other() -> None:
    """UTF-8 does not hold it; a program, the name of its function and the text of its exception may."""
    job = Job(program=Program(source="x = '\ud800'"), inputs=(Call(function="\udfff"),))
    request = messages.decode_request(messages.encode(job_request(job)))
    assert isinstance(request, messages.RunJob)
    assert exact(job_of(request)) == exact(job)
    run = Run(status=Status.CRASHED, error="\ud800", error_text="\udfff\ud800")
    reply = messages.decode_reply(messages.encode(ran(Outcome(build=Build(ok=False, message="\ud800!"), runs=(run,)))))
    assert isinstance(reply, messages.Ran)
    assert exact(runs_of(reply.runs, LIMITS)) == exact((run,))
    assert build_of(reply.build).message.endswith("!")


def test_long_texts_are_cut() -> None:
    """A program cannot make a reply that is refused for its length."""
    run = Run(status=Status.CRASHED, error="E" * 9000, error_text="\U0001f600" * 9000)
    outcome = Outcome(build=Build(ok=False, message="\U0001f600" * 99_000), runs=(run,))
    reply = messages.decode_reply(messages.encode(ran(outcome)))
    assert isinstance(reply, messages.Ran)
    (back,) = runs_of(reply.runs, LIMITS)
    assert back.error is not None
    assert 4000 < len(back.error) < 9000
    assert 4000 < len(back.error_text) < 9000
    assert set(back.error_text) == {"\U0001f600"}
    assert 60_000 < len(build_of(reply.build).message) < 99_000


def test_an_output_is_bounded_by_the_limits() -> None:
    """Whatever a runner sends: one byte over the limit tells as much as a million."""
    run = run_of(wire_run(Run(status=Status.OUTPUT_LIMIT, stdout=b"x" * 5000)), LIMITS)
    assert run.stdout == b"x" * 101


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
    "text", [b"", b"garbage", b"{}", b'{"t":1}', b"[" * 1000, b"\xff", b"NaN,", b'{"d":[[{"d":[]},1]]}']
)
def test_a_value_that_cannot_be_read_is_a_violation(status: Status, text: bytes) -> None:
    """As it is where a program sends it: who forges a value has broken the rules."""
    run = run_of(msgspec.structs.replace(wire_run(Run(status=status, error="E")), value=text), LIMITS)
    if text:
        assert run == Run(status=Status.VIOLATION)
    else:
        assert run.value is None


@pytest.mark.parametrize(
    ("run", "changes"),
    [
        (Run(status=Status.NOT_DATA, value=True), {"value": values.encode([1])}),
        (Run(status=Status.NOT_DATA, value=True), {"value": values.encode(1)}),
        (Run(status=Status.NOT_DATA, value=True), {"value": b""}),
        (Run(status=Status.HELD, value="x"), {"value": values.encode([1])}),
        (Run(status=Status.HELD, value="x"), {"value": b""}),
        (Run(status=Status.CRASHED, error="E"), {"error": None}),
    ],
    ids=["no truth", "a number", "nothing", "no text", "nothing held", "an exception without a name"],
)
def test_a_run_that_no_sandbox_has_is_a_violation(run: Run, changes: dict[str, Any]) -> None:
    """The judge of script tests would take it for a fault of the suite, and judge nothing."""
    assert run_of(msgspec.structs.replace(wire_run(run), **changes), LIMITS).status is Status.VIOLATION


@given(st.binary())
@example(b"")
@example(b"\x91" * 100_000)
@example(b"\x82\xa2is\xa4Open\xa1x" + b"\x91" * 100_000)
@example(b"\xdd\xff\xff\xff\xff")
@example(b"\xc1")
def test_arbitrary_bytes_are_no_message(data: bytes) -> None:
    """Nothing but NotAMessage comes of them, however deep they are nested and however much they promise."""
    for decode in (messages.decode_request, messages.decode_reply):
        with pytest.raises(NotAMessage, match="runner protocol") as caught:
            decode(data)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


@settings(deadline=None)
@given(st.data())
def test_broken_messages_are_refused_or_read(data: st.DataObject) -> None:
    """Of a message that was cut or changed comes a message, or NotAMessage."""
    whole = messages.encode(
        data.draw(st.one_of(jobs.map(requests_of), outcomes.map(replies_of)).flatmap(st.sampled_from))
    )
    place = data.draw(st.integers(0, len(whole) - 1))
    for broken in (whole[:place], whole[:place] + data.draw(st.binary(min_size=1, max_size=3)) + whole[place + 1 :]):
        for decode in (messages.decode_request, messages.decode_reply):
            with contextlib.suppress(NotAMessage):
                assert isinstance(decode(broken), msgspec.Struct)


NAMES = [kind.__name__ for kind in (*Request.__args__, *Reply.__args__)]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["program", "limits", "calls", "stdins", "runs", "run", "build", "layers", "speed", "anomalies", "known"]


@given(
    st.fixed_dictionaries({"is": st.sampled_from(NAMES)}),
    st.dictionaries(st.sampled_from(FIELDS), ANYTHING),
)
def test_wrong_types_are_refused_or_read(head: dict[str, str], body: dict[str, Any]) -> None:
    """Of a message whose fields hold anything comes a message, or NotAMessage."""
    data = msgspec.msgpack.encode({**head, **body})
    for decode in (messages.decode_request, messages.decode_reply):
        with contextlib.suppress(NotAMessage):
            assert type(decode(data)).__name__ == head["is"]


def changed(message: Request | Reply, path: list[str | int], value: Any) -> bytes:
    """Write a message with another value at a place in it."""
    whole = msgspec.msgpack.decode(messages.encode(message))
    place = whole
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return msgspec.msgpack.encode(whole)


RAN = ran(
    Outcome(
        build=Build(ok=True),
        runs=(Run(status=Status.CRASHED, exit_code=1, error="E", cpu_seconds=1.5, peak_bytes=1, attempts=2),),
        layers=("floor",),
        speed=2.0,
        anomalies=("ipc",),
    )
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((["runs", 0, name], value)
          for name in ("cpu_seconds", "wall_seconds", "idle_seconds")
          for value in (math.nan, math.inf, -math.inf, -1.0, 1e300, "1", None)),
        *((["runs", 0, "peak_bytes"], value) for value in (-1, 2**63, 1.5, math.nan)),
        *((["runs", 0, "attempts"], value) for value in (0, -1, 10**6)),
        *((["runs", 0, "exit_code"], value) for value in (2**40, -(2**40), "0")),
        *((["runs", 0, "status"], value) for value in ("accepted", "", 0, None)),
        *((["speed"], value) for value in (math.nan, math.inf, 0, -1.0, 1e9)),
        *((["layers"], value) for value in (["floor", "moat"], ["floor"] * 99, "floor", [0])),
        *((["anomalies"], value) for value in (["none"], ["ipc"] * 99, [b"ipc"])),
        *((["build", "ok"], value) for value in (1, "true", None)),
        *((["runs"], value) for value in (None, {}, [1])),
    ],
)  # fmt: skip
def test_a_reply_with_an_impossible_field_is_refused(path: list[str | int], value: Any) -> None:
    """Figures that are no figures, layers and anomalies that do not exist, statuses that nothing has."""
    assert messages.decode_reply(changed(RAN, [*path], path_value(path))) == RAN, "only the value is at fault"
    with pytest.raises(NotAMessage):
        messages.decode_reply(changed(RAN, path, value))


def path_value(path: list[str | int]) -> Any:
    """Return what RAN has at a place."""
    place = msgspec.msgpack.decode(messages.encode(RAN))
    for step in path:
        place = place[step]
    return place


JOB = Job(program=Program(source="pass"), inputs=(Call(function="f"),))


@pytest.mark.parametrize("value", [0, -1.0, math.nan, math.inf, "1", None])
def test_a_request_with_impossible_limits_is_refused(value: Any) -> None:
    """What no `Limits` can hold does not come in by the protocol either."""
    with pytest.raises(NotAMessage):
        messages.decode_request(changed(job_request(JOB), ["limits", "cpu_seconds"], value))


@pytest.mark.parametrize(
    "changes",
    [
        {"calls": ()},
        {"stdins": (b"",)},
        {"calls": (msgspec.structs.replace(wire_call(Call(function="f")), arguments=b"x"),)},
    ],
    ids=["no inputs", "inputs of both kinds", "arguments that are no data"],
)
def test_a_job_that_is_none_is_refused(changes: dict[str, Any]) -> None:
    """The types let it pass; making the job does not."""
    with pytest.raises(NotAMessage, match="runner protocol"):
        job_of(msgspec.structs.replace(job_request(JOB), **changes))


@given(plain_data())
@example(())
@example(((), {}, 1))
@example(([], {}))
@example(((), {1: 2}))
@example(((), []))
@example([(), {}])
def test_arguments_of_another_shape_are_refused(value: Any) -> None:
    """Only a tuple and a dictionary with names can be arguments."""
    match value:
        case (tuple(), dict(named)) if type(value) is tuple and all(type(name) is str for name in named):
            reject()
    call = msgspec.structs.replace(wire_call(Call(function="f")), arguments=values.encode(value))
    with pytest.raises(NotAMessage):
        call_of(call)


def test_no_message_shows_what_it_holds() -> None:
    """Neither whole nor in its parts: it holds hidden tests, or what answers them."""
    call = Call(function="f", args=(HIDDEN,), kwargs={HIDDEN: HIDDEN})
    run = Run(status=Status.FINISHED, value=HIDDEN, stdout=HIDDEN.encode(), error=HIDDEN, error_text=HIDDEN)
    requests = [
        *requests_of(Job(program=Program(source=HIDDEN), inputs=(call,))),
        *requests_of(Job(program=Program(source=HIDDEN), inputs=(Stdin(HIDDEN.encode()),))),
    ]
    replies = replies_of(Outcome(build=Build(ok=True, message=HIDDEN), runs=(run,)))
    for message in (*requests, *replies, wire_call(call), wire_run(run), wire_build(Build(ok=True, message=HIDDEN))):
        assert HIDDEN not in repr(message)
        assert HIDDEN not in repr([message])
        assert HIDDEN not in str(message)


def test_no_error_shows_what_was_refused() -> None:
    """Decoders like to quote; these do not, nor does the traceback that a log would print."""
    data = changed(job_request(JOB), ["limits", "cpu_seconds"], HIDDEN)
    for decode in (messages.decode_request, messages.decode_reply):
        with pytest.raises(NotAMessage) as caught:
            decode(data)
        assert HIDDEN not in str(caught.value)
        assert caught.value.__suppress_context__


@pytest.mark.parametrize("kind", [SandboxUnavailable, UnsupportedLanguage, SandboxFault, SandboxLost])
def test_a_fault_is_the_same_at_this_end(kind: type[SandboxError]) -> None:
    """Its class decides whether it is asked again, and its text says what to do."""
    reply = messages.decode_reply(messages.encode(failed(kind("raise the time-out"))))
    assert isinstance(reply, messages.Failed)
    fault = fault_of(reply)
    assert type(fault) is kind
    assert str(fault) == "raise the time-out"


@pytest.mark.parametrize("kind", ["", "KeyboardInterrupt", "SystemExit", "SandboxError", "no such"])
def test_a_fault_of_no_known_kind_is_a_fault(kind: str) -> None:
    """Nothing else can be raised at this end by a name."""
    assert type(fault_of(msgspec.structs.replace(failed(SandboxLost("x")), kind=kind))) is SandboxFault
