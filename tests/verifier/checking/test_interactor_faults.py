"""Whose fault it is when an interactor fails, what is bounded, and what an attacker gets out of one."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Call, Limits, LocalSandbox, Program, Run, SandboxLost, Status
from sandbox.fake import FakeSandbox
from sandbox.functions import replaying
from sandbox.functions.replaying import ReplayedSession
from sandbox.job import TALK
from sandbox.protocol import Foresee, nothing_foreseen
from tests.sandbox.running import ADDED
from tests.sandbox.test_function_replaying import Rounds
from tests.verifier.checking.checkers import details
from tests.verifier.checking.conftest import Judge
from tests.verifier.checking.guessing import BY_ONE, INTERACTORS, SEARCH, TESTS, guessing
from testsuites import JudgeProgram, StdioSuite, StdioTest, SuiteInvalid, SuiteLimits
from verifier.checking import conversations
from verifier.judging import judge_program
from verifier.oracle import Oracle
from verifier.verdict import Verdict

WRONG = Verdict.WRONG_ANSWER
ONE = (StdioTest(stdin="37\n", stdout=""),)

BROKEN = {
    "raises": ("function", "def interact(*_): raise KeyError('secret')", "it raises KeyError"),
    "raises an exception of its own": (
        "kattis",
        "class secret(Exception): pass\nraise secret",
        "it raises an exception of the program's own",
    ),
    "answers something else": ("function", "def interact(*_): return 1", "it does not return True or False"),
    "has no function": ("function", "secret = 1", "it raises KeyError"),
    "an exit code that means nothing": ("kattis", "print('secret', flush=True)", "it ends with exit code 0"),
    "says that it fails": ("testlib", "import sys\nsys.exit(3)", "it ends with exit code 3"),
    "opens what is not there": ("kattis", "open('secret')", "it raises OSError"),
    "says too much": ("kattis", "import sys\nsys.stdout.write('x' * (2**24 + 1))", "it raises OSError"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_that_fails_by_itself_is_broken(judge: Judge, name: str) -> None:
    """Before it has heard anything no solution had a part in it: not judged, and nothing of it is quoted."""
    protocol, code, why = BROKEN[name]
    with pytest.raises(SuiteInvalid, match=why) as caught:
        judge(guessing(protocol, code), SEARCH)
    assert "test 1 is broken" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("solution", ["", "input()\nprint('x', flush=True)", SEARCH])
def test_one_that_fails_on_what_it_hears_has_refused(judge: Judge, solution: str) -> None:
    """Else a solution that knows how to crash it could choose not to be judged."""
    code = "import sys\nprint(100, flush=True)\nsys.stdin.readline()\nraise KeyError('secret')"
    report = judge(guessing("kattis", code), solution)
    assert [test.verdict for test in report.tests] == [WRONG, WRONG]
    assert details(report) == ["the interactor fails on what the solution says"] * 2


@pytest.fixture
def hasty() -> Iterator[Oracle]:
    """Make an oracle in which what never ends does so soon."""
    oracle = Oracle(1, speed=200.0)
    yield oracle
    oracle.close()


def test_one_that_never_ends_by_itself_is_broken(sandbox: LocalSandbox, hasty: Oracle) -> None:
    """Its limits are those of all test code."""
    with pytest.raises(SuiteInvalid, match="its process ends with cpu_limit"):
        judge_program(guessing("kattis", "while True: pass"), SEARCH, sandbox, hasty)


def test_one_that_never_ends_costs_its_limit_three_times(sandbox: LocalSandbox, hasty: Oracle) -> None:
    """What a solution says can keep it busy in each of many tests."""
    tests = tuple(msgspec.structs.replace(TESTS[0], name=str(number)) for number in range(5))
    report = judge_program(guessing("kattis", "input()\nwhile True: pass", tests=tests), "print(1)", sandbox, hasty)
    assert [test.verdict for test in report.tests] == [WRONG] * 5
    assert details(report) == [
        *["the interactor fails on what the solution says"] * 3,
        *["not run: the interactor does not end in too many tests before it"] * 2,
    ]


def test_one_that_swallows_everything_is_stopped(judge: Judge) -> None:
    """It goes on asking a solution that has crashed, whatever it is told; the crash is the verdict."""
    code = "while True:\n    try: input()\n    except BaseException: pass"
    report = judge(guessing("kattis", code), "1 / 0")
    assert [test.verdict for test in report.tests] == [Verdict.RUNTIME_ERROR] * 2


@pytest.mark.parametrize(("most", "verdict"), [(6, Verdict.ACCEPTED), (5, Verdict.TIME_LIMIT_EXCEEDED)])
def test_exchanges_are_bounded(judge: Judge, monkeypatch: pytest.MonkeyPatch, most: int, verdict: Verdict) -> None:
    """The real bound would take a minute to meet, so another is put in its place; five guesses, and the end."""
    monkeypatch.setattr(conversations, "MOST_EXCHANGES", most)
    code = INTERACTORS["testlib"].replace("int(word) == secret", "guesses == 5")
    report = judge(guessing("testlib", code, tests=ONE), SEARCH.replace("input():", "input():\n        case 'x': pass"))
    assert report.verdict is verdict
    assert details(report) == ["" if verdict is Verdict.ACCEPTED else "more than 5 exchanges"]


@pytest.mark.parametrize(("size", "verdict"), [(2**24 - 1, Verdict.ACCEPTED), (2**24, WRONG)])
def test_what_an_interactor_says_is_bounded(judge: Judge, size: int, verdict: Verdict) -> None:
    """16 MiB, the line's end included: after it was spoken to it fails there."""
    code = f"import sys\ninput()\nprint('x' * {size}, flush=True)\nsys.stdin.read()\nsys.exit(42)"
    suite = guessing("kattis", code, tests=ONE, limits=SuiteLimits(cpu_seconds=5.0))
    assert judge(suite, "print(1, flush=True)\ninput()").verdict is verdict


