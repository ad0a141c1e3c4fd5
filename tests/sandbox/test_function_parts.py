"""A job for a Lambda function goes there in parts that fit, and comes back as one outcome."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import (
    Build,
    Call,
    Job,
    LambdaSandbox,
    Limits,
    LocalSandbox,
    Program,
    Run,
    SandboxFault,
    SandboxUnavailable,
    Status,
    Stdin,
)
from sandbox.functions import sandbox as functions
from sandbox.functions.fitting import TooLong, fitting_job, fitting_replay
from sandbox.remote import messages, payload
from sandbox.remote.gathering import Gathered
from sandbox.remote.messages import Ran, Replay, RunJob, WireRun
from sandbox.remote.translating import wire_build, wire_call, wire_run
from sandbox.runner.serving import serve
from tests.sandbox.running import QUICK

MEGABYTE = 1_000_000
DONE = Run(status=Status.FINISHED, stdout=b"x")
LATE = Run(status=Status.CPU_LIMIT)
NOT_RUN = Run(status=Status.NOT_RUN)
PROGRAM = Program(source="print(len(input()))")
LIMITS = Limits(cpu_seconds=1.0, idle_seconds=1.0, max_time_outs=3)


def noise(size: int, seed: int = 4) -> bytes:
    """Make bytes that no compressor makes much shorter, without an end of line."""
    return random.Random(seed).randbytes(size).replace(b"\n", b" ")  # noqa: S311


def part(*runs: Run, ok: bool = True, **where: Any) -> Ran:
    """Make a runner's reply."""
    return Ran(build=wire_build(Build(ok=ok, message="" if ok else "bad")), runs=tuple(map(wire_run, runs)), **where)


def gathered_of(count: int, limits: Limits = LIMITS) -> Gathered:
    """Begin a job of so many inputs."""
    return Gathered(Job(program=PROGRAM, inputs=(Stdin(b"x\n"),) * count, limits=limits))


def test_what_fits_goes_at_once() -> None:
    """Most jobs are one part; it holds what the event holds."""
    request, packed = fitting_job(PROGRAM, LIMITS, [Stdin(b"%d" % number) for number in range(500)], fresh=True)
    assert request.stdins == tuple(b"%d" % number for number in range(500))
    assert (request.limits, request.fresh) == (LIMITS, True)
    assert messages.decode_request(payload.unpack(packed)) == request


@pytest.mark.parametrize("kind", ["stdin", "call"])
def test_inputs_too_long_together_go_in_parts(kind: str) -> None:
    """The first of them, as many as fit."""
    data = [noise(2 * MEGABYTE, seed) for seed in range(5)]
    inputs: Any = [Stdin(each) if kind == "stdin" else Call(function="f", args=(each.hex(),)) for each in data]
    request, packed = fitting_job(PROGRAM, LIMITS, inputs, fresh=False)
    assert payload.fits(packed)
    assert 1 <= len(request.stdins) + len(request.calls) < 5
    if kind == "stdin":
        assert request.stdins == tuple(data[: len(request.stdins)])


def test_long_inputs_that_can_be_made_shorter_fit() -> None:
    """What counts is how long they are compressed."""
    request, packed = fitting_job(PROGRAM, LIMITS, [Stdin(b"1 " * 10 * MEGABYTE)], fresh=False)
    assert payload.fits(packed)
    assert len(request.stdins) == 1


def test_a_program_that_is_too_long_is_its_authors_doing() -> None:
    """The text for its author tells its size in bytes; so it is for a job, and for calls in a row."""
    program = Program(source=noise(4 * MEGABYTE).hex())
    text = rf"the program has {len(program.source)} bytes"
    with pytest.raises(TooLong, match=text):
        fitting_job(program, LIMITS, [Stdin(b"")], fresh=False)
    with pytest.raises(TooLong, match=text):
        fitting_replay(program, LIMITS, (), (wire_call(Call(function="f")),) * 3, 0)


def test_an_input_that_is_too_long_is_the_suites_doing() -> None:
    """It is refused, whatever program would read it, in words that hold nothing of it."""
    long = Call(function="f", args=(noise(5 * MEGABYTE),))
    with pytest.raises(SandboxUnavailable, match=r"^the input is too long for a Lambda function; grade"):
        fitting_job(PROGRAM, LIMITS, [long, long], fresh=False)
    with pytest.raises(SandboxUnavailable, match="too long"):
        fitting_replay(PROGRAM, LIMITS, (wire_call(long),), (), 0)


