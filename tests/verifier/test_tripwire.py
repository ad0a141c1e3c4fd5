"""A tripwire is passed by a broken judge and by nothing else, and changes no grade of a sound one."""

from __future__ import annotations

import itertools
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Build, Job, LocalSandbox, Outcome, Run, SandboxFault, SandboxLost, SandboxUnavailable, Status
from sandbox.fake import FakeSandbox
from tests.verifier.answers import calls, fenced, script, stdio
from tests.verifier.unmeasured import unmeasured
from testsuites import AnySuite, CallSuite, CallTest, Comparator, ScriptSuite, StdioSuite, SuiteLimits
from verifier import Verdict, Verifier
from verifier.aws.handler import Handler
from verifier.comparing import compare
from verifier.fuzzing.strategies import any_text, tolerances, values
from verifier.settings import Settings
from verifier.tripwire import QUARANTINED, armed

STDIO = stdio(("1", "2"), ("2", "4"), ("3", "6"))
CALL = calls((1, 2), (2, 4), (3, 6))
SCRIPT = script("assert f(1) == 2", "assert f(2) == 4", "assert f(3) == 6  # the last")
DOUBLES = {"stdio": "print(2 * int(input()))", "call": "def f(x): return 2 * x", "script": "def f(x): return 2 * x"}
WRONG = {"stdio": "print(-1)", "call": "def f(x): return -1", "script": "def f(x): return -1"}
SUITES: list[AnySuite] = [STDIO, CALL, SCRIPT]
KINDS = [suite.id for suite in SUITES]
OUTPUTS = Run(status=Status.FINISHED, stdout=b"2", value=2)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """Catch what the product logs, also when a handler of this process has taken its log over."""
    monkeypatch.setattr(logging.getLogger("verifier"), "propagate", True)
    return caplog


@pytest.fixture
def breached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the judge: whatever is compared is equal, and whatever happened to test code, it passed."""
    monkeypatch.setattr("verifier.judging.compare", lambda *_, **__: True)
    monkeypatch.setattr("verifier.oracle._Ledger.verdict_of", lambda *_: (Verdict.ACCEPTED, ""))


@pytest.fixture(scope="module")
def watched() -> Iterator[Verifier]:
    """Run a tripwire beside every grading."""
    with Verifier(workers=2, tripwire_rate=1.0) as verifier:
        yield verifier


def outcome_of(job: Job) -> Outcome:
    """Answer 2 to everything."""
    return Outcome(build=Build(ok=True), runs=(OUTPUTS,) * len(job.inputs))


@pytest.mark.parametrize("suite", SUITES, ids=KINDS)
def test_a_broken_judge_is_found_out(suite: AnySuite, breached: None, log: pytest.LogCaptureFixture) -> None:
    """Without a tripwire a wrong program earns everything; with one, nothing is judged from then on."""
    wrong = fenced(WRONG[suite.id])
    with Verifier(workers=1) as verifier:
        assert verifier.grade(wrong, suite).reward == 1.0
    with Verifier(workers=1, tripwire_rate=1.0) as verifier:
        for answer in [wrong, fenced(DOUBLES[suite.id]), "no program"]:
            grade = verifier.grade(answer, suite)
            assert (grade.judged, grade.reward, grade.verdict) == (False, None, Verdict.JUDGE_ERROR)
            assert (grade.suite, grade.digest, grade.tests) == (suite.id, suite.digest, ())
            assert grade.message == QUARANTINED
        verifier.interrupt()
        assert not verifier.grade(wrong, suite).judged, "an interrupt is no cure"
    (record,) = log.records
    assert (record.levelname, record.getMessage()) == ("ERROR", QUARANTINED)
    assert vars(record)["fields"] == {"alarm": "tripwire", "suite": suite.id, "digest": suite.digest}


def reads_the_judge(job: Job) -> Outcome:
    """Answer what is expected, as a program would that reads the judge's memory."""
    frame = sys._getframe()
    while "suite" not in frame.f_locals and frame.f_back is not None:
        frame = frame.f_back
    runs = []
    for test in frame.f_locals["suite"].tests:
        hidden = {"value": test.expected} if isinstance(test, CallTest) else {"stdout": test.stdout.encode()}
        runs.append(Run(status=Status.FINISHED, **hidden))
    return Outcome(build=Build(ok=True), runs=tuple(runs))


@pytest.mark.parametrize("suite", SUITES[:2], ids=KINDS[:2])
def test_a_program_that_knows_what_is_expected_is_found_out(suite: AnySuite) -> None:
    """It answers right because it reads along: no right program can know what is random."""
    answer = fenced("pass")
    assert Verifier(sandbox=FakeSandbox(reads_the_judge), workers=1).grade(answer, suite).reward == 1.0
    verifier = Verifier(sandbox=FakeSandbox(reads_the_judge), workers=1, tripwire_rate=1.0)
    grade = verifier.grade(answer, suite)
    assert (grade.judged, grade.reward, grade.message, verifier.quarantined) == (False, None, QUARANTINED, True)


