"""The runner as a Lambda function: driven directly, and through Amazon's runtime client and emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given

from sandbox import Call, Limits, LocalSandbox, Program, Run, SandboxFault, SandboxUnavailable, Status, Stdin
from sandbox.remote import messages, payload
from sandbox.remote.messages import Failed, Ran, Reply, Request
from sandbox.remote.translating import build_of, fault_of, run_job, runs_of
from sandbox.runner.ending import ENDED
from sandbox.runner.function import Function
from tests.sandbox import lesser_host, ordinary_user
from tests.sandbox.running import QUICK
from tests.sandbox.test_runner_stream import FLOOR, LEAVE
from verifier.aws.emulator import Emulator, EmulatorError
from verifier.aws.emulator_binary import fetch_emulator, find_emulator
from verifier.fuzzing.strategies import json_values

ROOT = Path(__file__).parents[2]
HIDDEN = "hidden-7491"
HANDLER = "sandbox.runner.lambda_handler"
NOISE = "import random, sys\nsys.stdout.buffer.write(random.Random(input()).randbytes({size}))"
MEGABYTE = 1_000_000
LONG = Limits(cpu_seconds=2.0)
needs_ordinary_user = pytest.mark.skipif(bool(ordinary_user.missing()), reason=ordinary_user.missing())


class Context:
    """Lambda's context object: so many seconds are left whenever it is asked."""

    def __init__(self, seconds: float) -> None:
        """Leave so many seconds."""
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return them, in milliseconds."""
        return round(self._seconds * 1000)


def job(source: str, *stdins: bytes, limits: Limits = QUICK) -> messages.RunJob:
    """Ask for a program to be run with these inputs."""
    return run_job(Program(source=source), limits, [Stdin(data) for data in stdins], fresh=False)


def calls(source: str, *arguments: Any, limits: Limits = QUICK) -> messages.RunJob:
    """Ask for calls of its function ``f``."""
    return run_job(
        Program(source=source), limits, [Call(function="f", args=(each,)) for each in arguments], fresh=False
    )


def packed(request: Request) -> dict[str, str]:
    """Write a request as an event."""
    return payload.pack(messages.encode(request))


def reply_in(answer: Any) -> Reply:
    """Read the reply in what the handler returned; Lambda takes it."""
    assert len(json.dumps(answer)) < 6 * 1024 * 1024
    return messages.decode_reply(payload.unpack(json.loads(json.dumps(answer))))


def ran(answer: Any, limits: Limits = QUICK) -> tuple[Run, ...]:
    """Read the runs in it."""
    reply = reply_in(answer)
    assert isinstance(reply, Ran)
    return runs_of(reply.runs, limits)


def failure_in(answer: Any) -> Failed:
    """Read the fault in it."""
    reply = reply_in(answer)
    assert isinstance(reply, Failed)
    return reply


def never() -> LocalSandbox:
    """Make no sandbox."""
    raise AssertionError("nothing must be prepared for this")


@pytest.fixture(scope="module")
def function() -> Iterator[Function]:
    """Serve with real processes of this machine, whose speed is given: what is in time must not depend on it."""
    with LocalSandbox(1, speed=1.0) as sandbox:
        yield Function(lambda: sandbox)


def test_a_job_runs(function: Function) -> None:
    """An event in, a reply out, without a context as well."""
    assert [run.stdout for run in ran(function(packed(job("print(input())", b"a\n", b"b\n")), None))] == [
        b"a\n",
        b"b\n",
    ]


def test_the_handler_is_made_for_the_first_event(sandbox: LocalSandbox) -> None:
    """The sandbox is made once, for the first request that needs it; what fails is tried again for the next."""
    made: list[Exception | LocalSandbox] = [SandboxUnavailable("not yet"), sandbox]
    asked = 0

    def prepare() -> LocalSandbox:
        nonlocal asked
        asked += 1
        found = made.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    function = Function(prepare)
    assert asked == 0
    assert str(fault_of(failure_in(function(packed(job("print(1)", b"")), None)))) == "not yet"
    for _ in range(2):
        assert ran(function(packed(job("print(1)", b"")), None))[0].stdout == b"1\n"
    assert asked == 2


@given(json_values())
@example({"key1": "value1", "key2": "value2", "key3": "value3"})
@example(payload.pack(b""))
@example(payload.pack(b"\x91" * 1000))
@example([{"id": "0", "messages": [], "reference_answer": {"inputs": [HIDDEN], "outputs": [HIDDEN]}}])
def test_an_event_that_is_no_request_is_a_fault(event: Any) -> None:
    """Never an exception, which the runtime would write to the log; and nothing is prepared for it."""
    reply = failure_in(Function(never)(event, Context(100)))
    assert type(fault_of(reply)) is SandboxFault
    assert str(fault_of(reply)).startswith("the runner was asked for what it cannot do")


@pytest.mark.parametrize(
    "request_",
    [
        messages.Start(),
        messages.Open(program=job("").program, limits=QUICK),
        messages.Restart(),
        messages.Finish(),
        messages.Close(),
    ],
    ids=lambda request: type(request).__name__,
)
def test_what_only_a_stream_serves_is_a_fault(request_: Request) -> None:
    """A function keeps no session."""
    reply = failure_in(Function(never)(packed(request_), None))
    assert str(fault_of(reply)).startswith("the runner was asked for what it cannot do")


@pytest.mark.parametrize(
    "request_",
    [
        job("print(1)"),
        job("print(1)", b"", limits=Limits(cpu_seconds=1e308)),
        calls("def f(x): pass", [[]]),
    ],
    ids=["no inputs", "limits over all bounds", "arguments too deep"],
)
def test_a_request_that_cannot_be_served_is_a_fault(function: Function, request_: messages.RunJob) -> None:
    """Who answers by an exception is asked again, and in the end the program is blamed for it."""
    if request_.calls:
        deep: Any = 1
        for _ in range(98):
            deep = [deep]
        request_ = calls("def f(x): pass", deep)
    reply = failure_in(Function(function._get_ready)(packed(request_), Context(100)))
    assert issubclass(type(fault_of(reply)), SandboxFault | SandboxUnavailable)


def test_a_function_with_suites_is_refused() -> None:
    """A runner must hold no tests: it runs nothing, and says what to do."""
    with mock.patch.dict(os.environ, {"VERIFIER_SUITES": "/opt/suites"}):
        reply = failure_in(Function()(packed(job("print(1)", b"")), None))
    assert reply.kind == "SandboxUnavailable"
    assert "a runner must hold no suites; give them to the grader alone" in str(fault_of(reply))


@pytest.mark.parametrize("name", ["VERIFIER_SEAL_KEY", "VERIFIER_SEAL_KEY_FILE"])
def test_a_function_with_a_key_of_suites_is_refused(name: str) -> None:
    """A runner must hold no key either; the message does not show it."""
    with mock.patch.dict(os.environ, {name: "SECRET"}):
        reply = failure_in(Function()(packed(job("print(1)", b"")), None))
    assert reply.kind == "SandboxUnavailable"
    assert "a runner must hold none; give it to the grader alone" in str(fault_of(reply))
    assert "SECRET" not in str(fault_of(reply))


@pytest.mark.parametrize(("name", "value"), [("VERIFIER_SPEED", "fast"), ("VERIFIER_REQUIRE", "moat")])
def test_a_setting_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    """The fault names it, and what to set."""
    with mock.patch.dict(os.environ, {name: value}):
        reply = failure_in(Function()(packed(job("print(1)", b"")), None))
    assert reply.kind == "SandboxUnavailable"
    assert str(fault_of(reply)).startswith(f"{name}: set ")


def test_a_time_out_too_short_for_the_limits_is_refused(function: Function) -> None:
    """Lambda would end the function in the middle of a test; the fault says what to raise."""
    reply = failure_in(function(packed(job("print(1)", b"", limits=Limits(cpu_seconds=100.0))), Context(60)))
    assert reply.kind == "SandboxUnavailable"
    assert "the runner has 60 s left; raise the time-out of the function" in str(fault_of(reply))


NAPPING = Limits(cpu_seconds=0.2, idle_seconds=1.0, build_seconds=0.4, max_time_outs=30)
FREE_SECONDS = 1.3
"""For the build, and in which inputs may begin; the time after it is for the longest of them, and a margin."""
ONE_INPUT = 3.0 + 1.5 * 0.2 + 1.0
ONE_CALL = 3.0 + 2 * (1.5 * 0.2 + 1.0)


def test_a_job_longer_than_the_time_left_comes_back_in_part(function: Function) -> None:
    """What was done so far, in order; the caller asks for the rest."""
    inputs = [b"%d\n" % number for number in range(50)]
    naps = job("import time\ntime.sleep(0.1)\nprint(input())", *inputs, limits=NAPPING)
    found = ran(function(packed(naps), Context(ONE_INPUT + FREE_SECONDS)))
    assert 1 <= len(found) <= 20
    assert [run.stdout for run in found] == inputs[: len(found)]


def test_calls_longer_than_the_time_left_come_back_in_part(function: Function) -> None:
    """Those of a job, and those that are replayed."""
    naps = calls("import time\ndef f(x):\n    time.sleep(0.1)\n    return x", *range(50), limits=NAPPING)
    replay = messages.Replay(program=naps.program, limits=naps.limits, calls=naps.calls, known=1)
    for request, first in ((naps, 0), (replay, 1)):
        found = ran(function(packed(request), Context(ONE_CALL + FREE_SECONDS)))
        assert len(found) <= 20
        assert [run.value for run in found] == list(range(first, first + len(found)))


def test_a_time_out_in_doubt_is_not_repeated_when_the_time_is_up(function: Function) -> None:
    """Its repeats would go on beyond the function's end: it is left to the next call, or stands where it is alone."""
    program = """
import time
word = input()
time.sleep(0.9)
while word == 'slow' and time.process_time() < 0.25: pass
"""
    for words, told in (((b"quick\n", b"slow\n"), [Status.FINISHED]), ((b"slow\n",), None)):
        found = ran(function(packed(job(program, *words, limits=NAPPING)), Context(ONE_INPUT + FREE_SECONDS)))
        assert told is None or [run.status for run in found] == told
        assert len(found) == 1


