"""`python -m sandbox.runner`: what it answers over its standard streams, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from sandbox import Call, Limits, LocalSandbox, Program, Status, Stdin
from sandbox.inside.frames import read_frame, write_frame
from sandbox.remote import messages
from sandbox.remote.messages import Answered, Closed, Failed, Finished, Opened, Ran, Reply, Request, Started
from sandbox.remote.translating import build_of, fault_of, run_job, run_of, runs_of, wire_call
from tests.sandbox import lesser_host, ordinary_user
from tests.sandbox.processes import below, candidates_below, come_true, gone
from tests.sandbox.running import QUICK

ROOT = Path(__file__).parents[2]
HIDDEN = "hidden-7491"
COUNT = """
n = 0
def f(x=0):
    global n
    n += 1
    while x == 'spin': pass
    if x: raise KeyError(x)
    return n
"""
SPIN = "while True: pass"
START = messages.Start(speed=1.0)
needs_ordinary_user = pytest.mark.skipif(bool(ordinary_user.missing()), reason=ordinary_user.missing())


class Runner:
    """The handle on such a process."""

    def __init__(self, *prefix: str, **environment: str) -> None:
        """Start it, by a command that ``prefix`` begins."""
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "sandbox.runner"],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._requests, self._replies = self.process.stdin.fileno(), self.process.stdout.fileno()

    def send(self, request: Request) -> None:
        """Send a request."""
        self.send_bytes(messages.encode(request))

    def send_bytes(self, data: bytes) -> None:
        """Send a frame that holds anything."""
        write_frame(self._requests, data)

    def receive(self) -> Reply:
        """Wait for a reply."""
        return messages.decode_reply(read_frame(self._replies))

    def ask(self, request: Request) -> Reply:
        """Send a request and wait for its reply."""
        self.send(request)
        return self.receive()

    def hang_up(self) -> None:
        """Close its standard input, as the kernel does when the other end dies."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def ended(self) -> tuple[int, str]:
        """Wait until it ends by itself; return its status and what it wrote to standard error."""
        assert self.process.stderr is not None
        status = self.process.wait(timeout=20)
        return status, self.process.stderr.read().decode()

    def __enter__(self) -> Self:
        """Return the handle itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it end."""
        with self.process:
            self.hang_up()
            self.process.wait(timeout=20)


@pytest.fixture
def runner() -> Iterator[Runner]:
    """Start a runner, and nothing in it."""
    with Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def started() -> Iterator[Runner]:
    """Start a runner for all tests that leave it as it was."""
    with Runner() as runner:
        assert isinstance(runner.ask(START), Started)
        yield runner


def a_job(source: str, *stdins: bytes, limits: Limits = QUICK) -> messages.RunJob:
    """Ask for a program to be run with these inputs."""
    return run_job(Program(source=source), limits, [Stdin(data) for data in stdins], fresh=False)


def calls(source: str, *arguments: object, limits: Limits = QUICK) -> messages.RunJob:
    """Ask for calls of its function ``f``."""
    return run_job(
        Program(source=source), limits, [Call(function="f", args=(each,)) for each in arguments], fresh=False
    )


def a_replay(source: str, *arguments: object, known: int = 0, limits: Limits = QUICK) -> messages.Replay:
    """Ask for the same in a row, as a session does."""
    job = calls(source, *arguments, limits=limits)
    return messages.Replay(program=job.program, limits=job.limits, calls=job.calls, known=known)


def opened(source: str) -> messages.Open:
    """Ask for a session."""
    job = a_job(source, b"")
    return messages.Open(program=job.program, limits=job.limits)


def a_call(argument: object) -> messages.MakeCall:
    """Ask for a call of ``f`` in it."""
    return messages.MakeCall(call=wire_call(Call(function="f", args=(argument,))))


def answer_to(runner: Runner, argument: object) -> tuple[Status, object]:
    """Call ``f``; return how it ended, and the value."""
    reply = runner.ask(a_call(argument))
    assert isinstance(reply, Answered)
    run = run_of(reply.run, QUICK)
    return run.status, run.value


def test_it_starts_with_the_layers_and_the_speed(runner: Runner, sandbox: LocalSandbox) -> None:
    """The same layers as in this process; the speed that it was given."""
    reply = runner.ask(messages.Start(speed=0.5))
    assert isinstance(reply, Started)
    assert (reply.layers, reply.speed, reply.anomalies) == (sandbox.survey()[0], 0.5, ())


def test_a_job_runs(started: Runner, sandbox: LocalSandbox) -> None:
    """Each input has its run, and the reply tells how they ran."""
    reply = started.ask(a_job("print(input()[::-1])", b"ab\n", b"cd\n"))
    assert isinstance(reply, Ran)
    assert [run.stdout for run in runs_of(reply.runs, QUICK)] == [b"ba\n", b"dc\n"]
    assert (reply.build.ok, reply.layers, reply.speed) == (True, sandbox.survey()[0], 1.0)


