"""Sessions: one live program that answers calls, until the context that holds it is left."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import psutil
import pytest

from sandbox import Call, Limits, LocalSandbox, Program, Run, SandboxFault, Session, Status, UnsupportedLanguage
from sandbox.job import MEBIBYTE
from tests.sandbox.processes import alive, below, candidates_below, come_true, descriptors, gone, zygotes
from tests.sandbox.running import ADDED, QUICK, build, run_whole

COUNTS = "calls = 0\ndef f(act='return 1'):\n    global calls\n    calls += 1\n    exec(act)\n    return calls"
"""Runs what it is called with, and tells how often this process was called."""
DAEMON = """
def daemon():
    import os, time
    pid = os.fork()
    if pid == 0:
        os.setsid()
        time.sleep(60)
    return pid
"""


@pytest.fixture
def alone() -> Iterator[LocalSandbox]:
    """Make a sandbox with one worker, for what leaves it without one."""
    with LocalSandbox(workers=1) as sandbox:
        yield sandbox


@pytest.fixture
def exposed() -> Iterator[LocalSandbox]:
    """Make another where programs may start processes, and kill those around them."""
    with LocalSandbox(workers=1, without=ADDED) as sandbox:
        yield sandbox


def _call(session: Session, *args: object) -> Run:
    return session.call(Call(function="f", args=args))


def test_one_process_answers_all_calls(sandbox: LocalSandbox) -> None:
    """State survives from call to call, and an exception does not end the program."""
    with sandbox.open(Program(source=COUNTS), QUICK) as session:
        assert session.build.ok
        assert [_call(session, "pass").value for _ in range(3)] == [1, 2, 3]
        assert _call(session, "1 / 0").error == "ZeroDivisionError"
        assert _call(session, "pass").value == 5


def test_a_program_that_does_not_compile_answers_no_call(sandbox: LocalSandbox) -> None:
    """The build tells why, and every call is NOT_RUN."""
    with sandbox.open(Program(source="def f(:"), QUICK) as session:
        assert not session.build.ok
        assert "SyntaxError" in session.build.message
        assert [_call(session).status for _ in range(2)] == [Status.NOT_RUN] * 2
        session.restart()
        assert _call(session).status is Status.NOT_RUN


def test_restart_leaves_nothing_of_the_old_program(floor: LocalSandbox) -> None:
    """The next call finds new state, and the processes that the old program started are dead."""
    with floor.open(Program(source=COUNTS + DAEMON), QUICK) as session:
        assert _call(session, "pass").value == 1
        daemon = session.call(Call(function="daemon")).value
        assert alive(daemon)
        session.restart()
        assert not alive(daemon)
        assert _call(session, "pass").value == 1
        session.restart()
        session.restart()
        assert _call(session, "pass").value == 1


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ("import os; os._exit(0)", Status.CRASHED),
        ("while True: pass", Status.CPU_LIMIT),
        ("import time; time.sleep(60)", Status.IDLE_LIMIT),
        ("bytearray(1 << 40)", Status.MEMORY_LIMIT),
        ("global calls; calls = 'x' * 9000", Status.OUTPUT_LIMIT),
    ],
)
def test_a_program_that_ends_is_started_again(sandbox: LocalSandbox, act: str, status: Status) -> None:
    """Whatever ended it, the next call is served."""
    limits = Limits(cpu_seconds=0.3, idle_seconds=0.3, output_bytes=1000)
    with sandbox.open(Program(source=COUNTS), limits) as session:
        assert _call(session, act).status is status
        assert _call(session, "pass").status is Status.FINISHED


def test_limits_are_for_each_call(sandbox: LocalSandbox) -> None:
    """Three calls that each need most of the limit are all served."""
    spin = "import time\ndef f():\n    end = time.process_time() + 0.2\n    while time.process_time() < end: pass"
    with sandbox.open(Program(source=spin), Limits(cpu_seconds=0.3)) as session:
        runs = [_call(session) for _ in range(3)]
    assert [run.status for run in runs] == [Status.FINISHED] * 3
    assert all(0.19 < run.cpu_seconds < 0.3 for run in runs)


def test_a_program_that_does_not_load_fails_every_call_alike(sandbox: LocalSandbox) -> None:
    """Its exception is the answer to each call."""
    with sandbox.open(Program(source="raise KeyError"), QUICK) as session:
        assert session.build.ok
        assert [_call(session).error for _ in range(2)] == ["KeyError"] * 2


def test_two_losses_are_a_violation_for_ever(exposed: LocalSandbox) -> None:
    """One loss may be an accident; after the second the program is not started again, and never left unjudged."""
    with exposed.open(Program(source=COUNTS), QUICK) as session:
        assert _call(session, "import os, time; os.kill(os.getppid(), 9); time.sleep(60)").status is Status.VIOLATION
        assert [_call(session, "pass").status for _ in range(2)] == [Status.VIOLATION] * 2
    assert run_whole(exposed, "print(1)").stdout == b"1\n"


def test_a_forbidden_system_call_is_a_violation_of_that_call_alone(alone: LocalSandbox) -> None:
    """The program dies of it at once and nothing around it does, so the next call is served."""
    with alone.open(Program(source=COUNTS), QUICK) as session:
        assert _call(session, "import os; os.kill(os.getppid(), 9)").status is Status.VIOLATION
        assert _call(session, "pass").value == 1


def test_one_loss_is_forgiven(alone: LocalSandbox) -> None:
    """Whoever killed the processes around it, the call is made once more in fresh ones."""
    before = zygotes()
    with alone.open(Program(source=COUNTS), QUICK) as session:
        assert _call(session, "pass").value == 1
        (zygote,) = zygotes() - before
        tree = below(zygote)
        os.kill(zygote, signal.SIGKILL)
        assert gone(tree | {zygote}, 5)
        assert _call(session, "pass").value == 1


def test_a_program_lost_while_it_is_restarted_is_no_fault_of_the_judge(exposed: LocalSandbox) -> None:
    """Invariant I7: a program that kills its parent between two calls earns no exception from `restart`."""
    source = COUNTS + (
        "\ndef later():\n    import os, time\n    program = os.getppid()\n    if os.fork() == 0:\n"
        "        time.sleep(0.8)\n        os.kill(program, 9)\n        os._exit(0)"
    )
    before = zygotes()
    with exposed.open(Program(source=source), QUICK) as session:
        assert session.call(Call(function="later")).status is Status.FINISHED
        (zygote,) = zygotes() - before
        assert come_true(lambda: not below(zygote), 20)
        session.restart()
        assert _call(session, "pass").status in {Status.FINISHED, Status.VIOLATION}


@pytest.mark.parametrize("error", [None, RuntimeError("of the caller's own")])
def test_leaving_kills_the_whole_tree(exposed: LocalSandbox, error: Exception | None) -> None:
    """Nothing of the program is left but a warm worker, also when an exception leaves the context."""
    before = zygotes()
    run_whole(exposed, "")
    (zygote,) = zygotes() - before
    try:
        with exposed.open(Program(source=COUNTS + DAEMON), QUICK) as session:
            daemon = session.call(Call(function="daemon")).value
            tree = below(zygote)
            assert daemon in tree
            assert len(tree) == 3, "program, candidate, daemon"
            (program,) = (child.pid for child in psutil.Process(zygote).children())
            if error:
                raise error
    except RuntimeError as caught:
        assert caught is error  # noqa: PT017 - the same test without an error expects none
    assert not any(map(alive, tree - {program})), "untrusted code is dead at once"
    assert gone({program}, 5), "the process that forked it holds nothing, and need not be waited for"
    assert zygotes() - before == {zygote}


def test_sessions_leave_no_descriptor_behind(alone: LocalSandbox) -> None:
    """A judge that opens thousands of sessions must not run out of descriptors."""
    run_whole(alone, "")
    before = descriptors()
    for _ in range(5):
        with alone.open(Program(source=COUNTS), QUICK) as session:
            assert _call(session, "pass").value == 1
    assert descriptors() == before


def test_an_argument_that_is_not_data_leaves_no_descriptor_behind(alone: LocalSandbox) -> None:
    """The caller's mistake is raised, and the worker is whole."""
    run_whole(alone, "")
    before = descriptors()
    with alone.open(Program(source=COUNTS), QUICK) as session:
        with pytest.raises(ValueError, match="not plain data"):
            _call(session, object())
        assert _call(session, "pass").value == 1
    assert descriptors() == before