def test_after_three_time_outs_the_rest_is_not_run(judge: Judge) -> None:
    """A program that never ends costs three limits, as in every suite."""
    tests = tuple(msgspec.structs.replace(TESTS[0], name=str(number)) for number in range(5))
    suite = guessing("kattis", tests=tests, limits=SuiteLimits(cpu_seconds=0.1))
    report = judge(suite, "input()\nwhile True: pass")
    assert [test.verdict for test in report.tests] == [Verdict.TIME_LIMIT_EXCEEDED] * 5
    assert [detail.startswith("not run") for detail in details(report)] == [False] * 3 + [True] * 2


def test_a_time_out_in_doubt_is_run_again(judge: Judge) -> None:
    """Its processor time is between the limit and one and a half of it, which may be the machine's doing."""
    solution = f"{SEARCH}\nimport time\nwhile time.process_time() < 0.36: pass"
    found = judge(guessing("kattis", tests=ONE, limits=SuiteLimits(cpu_seconds=0.3)), solution).tests[0]
    assert (found.verdict, found.attempts) == (Verdict.TIME_LIMIT_EXCEEDED, 3)
    found = judge(guessing("kattis", tests=ONE), SEARCH).tests[0]
    assert (found.verdict, found.attempts) == (Verdict.ACCEPTED, 1)