def test_a_build_has_no_more_time_than_there_is(function: Function) -> None:
    """A program that takes long to compile does not compile; were the function ended meanwhile, it would be a loss."""
    needed = 3.0 + 1.5 * QUICK.cpu_seconds + QUICK.idle_limit_seconds
    reply = reply_in(function(packed(job("x = 1\n" * 900_000, b"")), Context(needed + 3.1)))
    assert isinstance(reply, Ran)
    assert not reply.build.ok
    assert [run.status for run in reply.runs] == [Status.NOT_RUN]


def test_a_reply_over_six_megabytes_comes_back_in_part(function: Function) -> None:
    """As many runs as Lambda takes, and they are whole."""
    found = ran(function(packed(job(NOISE.format(size=2 * MEGABYTE), *[b"1\n"] * 5, limits=LONG)), None), LONG)
    assert 1 <= len(found) <= 2
    assert {len(run.stdout) for run in found} == {2 * MEGABYTE}


def test_a_value_over_six_megabytes_comes_back_in_part(function: Function) -> None:
    """The same for values."""
    source = f"import random\ndef f(x): return random.Random(x).randbytes({2 * MEGABYTE})"
    found = ran(function(packed(calls(source, 1, 2, 3, 4, 5, limits=LONG)), None), LONG)
    assert 1 <= len(found) <= 2
    assert {len(run.value) for run in found} == {2 * MEGABYTE}


