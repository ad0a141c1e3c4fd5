"""What every sandbox must answer to the same jobs and sessions, and where one is known to differ."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from sandbox import Call, Job, Limits, Program, Run, Status, Stdin
from sandbox.job import ITS_END, MEBIBYTE, TALK

QUICK = Limits(cpu_seconds=1.0, idle_seconds=0.6)

Told = tuple[Any, ...]
"""Of one run: its status, then what the case is about."""


@dataclass(frozen=True)
class Case:
    """A program, what it is given, and what must come of each input.

    Attributes:
        name: what the case shows.
        source: the program.
        inputs: bytes on standard input, or calls of a function.
        told: for each input the status; and the output, the value, or the name of the error, where given.
        limits: for each input.
        fresh: as `sandbox.Job.fresh`.
    """

    name: str
    source: str
    inputs: tuple[bytes, ...] | tuple[Call, ...]
    told: tuple[Told, ...]
    limits: Limits = QUICK
    fresh: bool = False

    @property
    def job(self) -> Job:
        """The job that it is."""
        inputs: Any = tuple(Stdin(item) if isinstance(item, bytes) else item for item in self.inputs)
        return Job(program=Program(source=self.source), inputs=inputs, limits=self.limits, fresh=self.fresh)


IN_OTHER_LANGUAGES = {
    "cpp": (
        "#include <iostream>\n#include <cstdlib>\n"
        "int main() { int m; std::cin >> m; volatile int n = m; if (n < 0) std::exit(3);"
        "while (n > 9); std::cout << 2 * n << std::endl; }",
        "error: ",
    ),
    "javascript": (
        "const n = Number(require('fs').readFileSync(0)); if (n < 0) process.exit(3);while (n > 9); console.log(2 * n)",
        "SyntaxError: ",
    ),
}
"""By language, a program that doubles a number, fails for one below 0, and never ends for one above 9; and what its
compiler says of one that is none."""


def told_of(run: Run, item: bytes | Call, told: Told) -> Told:
    """Return of a run as much as the case tells."""
    if run.status in (Status.FINISHED, Status.OUTPUT_LIMIT, Status.NOT_DATA):
        detail = run.stdout if isinstance(item, bytes) else run.value
    else:
        detail = run.error
    return (run.status, detail)[: len(told)]


def f(*args: Any, **kwargs: Any) -> Call:
    """Call the function ``f`` of a program."""
    return Call(function="f", args=args, kwargs=kwargs)


def say(data: bytes, known: int, *, closes: bool = False) -> Call:
    """Say something to a program that talks."""
    return Call(function=TALK, args=(data, known, closes))


DONE, CRASHED, NOT_RUN = Status.FINISHED, Status.CRASHED, Status.NOT_RUN
ADD = "print(sum(map(int, input().split())))"
COUNT = "n = 0\ndef f(x=0):\n    global n\n    n += 1\n    if x:\n        raise SystemExit(x)\n    return n"
VALUES: tuple[Any, ...] = (
    *(None, True, -7, 2**70, 0.1, "\u00e9\x00\ud800", b"\x00\xff", (1, (2,)), [1, [2]], {"a": {1: 2}}, {1, 2}),
    *(frozenset({3}), 1 + 2j, range(1, 9, 2), 10**5000),
)
NOISE = random.Random(4).randbytes(2_600_000)  # noqa: S311 - what no compressor makes shorter
MAKE_NOISE = "import random\nimport sys\nsys.stdout.buffer.write(random.Random(4).randbytes(5_500_000))"

JOBS = (
    Case("the output is what was printed", ADD, (b"1 2\n", b"3 4\n"), ((DONE, b"3\n"), (DONE, b"7\n"))),
    Case(
        "bytes pass as they are",
        "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])",
        (bytes(range(256)), b"", b"\r\n\x00"),
        ((DONE, bytes(range(256))[::-1]), (DONE, b""), (DONE, b"\x00\n\r")),
    ),
    Case("an exception is named", "int('x')", (b"",), ((CRASHED, "ValueError"),)),
    Case("an exit code is a crash", "import sys\nprint(1)\nsys.exit(3)", (b"",), ((CRASHED, "exit code 3"),)),
    Case("an exit with 0 is an end", "import sys\nprint(1)\nsys.exit(0)", (b"",), ((DONE, b"1\n"),)),
    Case("a program without end is stopped", "while True: pass", (b"",), ((Status.CPU_LIMIT,),)),
    Case("a program that waits is stopped", "import time\ntime.sleep(60)", (b"",), ((Status.IDLE_LIMIT,),)),
    Case(
        "memory is limited",
        "x = bytearray(1 << 30)",
        (b"",),
        ((Status.MEMORY_LIMIT,),),
        Limits(cpu_seconds=2.0, memory_bytes=128 * MEBIBYTE),
    ),
    Case(
        "output is limited",
        "print('x' * 3000)",
        (b"",),
        ((Status.OUTPUT_LIMIT, b"x" * 1001),),
        Limits(cpu_seconds=1.0, output_bytes=1000),
    ),
    Case("what does not compile does not run", "def f(:", (b"", b""), ((NOT_RUN,), (NOT_RUN,))),
    Case(
        "after three time-outs the rest is not run",
        "while True: pass",
        (b"",) * 5,
        (*(((Status.CPU_LIMIT,),) * 3), (NOT_RUN,), (NOT_RUN,)),
        Limits(cpu_seconds=0.2),
    ),
    Case("texts hash alike everywhere", "print(hash('a') == hash('a'), {'b', 'a', 'c'})", (b"",) * 2, ((DONE,),) * 2),
    Case("no file can be read", "open('/etc/passwd')", (b"",), ((CRASHED,),)),
    Case("no process can be started", "import os\nos.system('true') == 0 and print('started')", (b"",), ((DONE, b""),)),
    Case("values pass as they are", "def f(x): return x", tuple(map(f, VALUES)), tuple((DONE, v) for v in VALUES)),
    Case("names pass", "def f(a, *, b=2): return [a, b]", (f(1), f(1, b=3)), ((DONE, [1, 2]), (DONE, [1, 3]))),
    Case("calls share a process", COUNT, (f(), f(), f()), ((DONE, 1), (DONE, 2), (DONE, 3))),
    Case("calls share none when asked", COUNT, (f(), f()), ((DONE, 1), (DONE, 1)), fresh=True),
    Case(
        "an exception leaves the process",
        "n = 0\ndef f():\n    global n\n    n += 1\n    if n == 2: raise KeyError('k')\n    return n",
        (f(), f(), f()),
        ((DONE, 1), (CRASHED, "KeyError"), (DONE, 3)),
    ),
    Case(
        "who ends the process gets a new one",
        "import os\nn = 0\ndef f(x):\n    global n\n    n += 1\n    if x: os._exit(0)\n    return n",
        (f(0), f(1), f(0)),
        ((DONE, 1), (CRASHED,), (DONE, 1)),
    ),
    Case("what is no data has a truth", "def f(): return object()", (f(),), ((Status.NOT_DATA, True),)),
    Case("a function that is not there", "def g(): pass", (f(),), ((CRASHED, "NameError"),)),
    Case(
        "arguments can be read back",
        "def f(items): items.sort()",
        (Call(function="f", args=([3, 1, 2],), read_back=0),),
        ((DONE, [1, 2, 3]),),
    ),
    Case("a method of Solution", "class Solution:\n    def f(self, x): return -x", (f(4),), ((DONE, -4),)),
    Case(
        "a long output is brought back",
        "print('ab' * 6_000_000)",
        (b"",),
        ((DONE, b"ab" * 6_000_000 + b"\n"),),
        Limits(cpu_seconds=2.0),
    ),
    Case("many outputs are brought back", "print('x' * 500_000 + input())", (b"y\n",) * 20, ((DONE,),) * 20),
    Case("an output that cannot be made shorter", MAKE_NOISE, (b"",), ((DONE,),), Limits(cpu_seconds=2.0)),
    Case(
        "calls with much to say share a process",
        "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n",
        (f(NOISE), f(NOISE + b"x")),
        ((DONE, 1), (DONE, 2)),
        Limits(cpu_seconds=3.0),
    ),
)

DIFFERENCES: dict[str, dict[str, tuple[Told, ...]]] = {
    "function": {
        "an output that cannot be made shorter": ((Status.OUTPUT_LIMIT,),),
        "calls with much to say share a process": ((DONE, 1), (DONE, 1)),
    }
}
"""By kind of sandbox and name of a case: what comes there instead. A reply of a function is 6 MB, and so is a call."""


@dataclass(frozen=True)
class Dialog:
    """A program, and a conversation with it: calls, with ``None`` for a restart.

    Attributes:
        name, source, told: as for `Case`.
        said: calls in order; None restarts the program, and nothing is told then.
        talks: as `sandbox.Program.talks`.
    """

    name: str
    source: str
    said: tuple[Call | None, ...]
    told: tuple[Told, ...]
    limits: Limits = QUICK
    talks: bool = False


DIALOGS = (
    Dialog("a session keeps its process", COUNT, (f(), f(), f()), ((DONE, 1), (DONE, 2), (DONE, 3))),
    Dialog("a restart forgets", COUNT, (f(), f(), None, f()), ((DONE, 1), (DONE, 2), (DONE, 1))),
    Dialog(
        "an exit of a call is raised",
        COUNT,
        (f(), f(5), f()),
        ((DONE, 1), (CRASHED, "SystemExit"), (DONE, 3)),
    ),
    Dialog(
        "a process that ends is replaced",
        "import os\nn = 0\ndef f(x):\n    global n\n    n += 1\n    if x: os._exit(0)\n    return n",
        (f(0), f(0), f(1), f(0), f(0)),
        ((DONE, 1), (DONE, 2), (CRASHED,), (DONE, 1), (DONE, 2)),
    ),
    Dialog(
        "a time-out is not the end",
        "n = 0\ndef f(x):\n    global n\n    n += 1\n    while x: pass\n    return n",
        (f(0), f(1), f(0)),
        ((DONE, 1), (Status.CPU_LIMIT,), (DONE, 1)),
        Limits(cpu_seconds=0.3),
    ),
    Dialog("values pass as they are", "def f(x): return x", tuple(map(f, VALUES)), tuple((DONE, v) for v in VALUES)),
    Dialog("what does not compile does not run", "def f(:", (f(), f()), ((NOT_RUN,), (NOT_RUN,))),
    Dialog("who fails to load fails each call", "1 / 0", (f(), f()), ((CRASHED, "ZeroDivisionError"),) * 2),
)

MEGABYTE = b"y" * 1_000_000
DOUBLE = "while True: print(2 * int(input()), flush=True)"


def talk(name: str, source: str, *exchange: tuple[Call | None, Told], limits: Limits = QUICK) -> Dialog:
    """Make a conversation of what is said and what must come of it; of a restart nothing comes."""
    said = tuple(call for call, _ in exchange)
    told = tuple(told for call, told in exchange if call is not None)
    return Dialog(name, source, said, told, limits, talks=True)


TALKS = (
    talk(
        "question and answer",
        DOUBLE,
        (say(b"1\n", 0), (DONE, b"2\n")),
        (say(b"21\n", 2), (DONE, b"42\n")),
        (say(b"", 5, closes=True), (CRASHED, "EOFError")),
        (say(b"3\n", 0), (DONE, b"6\n")),
    ),
    talk(
        "a restart ends a conversation",
        DOUBLE,
        (say(b"1\n", 0), (DONE, b"2\n")),
        (None, ()),
        (say(b"2\n", 0), (DONE, b"4\n")),
        (None, ()),
    ),
    talk("it speaks first", "print('hello', flush=True)\ninput()", (say(b"", 0), (DONE, b"hello\n"))),
    talk(
        "all output is told before the end",
        "print(1)",
        (say(b"", 0), (DONE, b"1\n")),
        (say(b"nobody reads this\n", 2), (DONE, None)),
        (say(b"", 0), (DONE, b"1\n")),
    ),
    talk("it has nothing to say", "input()", (say(b"1\n", 0), (DONE, None))),
    talk(
        "all output is told before a crash",
        "print(1, flush=True)\n[][0]",
        (say(b"", 0), (DONE, b"1\n")),
        (say(b"", 2), (CRASHED, "IndexError")),
    ),
    talk("an exit code ends it", "import sys\nsys.exit(3)", (say(b"", 0), (CRASHED, "exit code 3"))),
    talk(
        "the end is waited for",
        "print(1, flush=True)\nprint(2 * int(input()), flush=True)\nprint('bye')",
        (say(b"", 0), (DONE, b"1\n")),
        (say(b"4\n", ITS_END), (DONE, None)),
    ),
    talk(
        "what was not flushed does not come",
        "import sys\nprint(1)\nsys.stdin.readline()",
        (say(b"", 0), (Status.IDLE_LIMIT,)),
    ),
    talk("a question flushes", "print(1)\ninput()", (say(b"", 0), (DONE, b"1\n"))),
    talk("nobody speaks", "input()", (say(b"", 0), (Status.IDLE_LIMIT,)), (say(b"1\n", 0), (DONE, None))),
    talk("it computes for ever", "input()\nwhile True: pass", (say(b"1\n", 0), (Status.CPU_LIMIT,))),
    talk("its memory is limited", "input()\nx = b'x' * 2**30", (say(b"1\n", 0), (Status.MEMORY_LIMIT,))),
    talk(
        "its output is limited",
        "print('x' * 60, flush=True)\ninput()\nprint('x' * 60)",
        (say(b"", 60), (DONE, b"\n")),
        (say(b"\n", ITS_END), (Status.OUTPUT_LIMIT,)),
        limits=Limits(cpu_seconds=1.0, output_bytes=100),
    ),
    talk(
        "it floods",
        "while True: print('x' * 1000)",
        (say(b"", ITS_END), (Status.OUTPUT_LIMIT,)),
        limits=Limits(cpu_seconds=2.0, output_bytes=100_000),
    ),
    talk(
        "it reads nothing",
        "import time\nprint('no', flush=True)\ntime.sleep(0.05)",
        (say(MEGABYTE, 0), (DONE, b"no\n")),
        (say(MEGABYTE, 3), (DONE, None)),
    ),
    talk(
        "much is said at once, in both directions",
        "print('x' * 999_999, flush=True)\nprint(len(input()), flush=True)\nprint(len(input()))",
        (say(MEGABYTE + b"\n", 999_999), (DONE, b"\n")),
        (say(MEGABYTE, 1_000_007), (DONE, b"\n")),
        (say(b"", ITS_END, closes=True), (DONE, None)),
    ),
    talk(
        "bytes pass as they are",
        "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])",
        (say(bytes(range(256)), 255, closes=True), (DONE, b"\x00")),
        (say(b"", 256, closes=True), (DONE, None)),
    ),
    talk("what does not compile does not talk", "def f(:", (say(b"", 0), (NOT_RUN,)), (say(b"", 0), (NOT_RUN,))),
)
