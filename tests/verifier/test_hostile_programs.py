"""Programs that aim at the judge itself: each gets its honest verdict, and the judge goes on as before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import LocalSandbox
from tests.sandbox.running import ADDED
from testsuites import AnySuite, CallSuite, CallTest, ScriptSuite, ScriptTest, StdioSuite, StdioTest, SuiteLimits
from verifier import Grade, Verdict, Verifier

SUM = StdioSuite(id="sum", tests=(StdioTest(stdin="1 2\n", stdout="3\n"), StdioTest(stdin="30 4\n", stdout="34\n")))
ADD = CallSuite(
    id="add", entry_point="add", tests=(CallTest(args=(1, 2), expected=3), CallTest(args=(30, 4), expected=34))
)
ASSERTS = ScriptSuite(
    id="asserts",
    names=("add",),
    tests=(ScriptTest(code="assert add(1, 2) == 3"), ScriptTest(code="assert add(30, 4) == 34")),
)
RIGHT = {
    "sum": "print(sum(map(int, input().split())))",
    "add": "def add(a, b): return a + b",
    "asserts": "def add(a, b): return a + b",
}
PATCH = "import sys\nvalues = sys._getframe(1).f_globals['values']\n"


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """One judge for all of them."""
    with Verifier(workers=1) as verifier:
        yield verifier


@pytest.fixture(scope="module")
def floor_verifier() -> Iterator[Verifier]:
    """Another whose programs may start processes, and kill their parent."""
    with LocalSandbox(workers=1, without=ADDED) as sandbox, Verifier(workers=1, sandbox=sandbox) as verifier:
        yield verifier


def grade(verifier: Verifier, suite: AnySuite, source: str) -> Grade:
    """Grade a program, and make sure that the judge is as good as before."""
    grade = verifier.grade(f"```python\n{source}\n```", suite)
    assert verifier.grade(f"```python\n{RIGHT['sum']}\n```", SUM).reward == 1.0
    return grade


@pytest.mark.parametrize("number", [35, 40, 63])
@pytest.mark.parametrize("suite", [SUM, ADD, ASSERTS], ids=lambda suite: suite.id)
def test_a_real_time_signal_is_a_runtime_error(verifier: Verifier, suite: AnySuite, number: int) -> None:
    """Signals without a name of their own end a program like any other."""
    kill = f"import os\nos.kill(os.getpid(), {number})"
    found = grade(verifier, suite, kill if suite is SUM else f"def add(a, b):\n    {kill.replace(chr(10), '; ')}")
    assert found.verdict is Verdict.RUNTIME_ERROR
    assert {test.detail for test in found.tests} == {f"SIG{number}"}


@pytest.mark.parametrize(
    "frame",
    [
        "b'[\"value\",' + b'[' * 150 + b']' * 150 + b']'",
        "b'[\"value\",[' + b'[[]],' * 3_000_000 + b'0]]'",
        "('[\"value\",{\"s\":' + repr([*range(1, 50_000), *((2**61 - 1) * k for k in range(60_000))]) + '}]').encode()",
    ],
    ids=["too deep", "too many lists", "keys that collide"],
)
@pytest.mark.parametrize("suite", [ADD, ASSERTS], ids=lambda suite: suite.id)
def test_a_forged_value_that_would_cost_the_judge_dear_is_refused(
    verifier: Verifier, suite: AnySuite, frame: str
) -> None:
    """Depth, count and hashing are bounded before the judge builds anything; the oracle never sees it."""
    forge = f"frame = {frame}\ndef add(a, b):\n    values.encode = lambda message: b'[%d,' % message[0] + frame + b']'"
    found = grade(verifier, suite, PATCH + forge)
    assert (found.verdict, found.judged) == (Verdict.SECURITY_VIOLATION, True)


@pytest.mark.parametrize(
    "code",
    [
        "assert all(map(lambda case: add(*case) == 3, [(1, 2)]))",
        "for got, want in zip(map(lambda case: add(*case), [(1, 2)]), [3]):\n    assert got == want",
    ],
)
def test_an_exception_that_ends_loops_ends_no_loop_of_the_tests(verifier: Verifier, code: str) -> None:
    """StopIteration from a solution would make `all` and `for` stop early, and pass."""
    suite = ScriptSuite(id="loops", names=("add",), tests=(ScriptTest(code=code),))
    namespace: dict[str, object] = {"add": lambda *_: next(iter(()))}
    exec(code, namespace)  # the attack, in one process: nothing is raised
    assert grade(verifier, suite, "def add(a, b): raise StopIteration").verdict is Verdict.RUNTIME_ERROR


def test_tests_that_call_from_threads_are_served(verifier: Verifier) -> None:
    """One call at a time crosses, whoever makes it."""
    code = "with ThreadPoolExecutor(8) as pool:\n    assert sum(pool.map(lambda n: add(n, 1), range(50))) == 1275"
    suite = ScriptSuite(
        id="threads",
        names=("add",),
        setup="from concurrent.futures import ThreadPoolExecutor",
        tests=(ScriptTest(code=code),),
    )
    assert grade(verifier, suite, RIGHT["add"]).verdict is Verdict.ACCEPTED


def test_tests_may_import_what_they_need(verifier: Verifier) -> None:
    """Modules that a test names are loaded before the doors of its process close."""
    suite = ScriptSuite(
        id="imports", names=("add",), tests=(ScriptTest(code="import colorsys\nassert add(1, 2) == 3"),)
    )
    assert grade(verifier, suite, RIGHT["add"]).verdict is Verdict.ACCEPTED


def test_a_program_cannot_write_its_input_into_a_grade(verifier: Verifier) -> None:
    """Invariant I8: the failure that it names itself is told only where it is one of ours to name."""
    source = "import sys\nsys.stderr.write('SIG_' + input().replace(' ', '_') + ': x')\nsys.exit(1)"
    found = grade(verifier, SUM, source)
    assert {test.detail for test in found.tests} == {"an exception of the program's own"}


CHILDREN = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        {work}
        os._exit(0)
    {wait}
for _ in range({left}): os.wait()
"""