@pytest.mark.parametrize("suite", SUITES, ids=KINDS)
def test_a_right_program_never_trips_it(watched: Verifier, suite: AnySuite) -> None:
    """Two hundred gradings, each with a tripwire: the full reward every time."""
    right = fenced(DOUBLES[suite.id])
    with ThreadPoolExecutor(2) as threads:
        rewards = list(threads.map(lambda _: watched.grade(right, suite).reward, range(200)))
    assert rewards == [1.0] * 200
    assert not watched.quarantined


SERIES = calls((0, 1), (0, 2), (0, 3))
SHORT = SuiteLimits(cpu_seconds=0.2)
UNCHANGED = {
    "half right": (CALL, "def f(x): return x + 1"),
    "counts its calls": (SERIES, "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n"),
    "dies when called once too often": (
        SERIES,
        "import os\nn = 0\ndef f(x):\n    global n\n    n += 1\n    return n if n < 4 else os._exit(9)",
    ),
    "counts the calls of test code": (
        script("assert f() == 1", "x = f()", "assert x == 2 and f() == 3"),
        "n = 0\ndef f():\n    global n\n    n += 1\n    return n",
    ),
    "times out on all but one": (
        stdio(*[(str(number), "0") for number in range(5)], limits=SHORT),
        "while int(input()): pass\nprint(0)",
    ),
    "times out in a series": (
        calls(*[(number, 0) for number in range(5)], limits=SHORT),
        "def f(x):\n    while x % 2: pass\n    return 0",
    ),
    "kills its parent when called once too often": (
        SERIES,
        "import os\nn = 0\ndef f(x):\n    global n\n    n += 1\n    return n if n < 4 else os.kill(os.getppid(), 9)",
    ),
    "nothing accepted": (STDIO, WRONG["stdio"]),
    "does not compile": (CALL, "def f(x) return x"),
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_a_grade_is_the_same_with_a_tripwire(watched: Verifier, name: str) -> None:
    """Invariant I9: time-outs, budgets and what a program remembers are those of the grading alone."""
    suite, program = UNCHANGED[name]
    with Verifier(workers=1) as alone:
        assert unmeasured(watched.grade(fenced(program), suite)) == unmeasured(alone.grade(fenced(program), suite))
    assert not watched.quarantined


def jobs_of(suite: AnySuite, rate: float = 1.0, gradings: int = 1) -> list[Job]:
    """Grade with a sandbox that answers 2, and return what it was given."""
    sandbox = FakeSandbox(outcome_of)
    verifier = Verifier(sandbox=sandbox, workers=1, tripwire_rate=rate)
    for _ in range(gradings):
        assert verifier.grade(fenced("pass"), suite).judged
    return sandbox.jobs


@pytest.mark.parametrize(
    ("suite", "inputs"),
    [
        (stdio(("a", "0"), ("b", "2"), ("c", "0")), slice(1, 2)),
        (calls((1, 0), (2, 2), (3, 0)), slice(0, 2)),
        (calls((1, 0), (2, 2), (3, 0), fresh=True), slice(1, 2)),
    ],
    ids=["stdio", "call", "call in fresh processes"],
)
def test_a_program_is_given_what_a_grading_gives_it(suite: AnySuite, inputs: slice) -> None:
    """Each process gets inputs of the suite in the suite's order, and ends with one that the program passed."""
    grading, tripwire = jobs_of(suite)
    assert tripwire == msgspec.structs.replace(grading, inputs=grading.inputs[inputs])


@pytest.mark.parametrize("suite", [stdio(("a", "0")), calls((1, 0))], ids=KINDS[:2])
def test_where_nothing_is_accepted_nothing_is_run(suite: AnySuite) -> None:
    """There is no reward to guard, and such a program may never end."""
    assert len(jobs_of(suite)) == 1


def test_the_rate_is_the_share_of_gradings() -> None:
    """None, about half, all; and nothing that is no share."""
    suite = stdio(("a", "2"))
    assert len(jobs_of(suite, 0.0, 100)) == 100
    assert 600 - 90 < len(jobs_of(suite, 0.5, 400)) < 600 + 90  # nine standard deviations
    assert len(jobs_of(suite, 1.0, 100)) == 200
    for rate in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="tripwire_rate must be from 0 to 1"):
            Verifier(workers=1, tripwire_rate=rate)


