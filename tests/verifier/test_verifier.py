"""The product's entry: where suites come from, whose fault is whose, and what an interrupt leaves."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sandbox import (
    Build,
    Call,
    Job,
    LocalSandbox,
    Outcome,
    Program,
    Run,
    SandboxFault,
    SandboxLost,
    SandboxUnavailable,
    Status,
)
from sandbox.fake import FakeSandbox
from sandbox.local import zygote
from tests.sandbox.processes import candidates_below, come_true
from tests.verifier.answers import calls, fenced, script, stdio
from tests.verifier.unmeasured import unmeasured
from testsuites import AnySuite, SuiteInvalid, SuiteLimits, SuiteNotFound
from testsuites.directory import DirectoryStore
from verifier import Grade, Verdict, Verifier
from verifier.policy import Binary, Policy
from verifier.report import TestResult

DOUBLES = fenced("def f(x): return 2 * x")
INLINE: dict[str, Any] = {"inputs": [[1], [2]], "outputs": [2, 4], "fn_name": "f"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two suites on disk."""
    folder = tmp_path_factory.mktemp("suites")
    for suite_id in ["sums/double", "triple"]:
        factor = 2 if suite_id == "sums/double" else 3
        DirectoryStore(folder).write(calls((1, factor), (2, 2 * factor), id=suite_id))
    return folder


@pytest.fixture(scope="module")
def verifier(store: Path) -> Iterator[Verifier]:
    """One verifier for the tests that leave it as it was."""
    with Verifier(store, workers=2) as verifier:
        yield verifier


def failing(error: Exception, times: int = 1000) -> FakeSandbox:
    """Return a sandbox that fails so many times and then finds every output right."""

    def outcome(job: Job) -> Outcome:
        if len(sandbox.jobs) <= times:
            raise error
        return Outcome(build=Build(ok=True), runs=(Run(status=Status.FINISHED, value=2),))

    sandbox = FakeSandbox(outcome)
    return sandbox


@pytest.mark.parametrize("suite", ["sums/double", {"suite": "sums/double"}, '{"suite": "sums/double"}'])
def test_a_named_suite_is_found(verifier: Verifier, suite: Any) -> None:
    """By its id, alone or in an object; the grade says which suite, and which version of it."""
    grade = verifier.grade(DOUBLES, suite)
    assert (grade.verdict, grade.reward, grade.judged, grade.credit) == (Verdict.ACCEPTED, 1.0, True, 1.0)
    assert grade.suite == "sums/double"
    assert grade.digest == calls((1, 2), (2, 4), id="sums/double").digest
    assert grade.components["correctness"] == 1.0
    assert grade.layers[0] == "floor"
    assert verifier.grade(DOUBLES, "triple").verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("suite", [INLINE, json.dumps(INLINE), calls((1, 2), (2, 4))], ids=["dict", "text", "object"])
def test_a_suite_may_come_with_the_answer(suite: Any) -> None:
    """As an object, its JSON text or a suite, and no store is needed."""
    with Verifier(workers=1) as verifier:
        assert verifier.grade(DOUBLES, suite).reward == 1.0
        assert verifier.grade(fenced("def f(x): return x + 1"), suite).reward == pytest.approx(-0.8 + 0.4 * 0.5)
        assert verifier.grade("It cannot be done.", suite).reward == -1.0


def test_a_suite_that_is_not_there_is_told_with_its_neighbours(verifier: Verifier, store: Path) -> None:
    """The message says where it looked and what is close."""
    with pytest.raises(SuiteNotFound) as caught:
        verifier.grade(DOUBLES, "sums/doubel")
    message = "no suite sums/doubel among the 2 there; did you mean sums/double?"
    assert str(caught.value) == f"{store}: {message}"


def test_a_name_needs_a_store() -> None:
    """Without one the message says what to do."""
    with pytest.raises(SuiteNotFound, match="'sums/double' is named, and there is no store to look in; say where"):
        Verifier(workers=1).grade(DOUBLES, "sums/double")


def test_a_store_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    """Not when the first answer comes."""
    with pytest.raises(SuiteNotFound, match="no such directory"):
        Verifier(tmp_path / "nowhere")


@pytest.mark.parametrize("suite", [{}, {"inputs": [], "outputs": []}, "{", "[1]", "../secret", {"suite": ""}])
def test_a_suite_that_cannot_be_used_is_the_callers_fault(verifier: Verifier, suite: Any) -> None:
    """Invariant I6: an empty suite is an error, and so is a text that is neither id nor suite."""
    with pytest.raises(SuiteInvalid):
        verifier.grade(DOUBLES, suite)


