"""Whole programs behave as they do under a plain interpreter."""

from __future__ import annotations

import pytest

from sandbox import Limits, Sandbox, Status
from sandbox.job import MEBIBYTE
from tests.sandbox.running import build, run_bare, run_whole

HONEST = {
    "open(0)": ("print(sum(map(int, open(0))))", b"1\n2\n"),
    "open /dev/stdin": ("import sys\nsys.stdin = open('/dev/stdin')\nprint(input())", b"7\n"),
    "stdin.buffer read twice": ("import sys\na = sys.stdin.buffer.read(2)\nprint(a, sys.stdin.buffer.read())", b"abcd"),
    "os.read": ("import os\nprint(os.read(0, 100))", b"abc"),
    "os.write": ("import os\nos.write(1, b'abc')", b""),
    "own buffered writer left open": ("out = open(1, 'w', closefd=False)\nout.write('kept')", b""),
    "stdout.buffer": ("import sys\nsys.stdout.buffer.write(b'\\x00\\xff')", b""),
    "global at module level": ("global x\nx = 3\nprint(x)", b""),
    "input rebound": ("import sys\ninput = sys.stdin.readline\nprint(int(input()) + int(input()))", b"1\n2\n"),
    "sys.exit after printing": ("import sys\nprint(1)\nsys.exit()", b""),
    "exit after printing": ("print(1)\nexit(0)", b""),
    "quit": ("print(1)\nquit()", b""),
    "main guard": ("if __name__ == '__main__':\n    print('main')", b""),
    "module name": ("import sys\nprint(sys.modules['__main__'].__name__, __name__, sys.argv[1:])", b""),
    "future import": ("from __future__ import annotations\nprint(1)", b""),
    "read all when empty": ("import sys\nprint(repr(sys.stdin.read()))", b""),
    "end of input": ("try:\n    input()\nexcept EOFError:\n    print('end')", b""),
    "deep recursion in a thread": (
        "import sys, threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(256 << 20)\n"
        "def f(n): return n and 1 + f(n - 1)\n"
        "t = threading.Thread(target=lambda: print(f(100_000)))\nt.start()\nt.join()",
        b"",
    ),
    "deep recursion through lru_cache": (
        "import sys\nfrom functools import lru_cache\nsys.setrecursionlimit(10**6)\n"
        "@lru_cache(None)\ndef f(n): return n and 1 + f(n - 1)\nprint(f(2_000))",
        b"",
    ),
    "thread not joined": ("import threading\nthreading.Thread(target=lambda: print('late')).start()", b""),
    "thread pool": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool:\n    print(list(pool.map(abs, range(-3, 3))))",
        b"",
    ),
    "atexit": ("import atexit\natexit.register(print, 'bye')", b""),
    "unicode": ("print(input()[::-1])", "añb€\n".encode()),
    "bytes that are no text": ("print(ascii(input()))", b"\xff\n"),
    "codec named": ("print('é'.encode('cp1252'), 'x'.encode('utf-16')[:2])", b""),
    "strptime": ("import datetime\nprint(datetime.datetime.strptime('2026-01-02', '%Y-%m-%d').year)", b""),
    "long integers": ("import sys\nsys.set_int_max_str_digits(0)\nprint(len(str(3 ** 20_000)))", b""),
    "import in a function": ("def f():\n    import statistics\n    return statistics.mean([1, 2, 3])\nprint(f())", b""),
    "importlib with a literal": (
        "import importlib\nprint(importlib.import_module('colorsys').rgb_to_hsv(0, 0, 0))",
        b"",
    ),
    "asyncio": (
        "import asyncio\nasync def main():\n    await asyncio.sleep(0.01)\n"
        "    return sum(await asyncio.gather(*[asyncio.to_thread(abs, -i) for i in range(4)]))\n"
        "print(asyncio.run(main()))",
        b"",
    ),
    "asyncio timeout and queue": (
        "import asyncio\nasync def main():\n    queue = asyncio.Queue()\n"
        "    asyncio.get_running_loop().call_later(0.01, queue.put_nowait, 5)\n"
        "    async with asyncio.timeout(5):\n        return await queue.get()\nprint(asyncio.run(main()))",
        b"",
    ),
    "numpy and its lazy parts": (
        "import numpy as np\n"
        "print(np.linalg.det(np.eye(2)), np.random.default_rng(1).integers(0, 5), np.fft.fft([1, 0]))",
        b"",
    ),
    "input larger than a pipe": ("import sys\nprint(len(sys.stdin.read()))", b"x" * 300_000),
    "input never read": ("print(1)", b"x" * 300_000),
    "output larger than a pipe": ("print('x' * 300_000)", b""),
    "loud standard error": ("import sys\nprint('x' * 300_000, file=sys.stderr)\nprint(1)", b""),
    "warning": ("import warnings\nwarnings.warn('careful')\nprint(1)", b""),
    "NUL in output": ("print('a\\0b')", b""),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_programs_do_what_they_do_without_a_sandbox(sandbox: Sandbox, name: str) -> None:
    """Idioms of right programs that graders often break give the output that a plain interpreter gives."""
    source, stdin = HONEST[name]
    bare = run_bare(source, stdin)
    assert bare.returncode == 0, bare.stderr
    run = run_whole(sandbox, source, stdin, Limits(cpu_seconds=5))
    assert (run.status, run.stdout) == (Status.FINISHED, bare.stdout), run.stderr_tail