def test_memory_of_children_counts(floor_verifier: Verifier) -> None:
    """Six processes of 60 MiB do not pass under a limit of 128 MiB."""
    source = CHILDREN.format(work="hoard = b'x' * (60 << 20); time.sleep(5)", wait="pass", left=6) + RIGHT["sum"]
    suite = StdioSuite(id="sum", tests=SUM.tests, limits=SuiteLimits(memory_mb=128))
    assert grade(floor_verifier, suite, source).verdict is Verdict.MEMORY_LIMIT_EXCEEDED


def test_processor_time_of_children_of_a_call_counts(floor_verifier: Verifier) -> None:
    """Six times 0.3 s in children that were waited for do not pass under a limit of 1 s."""
    work = "end = time.process_time() + 0.3\n        while time.process_time() < end: pass"
    body = CHILDREN.format(work=work, wait="os.wait()", left=0).strip().replace("\n", "\n    ")
    suite = CallSuite(id="add", entry_point="add", tests=ADD.tests[:1], limits=SuiteLimits(cpu_seconds=1))
    found = grade(floor_verifier, suite, f"def add(a, b):\n    {body}\n    return a + b")
    assert found.verdict is Verdict.TIME_LIMIT_EXCEEDED


FORKS = "import os\npid = os.fork()\nif pid == 0: os._exit(0)\nos.waitpid(pid, 0)\n"


def test_a_program_that_starts_processes_is_a_runtime_error(verifier: Verifier, floor_verifier: Verifier) -> None:
    """Where system calls are filtered it is refused one, in words that a log can be searched for."""
    found = grade(verifier, SUM, FORKS + RIGHT["sum"])
    assert found.verdict is Verdict.RUNTIME_ERROR
    assert {test.detail for test in found.tests} == {"PermissionError"}
    assert grade(floor_verifier, SUM, FORKS + RIGHT["sum"]).verdict is Verdict.ACCEPTED