def test_a_program_that_does_not_compile(started: Runner) -> None:
    """Its runs were not run, and the build tells why."""
    reply = started.ask(a_job("def f(:", b""))
    assert isinstance(reply, Ran)
    assert not reply.build.ok
    assert "SyntaxError" in build_of(reply.build).message
    assert [run.status for run in reply.runs] == [Status.NOT_RUN]


def test_half_a_surrogate_pair_is_text_as_any_other(started: Runner) -> None:
    """A program can hold it, and so can the text of an exception; neither ends the runner."""
    reply = started.ask(a_job("x = '\ud800'", b""))
    assert isinstance(reply, Ran)
    assert not reply.build.ok
    reply = started.ask(calls("def f(x): raise ValueError(chr(x))", 0xD800))
    assert isinstance(reply, Ran)
    assert run_of(reply.runs[0], QUICK).error_text == "\ud800"


def test_calls_are_replayed(started: Runner) -> None:
    """In one program; what is known already is left out of the reply."""
    reply = started.ask(a_replay(COUNT, 0, 0, "k", 0, known=2))
    assert isinstance(reply, Ran)
    assert [(run.status, run.value) for run in runs_of(reply.runs, QUICK)] == [
        (Status.CRASHED, None),
        (Status.FINISHED, 4),
    ]


def test_a_replay_ends_at_a_time_out(started: Runner) -> None:
    """After it there is another program, which a new replay starts."""
    reply = started.ask(a_replay(COUNT, 0, "spin", 0, limits=Limits(cpu_seconds=0.2)))
    assert isinstance(reply, Ran)
    assert [run.status for run in reply.runs] == [Status.FINISHED, Status.CPU_LIMIT]


def test_a_session_lives_until_it_is_closed(started: Runner) -> None:
    """It keeps its program, through exceptions, until that is restarted or ended; after it a job runs."""
    reply = started.ask(opened(COUNT))
    assert isinstance(reply, Opened)
    assert reply.build.ok
    assert [answer_to(started, 0), answer_to(started, "k"), answer_to(started, 0)] == [
        (Status.FINISHED, 1),
        (Status.CRASHED, None),
        (Status.FINISHED, 3),
    ]
    for fresh in (False, True):
        assert isinstance(started.ask(messages.Restart(fresh=fresh)), Opened)
        assert answer_to(started, 0) == (Status.FINISHED, 1)
    assert isinstance(started.ask(messages.Finish()), Finished)
    assert answer_to(started, 0) == (Status.FINISHED, 1), "the next call finds a new program"
    reply = started.ask(messages.Close())
    assert isinstance(reply, Closed)
    assert reply.anomalies == ()
    assert isinstance(started.ask(a_job("print(1)", b"")), Ran)


def test_a_session_whose_program_does_not_compile(started: Runner) -> None:
    """It is open, runs nothing, and closes."""
    reply = started.ask(opened("def f(:"))
    assert isinstance(reply, Opened)
    assert not reply.build.ok
    assert answer_to(started, 0) == (Status.NOT_RUN, None)
    assert isinstance(started.ask(messages.Close()), Closed)


@pytest.mark.parametrize(
    "conversation",
    [
        [a_job("print(1)", b"")],
        [messages.Close()],
        [START, START],
        [START, a_call(0)],
        [START, messages.Finish()],
        [START, opened(COUNT), a_job("print(1)", b"")],
        [START, opened(COUNT), opened(COUNT)],
    ],
    ids=["a job first", "an end first", "two starts", "no session", "no program", "a job inside", "a session inside"],
)
def test_a_request_out_of_its_turn_is_the_end(runner: Runner, conversation: list[Request]) -> None:
    """It is answered by a fault, and the runner ends by itself, without a traceback."""
    *before, last = conversation
    for request in before:
        assert not isinstance(runner.ask(request), Failed)
    reply = runner.ask(last)
    assert isinstance(reply, Failed)
    assert str(fault_of(reply)).startswith("the runner was asked for what it cannot do")
    assert runner.ended() == (0, "")


@pytest.mark.parametrize("garbage", [b"", HIDDEN.encode(), b"\x81\xa2is\xa4Ran!", b"\x91" * 100_000])
@pytest.mark.parametrize("place", ["first", "started", "in a session"])
def test_garbage_is_the_end(runner: Runner, garbage: bytes, place: str) -> None:
    """Nothing of it comes back, or stands in the log."""
    for request in {"first": [], "started": [START], "in a session": [START, opened(COUNT)]}[place]:
        runner.ask(request)
    runner.send_bytes(garbage)
    reply = runner.receive()
    assert isinstance(reply, Failed)
    assert HIDDEN not in str(fault_of(reply))
    assert runner.ended() == (0, "")