def test_foreseen_calls_are_left_out_where_they_do_not_fit() -> None:
    """They only save rounds. Those that are needed stay, and how many of them are known."""
    needed = (wire_call(Call(function="f", args=(1,))), wire_call(Call(function="f", args=(2,))))
    foreseen = tuple(wire_call(Call(function="f", args=(noise(MEGABYTE, seed),))) for seed in range(6))
    request, packed = fitting_replay(PROGRAM, LIMITS, needed, foreseen, 1)
    assert payload.fits(packed)
    assert request.known == 1
    assert request.calls[:2] == needed
    assert request.calls[2:] == foreseen[: len(request.calls) - 2]
    assert 2 < len(request.calls) < 8


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
def test_parts_become_one_outcome(sizes: list[int]) -> None:
    """Runs in order, however the job was cut."""
    gathered = gathered_of(sum(sizes))
    for size in sizes:
        assert not gathered.done
        first = gathered.count
        runs = [Run(status=Status.FINISHED, stdout=b"%d" % (first + number)) for number in range(size)]
        gathered.add(part(*runs, layers=("floor",)), sum(sizes) - first)
    assert gathered.done
    outcome = gathered.outcome()
    assert [run.stdout for run in outcome.runs] == [b"%d" % number for number in range(sum(sizes))]
    assert (outcome.build.ok, outcome.layers) == (True, ("floor",))


def test_layers_are_those_of_all_parts_and_anomalies_those_of_any() -> None:
    """Each part may have run on another machine."""
    gathered = gathered_of(2)
    gathered.add(part(DONE, layers=("floor", "uid", "seccomp"), speed=1.5, anomalies=("ipc",)), 2)
    gathered.add(part(DONE, layers=("floor", "seccomp"), anomalies=("files",)), 1)
    outcome = gathered.outcome()
    assert outcome.layers == ("floor", "seccomp")
    assert outcome.anomalies == ("files", "ipc")


def test_a_program_that_does_not_compile_is_not_sent_again() -> None:
    """Its other inputs are not run."""
    gathered = gathered_of(5)
    gathered.add(part(NOT_RUN, NOT_RUN, ok=False), 5)
    assert gathered.done
    assert gathered.outcome().build == Build(ok=False, message="bad")
    assert gathered.outcome().runs == (NOT_RUN,) * 5


def test_a_build_that_fails_later_takes_nothing_back() -> None:
    """As where a program is built again for a run that was in doubt: what ran has run."""
    gathered = gathered_of(4)
    gathered.add(part(DONE, DONE), 4)
    gathered.add(part(NOT_RUN, NOT_RUN, ok=False), 2)
    assert gathered.outcome().build.ok
    assert gathered.outcome().runs == (DONE, DONE, NOT_RUN, NOT_RUN)


def test_parts_share_the_budget_of_time_outs() -> None:
    """Three time-outs in all; each part is told how many are left."""
    gathered = gathered_of(9)
    assert gathered.limits == LIMITS
    gathered.add(part(LATE, DONE), 9)
    assert gathered.limits == msgspec.structs.replace(LIMITS, max_time_outs=2)
    gathered.add(part(LATE), 7)
    assert gathered.limits.max_time_outs == 1
    gathered.add(part(Run(status=Status.IDLE_LIMIT)), 6)
    assert gathered.done
    statuses = [run.status for run in gathered.outcome().runs]
    assert statuses == [Status.CPU_LIMIT, Status.FINISHED, Status.CPU_LIMIT, Status.IDLE_LIMIT] + [Status.NOT_RUN] * 5


def test_parts_share_the_time_that_may_be_idled_away() -> None:
    """A program that naps in each part is not waited for without end."""
    gathered = gathered_of(9)
    nap = Run(status=Status.FINISHED, idle_seconds=0.9)
    for left in (9, 8, 7):
        gathered.add(part(nap), left)
    assert not gathered.done
    gathered.add(part(nap), 6)
    assert gathered.done
    assert [run.status for run in gathered.outcome().runs] == [Status.FINISHED] * 4 + [Status.NOT_RUN] * 5


@pytest.mark.parametrize("count", [0, 4, 100])
def test_a_reply_with_too_few_or_too_many_runs_is_a_fault(count: int) -> None:
    """Without this a lying runner would be asked without end, or grade tests that were not sent."""
    gathered = gathered_of(5)
    with pytest.raises(SandboxFault, match=f"sent {count} runs for 3 inputs"):
        gathered.add(part(*[DONE] * count), 3)
    assert gathered.count == 0


def test_a_program_that_ended_the_runner_has_no_answers() -> None:
    """What it answered in earlier parts counts for nothing."""
    gathered = gathered_of(3)
    gathered.add(part(DONE), 3)
    gathered.give_up()
    assert gathered.done
    assert gathered.outcome().runs == (Run(status=Status.VIOLATION),) * 3