def test_the_policy_decides_the_reward(store: Path) -> None:
    """A policy object or a name; the verdict and the credit stay the same."""
    policies: list[Policy | str] = [Binary(range=(0.0, 5.0)), "linear"]
    for policy in policies:
        with Verifier(store, policy=policy, workers=1) as verifier:
            half = verifier.grade(fenced("def f(x): return x + 1"), "sums/double")
            assert (half.verdict, half.credit) == (Verdict.WRONG_ANSWER, 0.5)
            assert half.reward == 0.0
            assert verifier.grade(DOUBLES, "sums/double").reward == (1.0 if policy == "linear" else 5.0)


@pytest.mark.parametrize("error", [SandboxFault("the pipe burst"), SandboxLost("the pipe burst")])
def test_a_judges_fault_is_tried_once_more_and_then_not_judged(error: Exception) -> None:
    """Invariant I7: no reward at all, and the message says what failed."""
    sandbox = failing(error)
    suite = calls((1, 2))
    grade = Verifier(sandbox=sandbox, workers=1).grade(DOUBLES, suite)
    assert (grade.verdict, grade.judged, grade.reward) == (Verdict.JUDGE_ERROR, False, None)
    assert (grade.suite, grade.digest) == (suite.id, suite.digest)
    assert grade.message == "the sandbox failed: the pipe burst"
    assert len(sandbox.jobs) == 2


def test_a_judges_fault_that_does_not_come_back_leaves_no_trace() -> None:
    """The second try counts as if it had been the first."""
    sandbox = failing(SandboxFault("once"), times=1)
    grade = Verifier(sandbox=sandbox, workers=1).grade(DOUBLES, calls((1, 2)))
    assert (grade.verdict, grade.reward, grade.message) == (Verdict.ACCEPTED, 1.0, "")


def test_a_fault_in_a_session_is_tried_once_more_too() -> None:
    """Script suites take the same way."""
    tries: list[Call] = []

    def reply(call: Call) -> Run:
        tries.append(call)
        raise SandboxFault("gone")

    with Verifier(sandbox=FakeSandbox(reply=reply), workers=1) as verifier:
        grade = verifier.grade(DOUBLES, script("f(1)"))
    assert (grade.judged, grade.reward, len(tries)) == (False, None, 2)


def test_a_host_that_cannot_enforce_what_is_needed_stops_everything() -> None:
    """Invariant I10: refused with the reason, once, and no grade."""
    sandbox = failing(SandboxUnavailable("no seccomp here; use a newer kernel"))
    with pytest.raises(SandboxUnavailable, match="no seccomp here"):
        Verifier(sandbox=sandbox, workers=1).grade(DOUBLES, calls((1, 2)))
    assert len(sandbox.jobs) == 1


@pytest.mark.parametrize("answer", ["", fenced("print(1)"), "```cobol\nSTOP RUN.\n```"])
def test_a_language_that_is_not_served_is_not_judged(verifier: Verifier, answer: str) -> None:
    """It is not the model's fault that nothing here runs it."""
    suite = stdio(("", "1"), language="cobol")
    grade = verifier.grade(answer, suite)
    assert (grade.judged, grade.reward, grade.verdict) == (False, None, Verdict.JUDGE_ERROR)
    assert grade.digest == suite.digest
    assert "'cobol'" in grade.message


LONG = SuiteLimits(cpu_seconds=60)
SPINS = "def f(x):\n    while True: pass"
UNDER_WAY = [
    pytest.param(stdio(("", "1"), limits=LONG), "while True: pass", id="whole program"),
    pytest.param(stdio(("", "1"), limits=LONG), "import time\ntime.sleep(60)", id="idle program"),
    pytest.param(calls((1, 2), limits=LONG), SPINS, id="call"),
    pytest.param(script("f(1)", limits=LONG), SPINS, id="solution under test code"),
    pytest.param(script("f(1)\nwhile True: pass"), "def f(x): return x", id="test code"),
]


@pytest.mark.parametrize(("suite", "program"), UNDER_WAY)
def test_an_interrupt_ends_what_runs(suite: AnySuite, program: str) -> None:
    """The grade is back at once, as not judged, and the verifier grades as before."""
    with Verifier(workers=1) as verifier, ThreadPoolExecutor(1) as threads:
        assert verifier.grade(DOUBLES, script("assert f(1) == 2")).reward == 1.0
        grading = threads.submit(verifier.grade, fenced(program), suite)
        assert come_true(lambda: bool(candidates_below(os.getpid())), 20)
        time.sleep(0.2)  # so that the solution under test code runs too
        assert not grading.done()
        start = time.monotonic()
        verifier.interrupt()
        grade = grading.result(timeout=20)
        assert time.monotonic() - start < zygote._END_SECONDS, "no process had to be waited for in vain"
        assert (grade.judged, grade.reward, grade.verdict) == (False, None, Verdict.JUDGE_ERROR)
        assert verifier.grade(DOUBLES, script("assert f(1) == 2")).reward == 1.0
        assert verifier.grade(DOUBLES, INLINE).reward == 1.0