def test_a_single_output_over_six_megabytes_is_over_the_limit(function: Function) -> None:
    """Though the program's own limit is higher: no reply can bring it, and no run goes without an answer."""
    found = ran(function(packed(job(NOISE.format(size=5 * MEGABYTE), b"1\n", b"2\n", limits=LONG)), None), LONG)
    assert [(run.status, run.stdout) for run in found] == [(Status.OUTPUT_LIMIT, b"")]
    assert found[0].cpu_seconds > 0


def test_outputs_are_held_within_bounds(function: Function) -> None:
    """A program that writes much each time does not fill the runner's memory: it is asked again for the rest."""
    for request in (
        job("print('x' * 15_000_000)", *[b""] * 9, limits=LONG),
        calls("def f(x): return 'x' * 15_000_000", *range(9), limits=LONG),
    ):
        found = ran(function(packed(request), None), LONG)
        assert 1 < len(found) < 9
        assert {len(run.stdout or run.value) for run in found} <= {15_000_000, 15_000_001}


def test_a_program_that_does_not_compile_is_a_build(function: Function) -> None:
    """Also where no call can be made."""
    request = calls("def f(:", 1)
    for each in (request, messages.Replay(program=request.program, limits=QUICK, calls=request.calls)):
        reply = reply_in(function(packed(each), Context(100)))
        assert isinstance(reply, Ran)
        assert not reply.build.ok
        assert "SyntaxError" in build_of(reply.build).message


def test_half_a_surrogate_pair_is_text_as_any_other(function: Function) -> None:
    """A program chooses the text of its exceptions; it cannot choose to go without a reply."""
    (run,) = ran(function(packed(calls("def f(x): raise ValueError(chr(x))", 0xD800)), None))
    assert (run.status, run.error, run.error_text) == (Status.CRASHED, "ValueError", "\ud800")


ENDING = """
import json, sys
from sandbox import LocalSandbox
from sandbox.runner.function import Function
function = Function(lambda: LocalSandbox(1, require=("floor",), speed=1.0))
for line in sys.stdin:
    print(json.dumps(function(json.loads(line), None)), flush=True)
"""