LOOKS = {
    "its file": "open('input').read()",
    "another's memory": "open('/proc/self/maps').read()",
    "its arguments": "__import__('sys').argv[1]",
    "its code": "__import__('__main__').interact",
    "where it writes": "open('feedback_dir/judgemessage.txt', 'w')",
    "the judge's driver": "__import__('builtins').given()",
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_solution_finds_nothing_of_the_interactors(judge: Judge, name: str) -> None:
    """They are in two processes that share nothing: whoever looks for it crashes."""
    report = judge(guessing("kattis"), f"input()\n{LOOKS[name]}\n")
    assert [test.verdict for test in report.tests] == [Verdict.RUNTIME_ERROR] * 2


def test_an_interactor_without_a_sandbox_would_give_its_secret_away() -> None:
    """The attack works where the two share an interpreter, as a `function` called by the judge would."""
    namespace: dict[str, object] = {"secret": 37}
    exec("def play(read): read()", namespace)
    exec("found = []\ndef guess():\n    import sys\n    found.append(sys._getframe(1).f_globals['secret'])", namespace)
    namespace["play"](namespace["guess"])  # type: ignore[operator]
    assert namespace["found"] == [37]


@pytest.mark.parametrize("said", ["42", "exit 42", '["ended", "exit", 42]', "0", "True", "\x2a"])
def test_no_word_of_a_solution_is_a_verdict(judge: Judge, said: str) -> None:
    """Exit codes and frames are words like others where the solution says them."""
    for protocol in INTERACTORS:
        solution = f"import sys\nprint({said!r}, flush=True)\nsys.exit(42)"
        assert judge(guessing(protocol, tests=ONE), solution).verdict is not Verdict.ACCEPTED


def test_a_solution_that_ends_with_an_exit_code_has_failed(judge: Judge) -> None:
    """42 is a Kattis validator's word for accepted, and a crash where a solution says it."""
    report = judge(guessing("kattis"), f"{SEARCH}\nimport sys\nsys.exit(42)")
    assert [test.verdict for test in report.tests] == [Verdict.RUNTIME_ERROR] * 2


def test_nothing_hidden_is_in_a_report(judge: Judge) -> None:
    """A solution's last words may quote what it was told, and an interactor knows the number."""
    suite = guessing("function", "def interact(i, a, read, write):\n    write('hidden')\n    return read() == 'hidden'")
    for solution in ("print(input())", "raise ValueError(input())", "print(input())\nraise ValueError('hidden')"):
        assert "hidden" not in repr(judge(suite, solution))
    assert "hidden" not in repr(suite) + repr(suite.interactor)


@pytest.fixture(scope="module")
def tolerant() -> StdioSuite:
    """Return a problem whose interactor takes any line but one."""
    code = "import sys\nline = sys.stdin.buffer.readline()\nsys.exit(42 if line == b'right\\n' else 43)"
    return guessing("kattis", code, tests=ONE)


@given(words=st.binary(max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_heard_as_they_were_said(judge: Judge, tolerant: StdioSuite, words: bytes) -> None:
    """Whatever a solution says, it has a verdict."""
    report = judge(tolerant, f"import sys\nsys.stdout.buffer.write({words!r})")
    assert report.verdict is (Verdict.ACCEPTED if words.startswith(b"right\n") else WRONG)


LIES: tuple[object, ...] = ("37\n", 37, None, b"", [b"37\n"])


@pytest.mark.parametrize("lie", LIES)
def test_a_runner_that_answers_no_bytes_is_a_violation(oracle: Oracle, lie: object) -> None:
    """A fake sandbox, for a real one never does so: whoever took over a runner may."""
    fake = FakeSandbox(reply=lambda _: Run(status=Status.FINISHED, value=lie))
    assert judge_program(guessing("kattis"), SEARCH, fake, oracle).verdict is Verdict.SECURITY_VIOLATION


@pytest.mark.parametrize(("losses", "verdict"), [(0, WRONG), (1, WRONG), (2, Verdict.SECURITY_VIOLATION)])
def test_a_lost_solution_is_run_once_more(oracle: Oracle, losses: int, verdict: Verdict) -> None:
    """A fake sandbox that loses its program: by accident once, and twice it is the program's doing."""
    left = iter([True] * losses)

    def reply(call: Call) -> Run:
        assert call.function == TALK
        if next(left, False):
            raise SandboxLost("gone")
        return Run(status=Status.FINISHED, exit_code=0)

    report = judge_program(guessing("kattis"), SEARCH, FakeSandbox(reply=reply), oracle)
    assert [test.verdict for test in report.tests] == [verdict] * 2


def test_a_solution_that_kills_its_keepers_is_judged(oracle: Oracle) -> None:
    """Where nothing keeps it from that, it happens twice, and is a violation."""
    source = "import os, signal\ninput()\nos.kill(os.getppid(), signal.SIGKILL)\ninput()"
    with LocalSandbox(1, without=ADDED) as exposed:
        report = judge_program(guessing("kattis"), source, exposed, oracle)
    assert [test.verdict for test in report.tests] == [Verdict.SECURITY_VIOLATION] * 2


class InRounds:
    """Opens sessions as a function serves them, by processes of this machine: no AWS can be reached."""

    def __init__(self, sandbox: LocalSandbox) -> None:
        """Take where programs run."""
        self.rounds = Rounds(sandbox)
        self.check_language, self.run, self.close = sandbox.check_language, sandbox.run, sandbox.close

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> ReplayedSession:
        """Open one that is played again with every call."""
        return ReplayedSession(program, limits, foresee, self.rounds.ask)


@pytest.fixture
def in_rounds(sandbox: LocalSandbox) -> InRounds:
    """Make a sandbox of that kind."""
    return InRounds(sandbox)


@pytest.mark.parametrize("protocol", INTERACTORS)
def test_a_conversation_in_rounds_has_the_same_verdicts(
    in_rounds: InRounds, oracle: Oracle, judge: Judge, protocol: str
) -> None:
    """Everything is said again to a new program, and heard from where it was heard."""
    suite = guessing(protocol)
    for solution in (SEARCH, BY_ONE, "1 / 0", "", f"{SEARCH}\n1 / 0", "print('no')"):
        found = judge_program(suite, solution, in_rounds, oracle)
        assert [test.verdict for test in found.tests] == [test.verdict for test in judge(suite, solution).tests]


def test_a_conversation_has_as_many_rounds_as_calls_have(
    in_rounds: InRounds, oracle: Oracle, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A longer one counts as timed out in a function, and nowhere else. Fewer rounds than there are take less time."""
    monkeypatch.setattr(replaying, "MOST_ROUNDS", 30)
    code = "import sys\nfor n in range(40):\n    print(n, flush=True)\n    input()\nsys.exit(42)"
    suite = guessing("kattis", code, tests=ONE)
    echo = "try:\n    while True: print(input(), flush=True)\nexcept EOFError: pass"
    assert judge(suite, echo).verdict is Verdict.ACCEPTED
    assert judge_program(suite, echo, in_rounds, oracle).verdict is Verdict.TIME_LIMIT_EXCEEDED
    assert in_rounds.rounds.count <= 30


def test_modules_of_an_interactor_are_loaded_before_it_starts(judge: Judge) -> None:
    """As a solution's are: it can open nothing once it runs."""
    code = "import random, re, sys, statistics\nprint(random.random())\nsys.exit(42 if re.match('ok', input()) else 43)"
    assert judge(guessing("kattis", code), "input()\nprint('ok')").verdict is Verdict.ACCEPTED


def test_an_interactor_is_told_its_files_and_arguments(judge: Judge) -> None:
    """In the order of its protocol; a folder's name ends with a slash, so that names can be added to it."""
    kattis = """
import sys
name, given, answer, folder, *flags = sys.argv
with open(folder + "judgemessage.txt", "w") as message: message.write("x")
sys.exit(42 if (open(given).read(), open(answer).read(), folder[-1], flags) == ("37\\n", "3\\n", "/", ["a"]) else 43)
"""
    testlib = """
import sys
name, given, tout, answer, *flags = sys.argv
sys.exit(0 if (open(given).read(), open(answer).read(), flags) == ("37\\n", "3\\n", ["a"]) else 1)
"""
    for protocol, code in (("kattis", kattis), ("testlib", testlib)):
        interactor = JudgeProgram(code=code, protocol=protocol, arguments=("a",))  # type: ignore[arg-type]
        suite = guessing(protocol, tests=TESTS[:1], interactor=interactor)
        assert judge(suite, "").verdict is Verdict.ACCEPTED