def test_an_interrupt_with_nothing_under_way_is_harmless(verifier: Verifier) -> None:
    """Once or twice, from any thread."""
    for _ in range(2):
        thread = threading.Thread(target=verifier.interrupt)
        thread.start()
        thread.join(10)
    assert verifier.grade(DOUBLES, "sums/double").reward == 1.0


def test_a_closed_verifier_judges_nothing(store: Path) -> None:
    """An answer that comes too late gets no reward; closing again does no harm."""
    verifier = Verifier(store, workers=1)
    assert verifier.grade(DOUBLES, "sums/double").judged
    verifier.close()
    verifier.close()
    grade = verifier.grade(DOUBLES, "sums/double")
    assert (grade.judged, grade.reward) == (False, None)
    assert "closed" in grade.message


PROGRAMS = {
    "right": "def f(x): return 2 * x",
    "half right": "def f(x): return x + 1",
    "raises": "def f(x): return 1 // (x - 2)",
    "dies": "import os\ndef f(x): os._exit(x)",
    "spins": "def f(x):\n    while x == 2: pass\n    return 2",
    "does not compile": "def f(x) return x",
}


def test_nothing_but_measured_figures_may_differ() -> None:
    """Of a time-out the figure is left out when grades are compared, and the limit beside it is not."""

    def timed_out(detail: str) -> tuple[Any, ...]:
        test = TestResult(name="1", verdict=Verdict.TIME_LIMIT_EXCEEDED, detail=detail)
        grade = Grade(suite="s", digest="d", verdict=test.verdict, reward=-0.9, judged=True, tests=(test,))
        return unmeasured(grade)

    told = timed_out("processor time 0.31 s, limit 0.20 s")
    assert told == timed_out("processor time 0.32 s, limit 0.20 s")
    for other in ("processor time 0.31 s, limit 0.30 s", "idle 0.31 s, limit 0.20 s", "processor time"):
        assert told != timed_out(other)


def test_the_same_answer_gets_the_same_grade() -> None:
    """Invariant I9: alone or beside others, in whatever order, warm or cold."""
    suite = calls((1, 2), (2, 4), limits=SuiteLimits(cpu_seconds=0.2))
    answers = [fenced(program) for program in PROGRAMS.values()]
    with Verifier(workers=1) as cold:
        first = [unmeasured(cold.grade(answer, suite)) for answer in answers]
        again = [unmeasured(cold.grade(answer, suite)) for answer in reversed(answers)]
    assert again == first[::-1]
    with Verifier(workers=4) as crowded, ThreadPoolExecutor(4) as threads:
        grades = list(threads.map(lambda answer: crowded.grade(answer, suite), answers * 2))
    assert [unmeasured(grade) for grade in grades] == first * 2


@pytest.mark.parametrize(
    "value",
    ["random.random()", "hash('word')", "list({str(n) for n in range(50)})", "random.sample(range(99), 9)"],
)
def test_chance_is_the_same_in_every_process(value: str, sandbox: LocalSandbox) -> None:
    """What a program draws, or the order of its sets, is no reason for another grade."""
    program = Program(source=f"import random\ndef f(x): return {value}")
    drawn = sandbox.run(Job(program=program, inputs=(Call(function="f", args=(0,)),))).runs[0].value
    for _ in range(2):
        with Verifier(workers=1) as verifier:
            for _ in range(2):
                assert verifier.grade(fenced(program.source), calls((0, drawn))).reward == 1.0


def test_many_threads_may_share_a_verifier(verifier: Verifier) -> None:
    """More threads than workers: each gets the grade of its own answer."""

    def graded(number: int) -> tuple[str, float | None, float | None]:
        suite = calls((number, 2 * number), id=f"s{number}")
        right = verifier.grade(DOUBLES, suite)
        wrong = verifier.grade(fenced(f"def f(x): return {2 * number + 1}"), suite)
        return right.suite, right.reward, wrong.reward

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(graded, range(24))) == [(f"s{number}", 1.0, -0.8) for number in range(24)]