def test_a_session_that_was_left_runs_nothing(alone: LocalSandbox) -> None:
    """Before it is entered and after it is left a call is NOT_RUN, and takes no worker from anybody."""
    session = alone.open(Program(source=COUNTS), QUICK)
    assert _call(session, "pass").status is Status.NOT_RUN
    with session:
        assert _call(session, "pass").value == 1
    assert _call(session, "pass").status is Status.NOT_RUN
    answers: list[Run] = []
    user = threading.Thread(target=lambda: answers.append(run_whole(alone, "print(1)")), daemon=True)
    user.start()
    user.join(10)
    assert [run.stdout for run in answers] == [b"1\n"]


def test_a_session_entered_again_is_a_new_program(alone: LocalSandbox) -> None:
    """Nothing of the first visit is left in the second."""
    session = alone.open(Program(source=COUNTS), QUICK)
    for _ in range(2):
        with session:
            assert _call(session, "pass").value == 1


def test_a_session_tells_the_layers_in_force(sandbox: LocalSandbox) -> None:
    """The same as the outcome of a whole run."""
    with sandbox.open(Program(source=COUNTS), QUICK) as session:
        assert session.layers == build(sandbox, "").layers
        assert session.layers[0] == "floor"


def test_closing_the_sandbox_ends_a_call(alone: LocalSandbox) -> None:
    """The call under way raises, and leaving the session is still quiet."""
    before = zygotes()
    with alone.open(Program(source="import time\ndef f(): time.sleep(60)"), Limits(idle_seconds=30)) as session:
        (zygote,) = zygotes() - before

        def close() -> None:
            assert come_true(lambda: len(candidates_below(zygote)) == 1, 10)
            alone.close()

        closer = threading.Thread(target=close)
        closer.start()
        with pytest.raises(SandboxFault, match="closed"):
            _call(session)
        closer.join(10)
    assert not alive(zygote)


def test_a_session_in_another_language_is_refused(sandbox: LocalSandbox) -> None:
    """Before anything runs."""
    with pytest.raises(UnsupportedLanguage, match="cobol"):
        sandbox.open(Program(source="", language="cobol"), Limits(memory_bytes=64 * MEBIBYTE))