@pytest.mark.parametrize(
    ("source", "code", "error"),
    [
        ("raise ValueError('x')", 1, "ValueError"),
        ("import sys\nsys.exit(3)", 3, "exit code 3"),
        ("import sys\nsys.exit('reason')", 1, "reason"),
        ("import os\nos._exit(9)", 9, "exit code 9"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)", -15, "SIGTERM"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", -9, "SIGKILL"),
        ("import ctypes\nctypes.string_at(0)", -11, "SIGSEGV"),
        ("class Mine(Exception): pass\nraise Mine", 1, "Mine"),
        ("import collections\nraise collections.abc.Set", 1, "TypeError"),
    ],
)
def test_failing_programs_crash_and_say_how(sandbox: Sandbox, source: str, code: int, error: str) -> None:
    """Exit codes and signals are reported, and name the failure."""
    run = run_whole(sandbox, source)
    assert (run.status, run.exit_code, run.error) == (Status.CRASHED, code, error)


def test_the_traceback_is_the_programs_own(sandbox: Sandbox) -> None:
    """Nothing of the sandbox stands in what an author reads."""
    run = run_whole(sandbox, "def f():\n    1 / 0\nf()")
    text = run.stderr_tail.decode()
    assert "solution.py" in text
    assert "inside" not in text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(:", "SyntaxError"),
        ("if 1:\nprint()", "IndentationError"),
        ("x = '\0'", "null bytes"),
        ("return 1", "SyntaxError"),
        ("x = '\ud800'", "UnicodeEncodeError"),
        ("(" * 5000, "SyntaxError"),
        ("-" * 200_000 + "1", ""),
        ("x = " + "[" * 150 + "]" * 150 + "\n" + "a." * 100_000 + "b", ""),
    ],
    ids=["syntax", "indentation", "nul", "outside function", "surrogate", "parentheses", "minus signs", "attributes"],
)
def test_what_does_not_compile_is_a_failed_build(sandbox: Sandbox, source: str, message: str) -> None:
    """Compiling happens once, before any run, and whatever it does to the compiler is the program's own failure."""
    outcome = build(sandbox, source)
    assert not outcome.build.ok
    assert message in outcome.build.message
    assert [run.status for run in outcome.runs] == [Status.NOT_RUN]


def test_each_input_has_a_process_of_its_own(sandbox: Sandbox) -> None:
    """Nothing that one run does to the interpreter is seen by the next."""
    source = "import builtins, os, random\nprint(hasattr(builtins, 'mark'), random.random())\nbuiltins.mark = 1"
    first, second = run_whole(sandbox, source), run_whole(sandbox, source)
    assert first.stdout.startswith(b"False")
    assert first.stdout == second.stdout


def test_sets_and_hashes_do_not_depend_on_the_zygote() -> None:
    """Two sandboxes print the same set in the same order, and draw the same random numbers."""
    from sandbox import LocalSandbox

    outputs = set()
    for _ in range(2):
        with LocalSandbox(workers=1) as fresh:
            outputs.add(
                run_whole(fresh, "import random\nprint({'a', 'b', 'c', 'd'}, hash('x'), random.random())").stdout
            )
    assert len(outputs) == 1


def test_a_small_memory_limit_leaves_room_for_the_interpreter(sandbox: Sandbox) -> None:
    """The interpreter itself takes well under 32 MiB."""
    run = run_whole(sandbox, "print(1)", limits=Limits(memory_bytes=32 * MEBIBYTE))
    assert run.status is Status.FINISHED
    assert run.peak_bytes < 24 * MEBIBYTE
