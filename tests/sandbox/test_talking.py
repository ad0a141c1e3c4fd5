"""A session that talks with a program over its standard streams (`sandbox.job.TALK`): its costs, and its end."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Call, Limits, LocalSandbox, Program, Run, SandboxLost, Session, Status
from sandbox.job import ITS_END, TALK
from tests.sandbox.processes import alive, below, candidates_below, come_true, descriptors, zygotes
from tests.sandbox.running import ADDED, QUICK, run_whole

DONE = Status.FINISHED
ECHO = "while True: print(input(), flush=True)"
SPINS = """
import time
for line in iter(input, 'end'):
    until = time.process_time() + float(line)
    while time.process_time() < until: pass
    print('x', flush=True)
"""
"""Computes for as long as each line says, then answers with two bytes."""
SLEEPS = "import time\nfor line in iter(input, 'end'):\n    time.sleep(float(line))\n    print('x', flush=True)"


@pytest.fixture
def alone() -> Iterator[LocalSandbox]:
    """Make a sandbox with one worker."""
    with LocalSandbox(workers=1, speed=1.0) as sandbox:
        yield sandbox


@pytest.fixture
def exposed() -> Iterator[LocalSandbox]:
    """Make another where programs may start processes, and kill those around them."""
    with LocalSandbox(workers=1, without=ADDED, speed=1.0) as sandbox:
        yield sandbox


def talks(source: str) -> Program:
    """Make a program that talks."""
    return Program(source=source, talks=True)


def say(session: Session, data: bytes, known: int, *, closes: bool = False) -> Run:
    """Say something to the program of a session."""
    return session.call(Call(function=TALK, args=(data, known, closes)))


def ask(session: Session, line: str, times: int) -> list[Run]:
    """Say a line so many times to a program that answers each with two bytes, until it has ended."""
    runs: list[Run] = []
    while len(runs) < times and (not runs or runs[-1].status is DONE):
        runs.append(say(session, f"{line}\n".encode(), 2 * len(runs)))
    return runs


def test_processor_time_is_that_of_the_whole_conversation(alone: LocalSandbox) -> None:
    """Each answer is far below the limit; what counts is all that it took together, and a call of its own has."""
    limits = Limits(cpu_seconds=0.5, idle_seconds=10)
    with alone.open(talks(SPINS), limits) as session:
        runs = ask(session, "0.1", 30)
        assert runs[-1].status is Status.CPU_LIMIT
        assert 4 < len(runs) < 20
        assert sum(run.cpu_seconds for run in runs) > 0.5
        assert max(run.cpu_seconds for run in runs) < 0.4, "each answer tells of itself"
        again = ask(session, "0.1", 3)
        assert [run.status for run in again] == [DONE] * 3, "a new program has all of its time"
        assert say(session, b"end\n", ITS_END).status is DONE


def test_a_program_beyond_its_limit_is_told_so_at_the_end(alone: LocalSandbox) -> None:
    """Between the limit and the time at which it is killed it may still answer; its end tells."""
    with alone.open(talks(SPINS), Limits(cpu_seconds=0.5, idle_seconds=10)) as session:
        assert [run.status for run in ask(session, "0.6", 1)] == [DONE]
        assert say(session, b"end\n", 2).status is Status.CPU_LIMIT


def test_what_it_computes_while_nobody_waits_is_charged(alone: LocalSandbox) -> None:
    """It answers first and computes then, while its partner thinks."""
    source = "import time\nprint('x', flush=True)\nwhile time.process_time() < 0.4: pass\ninput()"
    before = zygotes()
    with alone.open(talks(source), Limits(cpu_seconds=5, idle_seconds=10)) as session:
        first = say(session, b"", 0)
        assert first.cpu_seconds < 0.2
        (zygote,) = zygotes() - before
        (candidate,) = candidates_below(zygote)
        assert come_true(lambda: sum(psutil.Process(candidate).cpu_times()[:2]) > 0.35, 20)
        last = say(session, b"\n", 2)
        assert last.status is DONE
        assert last.cpu_seconds > 0.3


def test_nobody_is_idle_while_the_other_thinks(alone: LocalSandbox) -> None:
    """Without that, a slow interactor would time a solution out; while somebody waits, the same time is idle."""
    limits = Limits(cpu_seconds=5, idle_seconds=0.3)
    with alone.open(talks(ECHO), limits) as session:
        for number in range(2):
            assert say(session, b"\n", number).value == b"\n"
            time.sleep(0.4)
        run = say(session, b"\n", 2)
        assert (run.status, run.idle_seconds) == (DONE, 0.0)
        assert run.wall_seconds < 0.3
        assert say(session, b"", 3).status is Status.IDLE_LIMIT


def test_idle_time_adds_up(alone: LocalSandbox) -> None:
    """A program that sleeps a little before each answer is idle for all of that together."""
    with alone.open(talks(SLEEPS), Limits(cpu_seconds=5, idle_seconds=0.4)) as session:
        runs = ask(session, "0.02", 100)
        assert runs[-1].status is Status.IDLE_LIMIT
        assert 10 < len(runs) < 60
        assert sum(run.idle_seconds for run in runs) > 0.4
        assert [run.status for run in ask(session, "0.02", 5)] == [DONE] * 5


@pytest.mark.parametrize(("size", "status"), [(100, DONE), (101, Status.OUTPUT_LIMIT)])
def test_output_is_that_of_the_whole_conversation(alone: LocalSandbox, size: int, status: Status) -> None:
    """What was told already counts, to the byte."""
    source = f"print('x' * 59, flush=True)\ninput()\nprint('y' * {size - 61}, flush=True)"
    with alone.open(talks(source), Limits(cpu_seconds=1, output_bytes=100)) as session:
        assert len(say(session, b"", 59).value) == 1
        assert say(session, b"\n", ITS_END).status is status


def test_a_flood_is_told_in_parts_of_a_bounded_size(alone: LocalSandbox) -> None:
    """However much is written, an answer is as much as a pipe holds; and all of it comes, in order."""
    source = "import sys\nsys.stdout.write(''.join(f'{n:07}\\n' for n in range(50_000)))"
    heard = b""
    with alone.open(talks(source), QUICK) as session:
        while (run := say(session, b"", len(heard))).exit_code is None:
            assert 0 < len(run.value) <= 65536
            heard += run.value
    assert run.status is DONE
    assert heard == b"".join(b"%07d\n" % number for number in range(50_000))


@given(parts=st.lists(st.binary(max_size=40), max_size=6))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_do_not_matter(sandbox: LocalSandbox, parts: list[bytes]) -> None:
    """Whatever is said, in whatever parts, is heard as one text; and so is the answer."""
    source = "import os\nwhile part := os.read(0, 7):\n    os.write(1, part)"
    heard = b""
    with sandbox.open(talks(source), QUICK) as session:
        for part in parts:
            if part:
                heard += say(session, part, len(heard)).value
        run = say(session, b"", len(heard), closes=True)
        while run.exit_code is None:
            heard += run.value
            run = say(session, b"", len(heard), closes=True)
    assert (run.status, heard) == (DONE, b"".join(parts))


def test_a_call_that_is_made_again_has_the_same_answer(alone: LocalSandbox) -> None:
    """What is known is told by a number, so asking again says nothing twice and loses nothing."""
    with alone.open(talks(ECHO), QUICK) as session:
        assert say(session, b"hello\n", 0).value == b"hello\n"
        assert say(session, b"", 0).value == b"hello\n"
        assert say(session, b"", 3).value == b"lo\n"
        assert say(session, b"you\n", 6).value == b"you\n"


def test_who_says_nothing_after_the_end_of_its_input_is_waited_for(alone: LocalSandbox) -> None:
    """Its input ends once, and data after that is lost."""
    with alone.open(talks("import sys\nprint(len(sys.stdin.read()))"), QUICK) as session:
        assert say(session, b"abc", 0, closes=True).value == b"3\n"
        assert say(session, b"abc", 2, closes=True).exit_code == 0


@pytest.mark.parametrize(
    "call",
    [
        Call(function="f", args=(b"", 0, False)),
        Call(function=TALK),
        Call(function=TALK, args=("text", 0, False)),
        Call(function=TALK, args=(b"", -1, False)),
        Call(function=TALK, args=(b"", 0)),
    ],
)
def test_another_call_is_the_callers_mistake(alone: LocalSandbox, call: Call) -> None:
    """A program that talks has no functions; the session goes on."""
    with alone.open(talks(ECHO), QUICK) as session:
        with pytest.raises(ValueError, match="only talked with"):
            session.call(call)
        assert say(session, b"a\n", 0).value == b"a\n"


def test_a_program_that_does_not_talk_has_no_such_function(alone: LocalSandbox) -> None:
    """The name means nothing where functions are called."""
    with alone.open(Program(source="def f(): pass"), QUICK) as session:
        assert say(session, b"a\n", 0).error == "NameError"


def test_a_restart_kills_whoever_talks(alone: LocalSandbox) -> None:
    """In the middle of a word, and leaves no descriptor."""
    others = zygotes()
    run_whole(alone, "")
    before = descriptors()
    (zygote,) = zygotes() - others
    with alone.open(talks(ECHO), QUICK) as session:
        for end in (session.restart, session.finish):
            assert say(session, b"a\nunread", 0).value == b"a\n"
            (candidate,) = candidates_below(zygote)
            end()
            assert not alive(candidate)
        assert say(session, b"b\n", 0).value == b"b\n"
    assert descriptors() == before


def test_a_program_that_kills_its_keepers_ends_a_conversation(exposed: LocalSandbox) -> None:
    """The first time the conversation is lost, for nobody can go on with it; the second time it is a violation."""
    source = "import os, signal\nprint(input(), flush=True)\ninput()\nos.kill(os.getppid(), signal.SIGKILL)\ninput()"
    with exposed.open(talks(source), QUICK) as session:
        assert say(session, b"a\n", 0).value == b"a\n"
        with pytest.raises(SandboxLost, match="conversation"):
            say(session, b"b\n", 2)
        assert say(session, b"a\n", 0).value == b"a\n", "a new one can begin"
        assert say(session, b"b\n", 2).status is Status.VIOLATION
        assert say(session, b"a\n", 0).status is Status.VIOLATION


def test_what_it_started_is_dead_at_its_end(exposed: LocalSandbox) -> None:
    """As with any other program, and it is told of."""
    source = "import os, time\nif os.fork() == 0:\n    time.sleep(60)\nprint('x', flush=True)\ninput()"
    before = zygotes()
    with exposed.open(talks(source), QUICK) as session:
        assert say(session, b"", 0).value == b"x\n"
        (zygote,) = zygotes() - before
        assert len(below(zygote)) == 3
        session.restart()
        assert len(below(zygote)) == 1
    assert session.anomalies == ("processes",)