def test_it_is_any_of_the_accepted_tests() -> None:
    """Chosen by chance, so that no test is known to be safe."""
    jobs = jobs_of(stdio(*[(str(number), "2") for number in range(3)]), gradings=100)
    assert {job.inputs[0].data for job in jobs[1::2]} == {b"0", b"1", b"2"}


@pytest.mark.parametrize(
    "error",
    [SandboxFault("burst"), SandboxLost("gone"), SandboxUnavailable("no layers"), OSError(24, "no descriptors")],
)
def test_a_fault_beside_a_grading_leaves_the_grade(error: Exception) -> None:
    """The answer was judged already, and the next tripwire will tell."""

    def outcome(job: Job) -> Outcome:
        if len(sandbox.jobs) == 2:
            raise error
        return outcome_of(job)

    sandbox = FakeSandbox(outcome)
    verifier = Verifier(sandbox=sandbox, workers=1, tripwire_rate=1.0)
    assert verifier.grade(fenced("pass"), stdio(("a", "2"))).reward == 1.0
    assert (len(sandbox.jobs), verifier.quarantined) == (2, False)


def test_test_code_that_cannot_carry_one_leaves_the_grade(watched: Verifier) -> None:
    """A part that fails before any call is the suite's fault there, and says nothing of the judge."""
    suite = script("helper = 1", "assert f(helper) == 2")
    rewards = {watched.grade(fenced(DOUBLES["script"]), suite).reward for _ in range(10)}
    assert (rewards, watched.quarantined) == ({1.0}, False)


def test_grades_under_way_are_not_judged_either(breached: None) -> None:
    """The judge was no better when it began with them."""
    begun, go_on = threading.Event(), threading.Event()

    def outcome(job: Job) -> Outcome:
        if job.inputs[0].data == b"slow":
            begun.set()
            assert go_on.wait(10)
        return outcome_of(job)

    verifier = Verifier(sandbox=FakeSandbox(outcome), workers=2, tripwire_rate=1.0)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(verifier.grade, fenced("pass"), stdio(("slow", "0")))
        assert begun.wait(10)
        assert not verifier.grade(fenced("pass"), stdio(("quick", "0"))).judged
        go_on.set()
        assert not slow.result(10).judged


def _event(count: int) -> list[dict[str, Any]]:
    turns = [{"role": "user", "content": "?"}, {"role": "assistant", "content": fenced(WRONG["stdio"])}]
    suite = {"inputs": ["1\n"], "outputs": ["2\n"]}
    return [{"id": str(number), "messages": turns, "reference_answer": suite} for number in range(count)]


def _judged(reply: Any) -> list[float]:
    return [next(m["value"] for m in result["metrics_list"] if m["name"] == "judged") for result in reply]