@pytest.mark.parametrize(
    "start", [messages.Start(require=("moat",)), messages.Start(speed=0.0), messages.Start(speed=float("nan"))]
)
def test_a_start_that_makes_no_sense_is_the_end(runner: Runner, start: messages.Start) -> None:
    """There is no such layer, and no such speed: a fault, and no traceback."""
    assert isinstance(runner.ask(start), Failed)
    assert runner.ended() == (0, "")


def test_another_version_is_refused(runner: Runner) -> None:
    """Old and new do not guess at each other's meaning."""
    reply = runner.ask(messages.Start(version=messages.VERSION + 1, speed=1.0))
    assert isinstance(reply, Failed)
    assert f"version {messages.VERSION} of its protocol, not {messages.VERSION + 1}" in str(fault_of(reply))
    assert runner.ended() == (0, "")


def test_what_the_host_cannot_enforce_is_refused() -> None:
    """The fault says which layer is missing and what to do, and nothing has run."""
    with Runner(*lesser_host.command("refuse", "seccomp")) as runner:
        reply = runner.ask(messages.Start(require=("floor", "seccomp"), speed=1.0))
        assert isinstance(reply, Failed)
        assert reply.kind == "SandboxUnavailable"
        assert "seccomp" in str(fault_of(reply))
        assert runner.ended() == (0, "")


def test_a_job_that_is_none_is_the_end(runner: Runner) -> None:
    """A message by its types, that no judge sends: a fault, and the end, as of any other garbage."""
    runner.ask(START)
    assert isinstance(runner.ask(a_job("print(1)")), Failed)
    assert runner.ended() == (0, "")


@pytest.mark.parametrize("kind", ["job", "session"])
def test_who_hangs_up_ends_what_runs(kind: str) -> None:
    """The other end may die while a program never ends: the runner goes, and takes all with it."""
    endless = Limits(cpu_seconds=60.0)
    job = a_job(SPIN if kind == "job" else f"def f(x):\n    {SPIN}", b"", limits=endless)
    with Runner() as runner:
        runner.ask(START)
        if kind == "job":
            runner.send(job)
        else:
            runner.ask(messages.Open(program=job.program, limits=endless))
            runner.send(a_call(0))
        assert come_true(lambda: bool(candidates_below(runner.process.pid)), 10)
        family = below(runner.process.pid)
        runner.hang_up()
        assert runner.ended() == (0, "")
        assert gone(family, 5)


def test_what_others_print_is_no_reply(tmp_path: Path) -> None:
    """Standard output of the process is standard error: a library that prints there breaks nothing."""
    (tmp_path / "sitecustomize.py").write_text(
        "import threading, time\n"
        "def chatter():\n"
        "    while True:\n"
        "        print('chatter', flush=True)\n"
        "        time.sleep(0.01)\n"
        "import sandbox.runner.stream as stream\n"
        "whole = stream.Stream.__init__\n"
        "def begin(*arguments):\n"
        "    threading.Thread(target=chatter, daemon=True).start()\n"
        "    whole(*arguments)\n"
        "stream.Stream.__init__ = begin\n"
    )
    with Runner(PYTHONPATH=f"{tmp_path}:{ROOT}") as runner:
        assert isinstance(runner.ask(START), Started)
        assert isinstance(runner.ask(a_job("print(1)", b"")), Ran)
        runner.hang_up()
        assert "chatter" in runner.ended()[1]


LEAVE = "import ctypes\nlibc = ctypes.CDLL(None)\nprint(libc.shmget(0, 4096, 0o1666) >= 0)\ndef f(x): return x\n"
FLOOR = ("refuse", "seccomp", "unshare", "landlock_create_ruleset")


@needs_ordinary_user
@pytest.mark.parametrize("kind", ["job", "replay", "session"])
def test_a_program_that_leaves_something_is_the_last(kind: str) -> None:
    """Where nothing keeps it from making what outlives it: the reply tells, and the runner ends by itself.

    The host is one with the floor alone, for an ordinary user.
    """
    with Runner(*ordinary_user.command(), *lesser_host.command(*FLOOR)) as runner:
        start = runner.ask(messages.Start(require=("floor",), speed=1.0))
        assert isinstance(start, Started)
        assert start.layers == ("floor",)
        reply = runner.ask(a_job("print(1)", b""))
        assert isinstance(reply, Ran)
        assert reply.anomalies == (), "nothing was left, so it goes on"
        match kind:
            case "job":
                reply = runner.ask(a_job(LEAVE, b""))
            case "replay":
                reply = runner.ask(a_replay(LEAVE, 1))
            case "session":
                runner.ask(opened(LEAVE))
                assert answer_to(runner, 1) == (Status.FINISHED, 1)
                reply = runner.ask(messages.Close())
        assert isinstance(reply, Ran | Closed)
        assert reply.anomalies == ("ipc",)
        assert runner.ended() == (0, "")