def environment_after(*requests: Request) -> tuple[int, list[Reply]]:
    """Serve requests in an environment on a host with the floor alone; return its exit status, and the replies."""
    done = subprocess.run(
        [*ordinary_user.command(), *lesser_host.command(*FLOOR), sys.executable, "-c", ENDING],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        input="".join(f"{json.dumps(packed(request))}\n" for request in requests),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, [reply_in(json.loads(line)) for line in done.stdout.splitlines()]


@needs_ordinary_user
def test_an_anomaly_ends_the_environment_as_the_next_event_comes_in() -> None:
    """Not before its own reply is out, which tells of it; the next event is not looked at."""
    status, replies = environment_after(job("print(1)", b""), job(LEAVE, b""), job("print(2)", b""))
    assert status == ENDED
    assert [reply.anomalies for reply in replies if isinstance(reply, Ran)] == [(), ("ipc",)]
    assert len(replies) == 2


@needs_ordinary_user
def test_an_environment_without_anomalies_goes_on() -> None:
    """Crashes, time-outs and programs that do not compile are no reason to end."""
    programs = ("1 / 0", "def f(:", "while True: pass", "import os\nos.abort()", "print(1)")
    status, replies = environment_after(*(job(each, b"", limits=Limits(cpu_seconds=0.2)) for each in programs))
    assert status == 0
    assert [reply.runs[0].status for reply in replies if isinstance(reply, Ran)] == [
        *(Status.CRASHED, Status.NOT_RUN, Status.CPU_LIMIT, Status.CRASHED, Status.FINISHED)
    ]


@needs_ordinary_user
def test_an_event_that_is_no_request_does_not_end_the_environment() -> None:
    """It says nothing of the environment: whoever sends such events must not be able to end others' runs."""
    status, replies = environment_after(messages.Close(), messages.Close(), job("print(1)", b""))
    assert status == 0
    assert [type(reply) for reply in replies] == [Failed, Failed, Ran]


@pytest.fixture(scope="module")
def emulated() -> Iterator[Emulator]:
    """Run the handler under the emulator."""
    try:
        binary = find_emulator()
    except EmulatorError:
        binary = fetch_emulator()
    environment = {"VERIFIER_RIE": str(binary), "VERIFIER_SPEED": "1.0"}
    with Emulator(environment, handler=HANDLER, timeout_seconds=30) as emulated:
        yield emulated


@pytest.mark.emulator
def test_a_job_runs_in_the_emulator(emulated: Emulator) -> None:
    """Through the real runtime client, both ways."""
    (run,) = ran(emulated.invoke(packed(job("print(input()[::-1])", b"ab\n"))))
    assert (run.status, run.stdout) == (Status.FINISHED, b"ba\n")


@pytest.mark.emulator
def test_replies_over_six_megabytes_pass_the_emulator(emulated: Emulator) -> None:
    """Of two runs that are too long together the first comes; of one that is too long, that it is."""
    for size, status in ((3 * MEGABYTE, Status.FINISHED), (5 * MEGABYTE, Status.OUTPUT_LIMIT)):
        request = job(NOISE.format(size=size), b"1\n", b"2\n", limits=LONG)
        assert [run.status for run in ran(emulated.invoke(packed(request)), LONG)] == [status]


@pytest.mark.emulator
def test_limits_are_held_against_the_emulators_time(emulated: Emulator) -> None:
    """The context tells what is left of the function's time-out."""
    reply = failure_in(emulated.invoke(packed(job("print(1)", b"", limits=Limits(cpu_seconds=60.0)))))
    assert "raise the time-out of the function" in str(fault_of(reply))


@pytest.mark.emulator
def test_nothing_of_an_event_is_in_the_log(emulated: Emulator) -> None:
    """Neither of requests, nor of events that are none: they may be hidden tests, sent to the wrong function."""
    hidden = HIDDEN.encode()
    for event in (
        packed(job(f"print(input())  # {HIDDEN}", hidden, HIDDEN.encode())),
        packed(job(f"raise ValueError('{HIDDEN}')", hidden)),
        packed(job(f"def f(: {HIDDEN}", hidden)),
        packed(calls("def f(x): raise ValueError(x)", HIDDEN)),
        packed(job(HIDDEN)),
    ):
        emulated.invoke(event)
    for event in ({"key": HIDDEN}, [HIDDEN], {**payload.pack(b""), "id": HIDDEN}):
        assert HIDDEN not in str(fault_of(failure_in(Function(never)(event, None))))
    assert HIDDEN not in str(fault_of(failure_in(emulated.invoke({"reference_answer": HIDDEN}))))
    assert HIDDEN not in emulated.log
    assert "Traceback" not in emulated.log