def test_a_function_whose_judge_is_broken_judges_nothing(
    breached: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither what it had graded of the same event, nor what comes after; the alarm is one record of its log."""
    draws = itertools.count()
    monkeypatch.setattr("verifier.verifier.due", lambda rate: next(draws) == 3)
    with Verifier(workers=1) as verifier:
        handler = Handler(lambda: (Settings(workers=1), verifier))
        assert _judged(handler(_event(2), None)) == [1, 1]
        for _ in range(2):
            reply = handler(_event(4), None)
            assert _judged(reply) == [0] * 4
            assert [result["aggregate_reward_score"] for result in reply] == [verifier.policy.neutral] * 4
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (alarm,) = [record for record in records if record.get("alarm") == "tripwire"]
    assert (alarm["level"], alarm["message"]) == ("ERROR", QUARANTINED)
    assert {record["reason"] for record in records if record.get("judged") is False} == {QUARANTINED}


def test_a_function_takes_the_rate_from_its_settings(breached: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """VERIFIER_TRIPWIRE_RATE is what the handler's verifier is made with."""
    for rate, judged in (("0", 1), ("1", 0)):
        monkeypatch.setenv("VERIFIER_TRIPWIRE_RATE", rate)
        handler = Handler()
        assert _judged(handler(_event(1), None)) == [judged]
        assert handler._ready is not None
        handler._ready[1].close()


def test_what_is_random_is_told_to_nobody(
    breached: None, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the sandbox, a log, a grade nor a repr holds it, tripped or not."""
    random_text = "f0e1d2c3" * 8
    monkeypatch.setattr("verifier.tripwire.secrets.token_hex", lambda _: random_text)
    suites: list[StdioSuite | CallSuite] = [stdio(("a", "b")), calls((1, "b"), (2, [1]), (3, {"b": 1}))]
    for suite in suites:
        sandbox = FakeSandbox(outcome_of)
        grade = Verifier(sandbox=sandbox, workers=1, tripwire_rate=1.0).grade(fenced("pass"), suite)
        assert (grade.judged, len(sandbox.jobs)) == (False, 2)
        tripwire = armed(suite, 0)
        assert random_text in msgspec.json.encode(tripwire).decode()
        seen = [grade, sandbox.jobs, tripwire, tripwire.tests, *map(vars, log.records)]
        assert random_text not in "".join(map(repr, seen))
        assert random_text not in msgspec.json.encode([grade, sandbox.jobs], enc_hook=repr).decode()
    assert len(log.records) == 2


wide = tolerances() | st.sampled_from([1e9, 1e300])


@given(expected=any_text() | st.floats().map(str) | st.integers().map(str), actual=any_text(), comparator=st.data())
def test_no_text_stands_for_the_random_one(expected: str, actual: str, comparator: st.DataObject) -> None:
    """Whatever the comparator and its tolerance: not the right text, not another, not a number."""
    names = ("tokens", "lines", "exact", "floats")
    chosen = Comparator(name=comparator.draw(st.sampled_from(names)), absolute=comparator.draw(wide), relative=1e300)
    suite = armed(stdio(("", expected), comparator=chosen), 0)
    assert isinstance(suite, StdioSuite)
    for given_text in (expected, actual, "", "0", "1e308", "nan", "inf"):
        assert not compare(chosen, suite.tests[0].stdout, given_text.encode("utf-8", "surrogatepass"), default="tokens")


@pytest.mark.parametrize("digits", ["1" * 64, "1e" + "0" * 62])
def test_random_bytes_that_look_like_a_number_are_none(digits: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number would stand for it where the tolerance is wide."""
    monkeypatch.setattr("verifier.tripwire.secrets.token_hex", lambda _: digits)
    chosen = Comparator(name="floats", absolute=1e300)
    assert compare(chosen, digits, "7.5")
    suite = armed(stdio(("", "7"), comparator=chosen), 0)
    assert isinstance(suite, StdioSuite)
    assert not compare(chosen, suite.tests[0].stdout, "7.5")


@given(expected=values(), also=values(), actual=values(), absolute=wide, relative=wide)
def test_no_value_stands_for_the_random_one(
    expected: Any, also: Any, actual: Any, absolute: float, relative: float
) -> None:
    """Neither the expected value, nor one accepted in its place, nor any other, however wide the tolerance."""
    chosen = Comparator(absolute=absolute, relative=relative)
    test = CallTest(args=(), expected=expected, also_accepted=(also,))
    suite = armed(CallSuite(id="s", entry_point="f", tests=(test,), comparator=chosen), 0)
    assert isinstance(suite, CallSuite)
    (unpassable,) = suite.tests
    assert unpassable.also_accepted == ()
    for value in (expected, also, actual):
        assert not compare(chosen, unpassable.expected, value, default="values")


@pytest.mark.parametrize("expected", [7, "a", [1, [2, 3]], (1, 2), {"a": 1, "b": 2}])
def test_the_random_value_is_of_the_same_kind(expected: Any) -> None:
    """So that the comparison which the suite asks for is the one that is tried."""
    suite = armed(calls((0, expected)), 0)
    assert isinstance(suite, CallSuite)
    changed = suite.tests[0].expected
    assert type(changed) is type(expected)
    if not isinstance(expected, int | str):
        assert len(changed) == len(expected)


CODE: list[Callable[[str], str]] = [
    lambda call: f"assert {call} == 2",
    lambda call: f"assert {call} == 2  # no line after this",
    lambda call: f"if {call}:\n    pass",
    lambda call: f"def test():\n    return {call}\n\ntest()\n\n",
    lambda call: f"try:\n    {call}\nexcept AssertionError:\n    pass\nelse: x = 1",
    lambda call: f"import sys\nx = {call}; y = '''\n'''",
]


@pytest.mark.parametrize("number", range(len(CODE)))
def test_no_end_of_test_code_lets_it_pass(number: int, sandbox: LocalSandbox, watched: Verifier) -> None:
    """The assert that is added is a statement of its own, and fails."""
    suite = script(CODE[number]("f(1)"))
    assert watched.grade(fenced(DOUBLES["script"]), suite).reward == 1.0
    assert not watched.quarantined
    tripwire = armed(suite, 0)
    assert isinstance(tripwire, ScriptSuite)
    assert watched.grade(fenced(DOUBLES["script"]), tripwire).verdict is Verdict.WRONG_ANSWER


def test_test_code_before_it_is_run_too(watched: Verifier) -> None:
    """A test may use what those before it made; without them it would be broken, and would tell nothing."""
    tripwire = armed(script("x = f(1)", "assert x == 2", "assert f(3) == 6"), 1)
    grade = watched.grade(fenced(DOUBLES["script"]), tripwire)
    assert [test.verdict for test in grade.tests] == [Verdict.ACCEPTED, Verdict.WRONG_ANSWER]