def test_a_solution_that_never_ends_costs_three_limits(verifier: Verifier) -> None:
    """In script suites too, the rest is not run."""
    tests = tuple(ScriptTest(code="assert add(1, 2) == 3") for _ in range(40))
    suite = ScriptSuite(id="many", names=("add",), tests=tests, limits=SuiteLimits(cpu_seconds=0.2))
    found = grade(verifier, suite, "def add(a, b):\n    while True: pass")
    assert [test.cpu_seconds > 0 for test in found.tests] == [True] * 3 + [False] * 37
    assert {test.verdict for test in found.tests} == {Verdict.TIME_LIMIT_EXCEEDED}


@pytest.mark.parametrize("suite", [SUM, ADD, ASSERTS], ids=lambda suite: suite.id)
def test_grading_keeps_no_descriptor(verifier: Verifier, suite: AnySuite) -> None:
    """A judge that lives for days must not run out of them."""
    grade(verifier, suite, RIGHT[suite.id])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        grade(verifier, suite, RIGHT[suite.id])
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.skipif(os.getuid() != 0, reason="numbers of processes are only known where a uid is a worker's own")
def test_workers_that_died_from_outside_are_not_the_programs_fault() -> None:
    """Invariant I7: an idle worker killed by the machine is replaced, and the next program is judged."""
    with Verifier(workers=2) as verifier:
        grade(verifier, ASSERTS, RIGHT["asserts"])
        engine = verifier._engine
        for zygote in [*engine.sandbox._idle, *engine.oracle._sandbox._idle]:
            zygote._process.kill()
            zygote._process.wait()
        assert grade(verifier, ASSERTS, RIGHT["asserts"]).reward == 1.0


IDIOMS = {
    "standard output closed": "import sys\n{print}\nsys.stdout.close()",
    "standard output as a context": "import sys\nwith sys.stdout as out: print(sum(map(int, input().split())))",
    "standard output taken away": "import sys\n{print}\nsys.stdout = None",
    "standard output replaced": "import sys\n{print}\nsys.stdout = sys.stderr",
    "stack limit raised": "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (-1, -1))\n{print}",
    "singledispatch": "from functools import singledispatch\n@singledispatch\ndef f(x): return x\n"
    "@f.register(int)\ndef _(x): return x\nprint(f(sum(map(int, input().split()))))",
    "a lazy member of a package": "from concurrent import futures\n"
    "with futures.ThreadPoolExecutor() as pool: print(sum(pool.map(int, input().split())))",
    "everything of numpy": "from numpy import *\nrandom.rand()\nprint(array(input().split(), dtype=int64).sum())",
    "a path of standard input": "from pathlib import Path\n"
    "print(sum(map(int, Path('/dev/stdin').read_text().split())))",
    "the working directory": "import os\nos.getcwd()\nos.path.abspath(__file__)\n{print}",
    "the module of built-ins": "__builtins__.print(sum(map(int, input().split())))",
}


@pytest.mark.parametrize("name", IDIOMS)
def test_right_programs_of_unusual_style_are_accepted(verifier: Verifier, name: str) -> None:
    """What a plain interpreter lets a program do at its end, or with its surroundings, is no failure here."""
    assert grade(verifier, SUM, IDIOMS[name].replace("{print}", RIGHT["sum"])).verdict is Verdict.ACCEPTED


@pytest.mark.skipif(os.getuid() != 0, reason="without root a program could kill more than its parent")
@pytest.mark.parametrize("suite", [ADD, ASSERTS], ids=lambda suite: suite.id)
@pytest.mark.parametrize("layers", ["all", "floor"])
def test_killing_the_parent_and_answering_is_a_violation_every_time(
    verifier: Verifier, floor_verifier: Verifier, suite: AnySuite, layers: str
) -> None:
    """Invariant I9: it does not depend on which of the two the judge hears of first."""
    judge = verifier if layers == "all" else floor_verifier
    source = "import os\ndef add(a, b):\n    if a == 30: os.kill(os.getppid(), 9)\n    return a + b"
    assert {grade(judge, suite, source).verdict for _ in range(12)} == {Verdict.SECURITY_VIOLATION}
