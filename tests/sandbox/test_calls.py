"""Calls of one function: values in, values out, one process until it breaks."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Call, Job, Limits, Program, Sandbox, Status
from sandbox.job import MEBIBYTE
from tests.sandbox.running import QUICK, run_calls


@pytest.mark.parametrize(
    ("source", "args", "value"),
    [
        ("def f(a, b): return a + b", (1, 2), 3),
        ("f = lambda *a: a", (1, "x"), (1, "x")),
        ("class Solution:\n    def f(self, a): return a * 2", ("ab",), "abab"),
        ("def f(a): print('debug', a); return a", ([1],), [1]),
        ("import sys\nsys.stdout.close()\ndef f(a): return a", (1,), 1),
        ("def f(a): return a\nif __name__ == '__main__': print(f(int(input())))", (1,), 1),
        ("import sys\ndef f(a): return a\nsys.exit(0)", (1,), 1),
        ("from functools import cache\n@cache\ndef f(n): return 1 if n < 2 else f(n-1) + f(n-2)", (30,), 1346269),
        ("def f(n): return {n: {n, -n}, 'none': None}", (1,), {1: {1, -1}, "none": None}),
        ("import numpy as np\ndef f(a): return np.cumsum(a)", ([1, 2, 3],), [1, 3, 6]),
        ("import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and 1 + f(n - 1)", (50_000,), 50_000),
    ],
)  # fmt: skip
def test_the_value_comes_back(sandbox: Sandbox, source: str, args: tuple[Any, ...], value: Any) -> None:
    """Prints, class solutions, main guards, early exits and arrays are no obstacle."""
    (run,) = run_calls(sandbox, source, args)
    assert (run.status, run.value) == (Status.FINISHED, value), run.error


def test_keyword_arguments_and_an_argument_read_back(sandbox: Sandbox) -> None:
    """Problems solved in place name the argument that holds the answer."""
    program = Program(source="def f(a, *, reverse):\n    a.sort(reverse=reverse)")
    call = Call(function="f", args=([1, 3, 2],), kwargs={"reverse": True}, read_back=0)
    (run,) = sandbox.run(Job(program=program, inputs=(call,))).runs
    assert run.value == [3, 2, 1]


def test_state_survives_between_calls_unless_fresh(sandbox: Sandbox) -> None:
    """One process serves all calls by default, and one each on request."""
    source = "seen = []\ndef f(a):\n    seen.append(a)\n    return len(seen)"
    assert [run.value for run in run_calls(sandbox, source, (1,), (1,), (1,))] == [1, 2, 3]
    assert [run.value for run in run_calls(sandbox, source, (1,), (1,), (1,), fresh=True)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("raise KeyError(a)", "KeyError"),
        ("class Mine(ValueError): pass\n    raise Mine", "ValueError"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return f(a)", "RecursionError"),
        ("return g(a)", "NameError"),
    ],
)
def test_exceptions_are_crashes_that_leave_the_process_alive(sandbox: Sandbox, body: str, error: str) -> None:
    """The next call finds the same process; nothing that is raised, SystemExit included, ends it."""
    source = f"calls = 0\ndef f(a):\n    global calls\n    calls += 1\n    if a == 'count': return calls\n    {body}"
    failed, count = run_calls(sandbox, source, (1,), ("count",))
    assert (failed.status, failed.error, failed.exit_code) == (Status.CRASHED, error, None)
    assert count.value >= 2


@pytest.mark.parametrize(("value", "truth"), [("(i for i in [a])", True), ("object()", True), ("Empty()", False)])
def test_what_is_not_data_is_named_and_never_crosses(sandbox: Sandbox, value: str, truth: bool) -> None:
    """Of an object that is not data only its truth comes back."""
    source = f"class Empty:\n    def __len__(self): return 0\ndef f(a): return {value}"
    (run,) = run_calls(sandbox, source, (1,))
    assert (run.status, run.value) == (Status.NOT_DATA, truth)
    assert "is not plain data" in run.error_text


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ("import os; os._exit(0)", Status.CRASHED, "exit code 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Status.CRASHED, "SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", Status.CRASHED, "SIGSEGV"),
        ("while True: pass", Status.CPU_LIMIT, None),
        ("import time; time.sleep(60)", Status.IDLE_LIMIT, None),
        ("return bytearray(1 << 40)", Status.MEMORY_LIMIT, "MemoryError"),
        ("hoard = b'x' * (120 << 20); return 1", Status.MEMORY_LIMIT, None),
        ("return 'x' * 200_000", Status.OUTPUT_LIMIT, None),
    ],
)
def test_a_dead_process_is_replaced_for_the_next_call(
    sandbox: Sandbox, body: str, status: Status, error: str | None
) -> None:
    """Each call that breaks the process has its own status, and the calls around it are served."""
    source = f"def f(a):\n    if a != 1: return a\n    {body}"
    limits = Limits(cpu_seconds=0.4, idle_seconds=0.4, memory_bytes=96 * MEBIBYTE, output_bytes=100_000)
    before, broken, after = run_calls(sandbox, source, (0,), (1,), (2,), limits=limits)
    assert (before.value, after.value) == (0, 2)
    assert (broken.status, broken.error) == (status, error)


def test_every_call_of_a_program_that_does_not_load_fails_the_same_way(sandbox: Sandbox) -> None:
    """Exactly one result for each input, also when the module itself raises."""
    runs = run_calls(sandbox, "import missing_module\ndef f(a): return a", *[(i,) for i in range(5)])
    assert [(run.status, run.error) for run in runs] == [(Status.CRASHED, "ModuleNotFoundError")] * 5


def test_time_outs_stop_a_job_after_the_third(sandbox: Sandbox) -> None:
    """A program that never ends costs three limits, not one for each hidden test."""
    runs = run_calls(
        sandbox, "def f(a):\n    while True: pass", *[(i,) for i in range(50)], limits=Limits(cpu_seconds=0.2)
    )
    assert [run.status for run in runs] == [Status.CPU_LIMIT] * 3 + [Status.NOT_RUN] * 47


FORGERIES = {
    "a reply of its own, then the driver's": "import os, sys\ndef f(a):\n"
    "    frame = b'[%d,[\"value\",42]]' % sys._getframe(1).f_locals['number']\n"
    "    os.write(4, len(frame).to_bytes(4, 'big') + frame)\n    return 0",
    "a reply to no request": "import os\ndef f(a):\n    frame = b'[99,[\"value\",42]]'\n"
    "    os.write(4, len(frame).to_bytes(4, 'big') + frame)\n    return 0",
    "bytes that are no frame": "import os\ndef f(a):\n    os.write(4, b'\\x00\\x00\\x00\\x02{]')\n    return 0",
    "an unknown word": "import os\ndef f(a):\n    os.write(4, b'\\x00\\x00\\x00\\x09[\"passed\"')\n    return 0",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_channel_is_a_violation_or_an_answer_never_more(sandbox: Sandbox, name: str) -> None:
    """What a candidate writes on its channel is an answer at best; the driver's own, a call too late, gives it away."""
    runs = run_calls(sandbox, FORGERIES[name], *[(number,) for number in range(3)])
    assert Status.VIOLATION in {run.status for run in runs[:2]}
    assert {run.value for run in runs if run.status is Status.FINISHED} <= {42}


def test_a_frame_that_claims_to_be_endless_is_an_output_limit(sandbox: Sandbox) -> None:
    """The judge never allocates what a header promises."""
    source = "import os\ndef f(a):\n    os.write(4, b'\\xff' * 4)\n    while True: os.write(4, b'x' * 65536)"
    (run,) = run_calls(sandbox, source, (1,), limits=Limits(cpu_seconds=1, output_bytes=1 << 20))
    assert run.status is Status.OUTPUT_LIMIT


def test_arguments_are_fresh_for_each_call(sandbox: Sandbox) -> None:
    """A program that changes its argument does not change what the next test gets."""
    shared = [3, 1, 2]
    runs = run_calls(sandbox, "def f(a):\n    a.append(0)\n    return len(a)", (shared,), (shared,))
    assert [run.value for run in runs] == [4, 4]
    assert shared == [3, 1, 2]


def test_big_arguments_and_answers_cross(sandbox: Sandbox) -> None:
    """Frames larger than a pipe flow both ways at once."""
    big = list(range(300_000))
    (run,) = run_calls(sandbox, "def f(a): return a[::-1]", (big,), limits=QUICK)
    assert run.value == big[::-1]