class Runner:
    """In place of `Invoker`: serves by processes of this machine, so many inputs at a time; no AWS can be reached."""

    def __init__(self, sandbox: LocalSandbox, most: int = 99) -> None:
        """Serve so many inputs of each job."""
        self._sandbox = sandbox
        self._most = most
        self.requests: list[RunJob | Replay] = []

    def ask(self, event: dict[str, str], *, seconds: float) -> Ran:
        """Serve, and stop early."""
        request = messages.decode_request(payload.unpack(event))
        assert isinstance(request, RunJob | Replay)
        self.requests.append(request)
        done = 0

        def enough(run: Run) -> bool:
            nonlocal done
            done += 1
            return done >= self._most

        reply = messages.decode_reply(messages.encode(serve(self._sandbox, request, enough)))
        assert isinstance(reply, Ran)
        return reply


def lambda_of(runner: Any, **options: Any) -> LambdaSandbox:
    """Make a sandbox whose calls go to that runner."""
    sandbox = LambdaSandbox("SageMaker-runner", 2, **options)
    sandbox._invoker = runner
    return sandbox


def test_a_job_in_parts_is_the_job(sandbox: LocalSandbox) -> None:
    """Two inputs at a time, of seven; the same runs as in one go."""
    job = Job(program=PROGRAM, inputs=tuple(Stdin(b"x" * number + b"\n") for number in range(7)), limits=QUICK)
    runner = Runner(sandbox, most=2)
    outcome = lambda_of(runner).run(job)
    assert [run.stdout for run in outcome.runs] == [run.stdout for run in sandbox.run(job).runs]
    assert [len(request.stdins) for request in runner.requests if isinstance(request, RunJob)] == [7, 5, 3, 1]


def test_long_inputs_are_served_in_parts(sandbox: LocalSandbox) -> None:
    """Each with its own answer."""
    inputs = tuple(Stdin(noise(2 * MEGABYTE + number) + b"\n") for number in range(3))
    source = "import sys\nprint(len(sys.stdin.buffer.read()))"
    runner = Runner(sandbox)
    outcome = lambda_of(runner).run(Job(program=Program(source=source), inputs=inputs, limits=Limits(cpu_seconds=2.0)))
    assert [int(run.stdout) for run in outcome.runs] == [len(item.data) for item in inputs]
    assert len(runner.requests) > 1


def test_a_program_too_long_to_be_sent_does_not_compile(sandbox: LocalSandbox) -> None:
    """In a job and in a session alike: no program may choose to go without a verdict. Nothing is sent."""
    program = Program(source=f"# {noise(4 * MEGABYTE).hex()}")
    runner = Runner(sandbox)
    outcome = lambda_of(runner).run(Job(program=program, inputs=(Stdin(b""),) * 2))
    assert (outcome.build.ok, outcome.runs) == (False, (NOT_RUN,) * 2)
    assert f"{len(program.source)} bytes" in outcome.build.message
    with lambda_of(runner).open(program, QUICK, lambda: [Call(function="f")]) as session:
        assert session.build == outcome.build
        assert session.call(Call(function="f")) == NOT_RUN
    assert runner.requests == []


def test_layers_that_are_required_are_required_of_the_runner(sandbox: LocalSandbox) -> None:
    """What it has is in its replies; less than is required is refused, and the message says what to do."""
    job = Job(program=PROGRAM, inputs=(Stdin(b"\n"),), limits=QUICK)
    assert lambda_of(Runner(sandbox), require=["floor"]).run(job).runs[0].status is Status.FINISHED

    class Lesser(Runner):
        def ask(self, event: dict[str, str], *, seconds: float) -> Ran:
            return msgspec.structs.replace(super().ask(event, seconds=seconds), layers=("floor",))

    with pytest.raises(SandboxUnavailable, match=r"has the layers floor, and what is required is floor,seccomp"):
        lambda_of(Lesser(sandbox), require=["floor", "seccomp"]).run(job)


class Liar:
    """A runner that answers each job but the harmless one with the same."""

    def __init__(self, reply: Ran) -> None:
        """Answer so."""
        self._reply = reply
        self.asked = 0

    def ask(self, event: dict[str, str], *, seconds: float) -> Ran:
        """Answer."""
        request = messages.decode_request(payload.unpack(event))
        assert isinstance(request, RunJob)
        if request.program == HARMLESS:
            return part(DONE, layers=("floor",))
        self.asked += 1
        return self._reply


HARMLESS = functions._HARMLESS.program


@pytest.mark.parametrize("runs", [(), (WireRun(status=Status.FINISHED),) * 9])
def test_a_lying_runner_is_not_asked_without_end(runs: tuple[WireRun, ...]) -> None:
    """Who sends no runs, or more than were asked for, is as good as lost: a violation where harmless programs live."""
    liar = Liar(msgspec.structs.replace(part(), runs=runs))
    outcome = lambda_of(liar).run(Job(program=PROGRAM, inputs=(Stdin(b""),) * 2))
    assert [run.status for run in outcome.runs] == [Status.VIOLATION] * 2
    assert liar.asked == 3
