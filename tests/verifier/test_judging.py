"""The engine: what a sandbox tells becomes one verdict for each test, and nothing else decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Build, Job, LocalSandbox, Outcome, Run, Sandbox, Status, UnsupportedLanguage
from sandbox.fake import FakeSandbox
from sandbox.job import MEBIBYTE, Limits
from tests.verifier.answers import calls, fenced, script, stdio
from testsuites import AnySuite, CallSuite, CallTest, Comparator, StdioSuite, StdioTest, SuiteInvalid, SuiteLimits
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.report import Report
from verifier.verdict import Verdict

ORACLE = Oracle(1)
"""Starts nothing before a script suite is judged."""

VERDICTS = [
    (Status.CRASHED, Verdict.RUNTIME_ERROR),
    (Status.NOT_DATA, Verdict.RUNTIME_ERROR),
    (Status.HELD, Verdict.RUNTIME_ERROR),
    (Status.CPU_LIMIT, Verdict.TIME_LIMIT_EXCEEDED),
    (Status.IDLE_LIMIT, Verdict.TIME_LIMIT_EXCEEDED),
    (Status.NOT_RUN, Verdict.TIME_LIMIT_EXCEEDED),
    (Status.MEMORY_LIMIT, Verdict.MEMORY_LIMIT_EXCEEDED),
    (Status.OUTPUT_LIMIT, Verdict.OUTPUT_LIMIT_EXCEEDED),
    (Status.VIOLATION, Verdict.SECURITY_VIOLATION),
]


def fake(*runs: Run, build: Build = Build(ok=True)) -> FakeSandbox:  # noqa: B008 - frozen
    """Return a sandbox that answers every job with these runs."""
    return FakeSandbox(lambda _: Outcome(build=build, runs=runs, layers=("floor",)))


def report_on(suite: AnySuite, sandbox: Sandbox, program: str = "pass") -> Report:
    """Judge a program."""
    return judge(suite, fenced(program), sandbox, ORACLE)


def finished(text: str | bytes = b"", value: Any = None) -> Run:
    """Return a run that ended well."""
    return Run(status=Status.FINISHED, stdout=text.encode() if isinstance(text, str) else text, value=value)


@pytest.mark.parametrize(("status", "verdict"), VERDICTS)
@pytest.mark.parametrize("suite", [stdio(("1", "2")), calls((1, 2))], ids=["stdio", "call"])
def test_a_run_that_did_not_finish_is_never_compared(suite: AnySuite, status: Status, verdict: Verdict) -> None:
    """The right output, or value, of a run that ended in another way earns nothing."""
    report = report_on(suite, fake(Run(status=status, stdout=b"2", value=2)))
    assert [test.verdict for test in report.tests] == [verdict]
    assert report.credit == 0.0


@pytest.mark.parametrize(
    ("suite", "right", "wrong"),
    [
        pytest.param(stdio(("1", "2")), finished("2\n"), finished("3\n"), id="stdio"),
        pytest.param(calls((1, 2)), finished(value=2), finished(value=3), id="call"),
        pytest.param(stdio(("1", "")), finished(""), finished("0"), id="nothing expected"),
        pytest.param(calls((1, None)), finished(value=None), finished(value=False), id="None expected"),
    ],
)
def test_a_run_that_finished_is_compared(suite: AnySuite, right: Run, wrong: Run) -> None:
    """What was expected is accepted, anything else is a wrong answer."""
    assert report_on(suite, fake(right)).verdict is Verdict.ACCEPTED
    assert report_on(suite, fake(wrong)).verdict is Verdict.WRONG_ANSWER


@given(st.lists(st.sampled_from(Status), min_size=1, max_size=8))
def test_there_is_one_result_for_each_test_whatever_comes(statuses: list[Status]) -> None:
    """Invariant I6: as many results as tests, in their order, each about its own run."""
    tests = tuple(StdioTest(stdin="", stdout=str(number), name=f"n{number}") for number in range(len(statuses)))
    runs = [Run(status=status, stdout=str(number).encode()) for number, status in enumerate(statuses)]
    report = report_on(StdioSuite(id="s", tests=tests), fake(*runs))
    assert [test.name for test in report.tests] == [test.name for test in tests]
    expected = [dict(VERDICTS).get(status, Verdict.ACCEPTED) for status in statuses]
    assert [test.verdict for test in report.tests] == expected


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_sandbox_that_loses_or_adds_a_run_gets_no_report(count: int) -> None:
    """Missing or extra results are an error, not a pass on those that are there."""
    with pytest.raises(ValueError, match="zip"):
        report_on(stdio(("", "1"), ("", "1")), fake(*[finished("1")] * count))


@pytest.mark.parametrize("suite", [stdio(), calls(), script()], ids=["stdio", "call", "script"])
@pytest.mark.parametrize("answer", ["", "I do not know.", fenced("print(1)")])
def test_a_suite_without_tests_gets_no_report(suite: AnySuite, answer: str, sandbox: LocalSandbox) -> None:
    """Invariant I6, also for a suite that was made in memory and never checked."""
    oracle = Oracle(1)
    try:
        with pytest.raises((ValueError, SuiteInvalid)):
            _ = judge(suite, answer, sandbox, oracle).verdict
    finally:
        oracle.close()


@pytest.mark.parametrize("suite", [stdio(*[("", "")] * 2), calls(*[(1, 2)] * 2), script("f()", "f()")])
@pytest.mark.parametrize("answer", ["", "Nobody can solve this.", "```cpp\nint main() {}\n```"])
def test_an_answer_without_a_program_fails_every_test(suite: AnySuite, answer: str) -> None:
    """Nothing runs, each test says no_code, and the message says why."""
    sandbox = fake(finished(""), finished(""))
    report = judge(suite, answer, sandbox, ORACLE)
    assert [test.verdict for test in report.tests] == [Verdict.NO_CODE] * 2
    assert report.message == "the answer holds no python program"
    assert sandbox.jobs == []


@pytest.mark.parametrize("suite", [stdio(*[("", "")] * 2), calls(*[(1, 2)] * 2), script("f()", "f()")])
def test_a_program_that_does_not_compile_fails_every_test(suite: AnySuite, sandbox: LocalSandbox) -> None:
    """Each test says compile_error, and the compiler's words are in the report."""
    report = report_on(suite, sandbox, "def f(:\n    pass")
    assert [test.verdict for test in report.tests] == [Verdict.COMPILE_ERROR] * 2
    assert report.message.startswith("SyntaxError: ")
    assert report.message.endswith("(line 1)")


def test_runs_of_a_program_that_did_not_compile_count_for_nothing() -> None:
    """The build decides before any output is looked at."""
    sandbox = fake(finished("1"), build=Build(ok=False, message="no"))
    report = report_on(stdio(("", "1")), sandbox)
    assert (report.verdict, report.message, report.layers) == (Verdict.COMPILE_ERROR, "no", ("floor",))


@pytest.mark.parametrize("answer", ["", fenced("print(1)"), "```cobol\nSTOP RUN.\n```"])
def test_a_language_that_is_not_served_is_not_the_answers_fault(sandbox: LocalSandbox, answer: str) -> None:
    """Refused before the answer is looked at, so not even an empty one gets a verdict."""
    with pytest.raises(UnsupportedLanguage, match="'cobol'"):
        judge(stdio(("", "1"), language="cobol"), answer, sandbox, ORACLE)


def test_a_job_holds_no_expected_output_and_no_name_of_a_test() -> None:
    """Invariant I2: everything that reaches a sandbox, searched for what is hidden."""
    hidden = "5129380147"
    suites: list[AnySuite] = [
        StdioSuite(id=hidden, tests=(StdioTest(stdin="in", stdout=hidden, name=hidden, group=hidden),)),
        CallSuite(
            id=hidden,
            entry_point="f",
            tests=(CallTest(args=("in",), expected=hidden, also_accepted=(int(hidden),), name=hidden, group=hidden),),
        ),
    ]
    for suite in suites:
        sandbox = fake(finished())
        report_on(suite, sandbox)
        sent = msgspec.json.encode(sandbox.jobs, enc_hook=repr).decode()
        assert "in" in sent
        assert hidden not in sent


def test_limits_of_the_suite_reach_the_sandbox() -> None:
    """In its units; what the author left out keeps the sandbox's default."""
    limits = SuiteLimits(cpu_seconds=1.5, memory_mb=100)
    suites: list[AnySuite] = [stdio(("", ""), limits=limits), calls((1, 2), limits=limits)]
    for suite in suites:
        sandbox = fake(finished())
        report_on(suite, sandbox)
        assert sandbox.jobs[0].limits == Limits(cpu_seconds=1.5, memory_bytes=100 * MEBIBYTE)


def test_figures_and_layers_reach_the_report() -> None:
    """What was measured stands beside the verdict, for passes and failures alike."""
    figures: dict[str, Any] = {"cpu_seconds": 0.5, "wall_seconds": 0.75, "peak_bytes": 1000}
    for status in [Status.FINISHED, Status.CPU_LIMIT]:
        report = report_on(stdio(("", "")), fake(Run(status=status, **figures)))
        assert {name: getattr(report.tests[0], name) for name in figures} == figures
        assert report.layers == ("floor",)


@pytest.mark.parametrize(
    ("name", "expected", "actual", "accepted"),
    [
        (None, "1.5 b", "1.5000001\nb\n", True),
        (None, "a b", "a b c", False),
        ("tokens", "a b", "a\nb", True),
        ("lines", "a b", "a\nb", False),
        ("lines", "a b", "a b  \n\n", True),
        ("exact", "a b", "a b\n", False),
        ("exact", "a b\n", "a b\n", True),
        ("tokens", "3", "3.0", False),
        ("floats", "3", "3.0", True),
    ],
)
def test_texts_are_compared_as_the_suite_says(
    name: Any, expected: str, actual: str, accepted: bool, sandbox: LocalSandbox
) -> None:
    """A stdio suite that names no comparator means tokens."""
    suite = stdio(("", expected), comparator=Comparator(name=name))
    report = report_on(suite, sandbox, f"import sys\nsys.stdout.write({actual!r})")
    assert report.verdict is (Verdict.ACCEPTED if accepted else Verdict.WRONG_ANSWER)


@pytest.mark.parametrize(
    ("name", "expected", "actual", "accepted"),
    [
        (None, [1, 2.0], (1, 2.0000001), True),
        (None, "a b", "a  b", False),
        (None, 3, "3", False),
        (None, [1, 2], [1, 2, 3], False),
        ("values", {"a": {1}}, {"a": {1}}, True),
        ("tokens", "a b", "a\nb", True),
        ("tokens", "3", 3, False),
        ("exact", "a b", "a\nb", False),
    ],
)
def test_values_are_compared_as_the_suite_says(
    name: Any, expected: Any, actual: Any, accepted: bool, sandbox: LocalSandbox
) -> None:
    """A call suite that names no comparator means values; a comparator of texts accepts texts alone."""
    suite = calls((0, expected), comparator=Comparator(name=name))
    report = report_on(suite, sandbox, f"def f(x): return {actual!r}")
    assert report.verdict is (Verdict.ACCEPTED if accepted else Verdict.WRONG_ANSWER)


def test_the_tolerance_is_the_suites() -> None:
    """Ten per cent is wrong by default, and right where the author says so."""
    assert report_on(calls((0, 10.0)), fake(finished(value=10.9))).verdict is Verdict.WRONG_ANSWER
    wide = calls((0, 10.0), comparator=Comparator(relative=0.1))
    assert report_on(wide, fake(finished(value=10.9))).verdict is Verdict.ACCEPTED
    assert report_on(wide, fake(finished(value=11.2))).verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("output", [b"\xff1", b"1\xff", b"\xc3", b"\xed\xa0\x80", b"\x00", "\uff11".encode()])
@pytest.mark.parametrize("comparator", ["tokens", "lines", "exact", "floats"])
def test_output_that_is_not_the_text_is_a_wrong_answer(output: bytes, comparator: Any, sandbox: LocalSandbox) -> None:
    """Bytes that are not UTF-8, and digits of another script, upset nothing and equal nothing."""
    suite = stdio(("", "1"), comparator=Comparator(name=comparator))
    report = report_on(suite, sandbox, f"import sys\nsys.stdout.buffer.write({output!r})")
    assert report.verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("comparator", ["tokens", "lines", "exact", "floats"])
@pytest.mark.parametrize("expected", [918273645, None, [918273645], b"918273645"])
def test_an_expected_value_that_does_not_fit_is_the_suites_fault(expected: Any, comparator: Any) -> None:
    """A suite made in memory is not checked before; the message says what to use and shows no value."""
    suite = calls((0, expected), comparator=Comparator(name=comparator))
    with pytest.raises(SuiteInvalid, match="use values") as caught:
        report_on(suite, fake(finished(value="918273645")))
    assert "918273645" not in str(caught.value)


def test_any_accepted_value_will_do() -> None:
    """Each of the values accepted in place of the expected one, and no other."""
    test = CallTest(args=(1,), expected=[1], also_accepted=([2], "three"))
    suite = CallSuite(id="s", entry_point="f", tests=(test,))
    for value, verdict in [([1], "accepted"), ([2], "accepted"), ("three", "accepted"), ([3], "wrong_answer")]:
        assert report_on(suite, fake(finished(value=value))).verdict == verdict


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("x.sort()", Verdict.ACCEPTED),
        ("x.sort(); return 'anything'", Verdict.ACCEPTED),
        ("x[:] = sorted(x)", Verdict.ACCEPTED),
        ("return sorted(x)", Verdict.WRONG_ANSWER),
        ("x = sorted(x)", Verdict.WRONG_ANSWER),
        ("x.sort(); raise ValueError", Verdict.RUNTIME_ERROR),
    ],
)
def test_an_argument_is_read_back(body: str, verdict: Verdict, sandbox: LocalSandbox) -> None:
    """For problems solved in place the argument counts, and the returned value does not."""
    test = CallTest(args=("k", [3, 1, 2]), expected=[1, 2, 3], read_back=1)
    suite = CallSuite(id="s", entry_point="f", tests=(test,))
    assert report_on(suite, sandbox, f"def f(k, x):\n    {body}").verdict is verdict


@pytest.mark.parametrize(("fresh", "expected"), [(False, (1, 2, 3)), (True, (1, 1, 1))])
def test_calls_share_a_process_unless_the_suite_wants_fresh_ones(
    fresh: bool, expected: tuple[int, ...], sandbox: LocalSandbox
) -> None:
    """A program that counts its calls counts them all, or one in each process."""
    suite = calls(*((0, value) for value in expected), fresh=fresh)
    counts = "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)"
    assert report_on(suite, sandbox, counts).verdict is Verdict.ACCEPTED


def test_keyword_arguments_and_methods_are_called(sandbox: LocalSandbox) -> None:
    """The entry point may be a method of `Solution`, and take its arguments by name."""
    test = CallTest(args=(1,), kwargs={"by": 10}, expected=11)
    program = "class Solution:\n    def add(self, x, by):\n        return x + by"
    suite = CallSuite(id="s", entry_point="add", tests=(test,))
    assert report_on(suite, sandbox, program).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("program", "verdicts"),
    [
        ("def f(x): return 10 // x", "wrong_answer runtime_error accepted"),
        ("import os\ndef f(x): return x or os._exit(0)", "wrong_answer runtime_error wrong_answer"),
        ("def f(x):\n    while x == 0: pass\n    return 10 // x", "wrong_answer time_limit_exceeded accepted"),
        ("def g(x): return 1", "runtime_error runtime_error runtime_error"),
        ("raise ValueError", "runtime_error runtime_error runtime_error"),
        ("def f(x): return object()", "runtime_error runtime_error runtime_error"),
        ("def f(x): return 'x' * 2_000_000 * (x == 0)", "wrong_answer output_limit_exceeded wrong_answer"),
        ("def f(x): return len('x' * (200_000_000 * (x == 0)))", "wrong_answer memory_limit_exceeded wrong_answer"),
    ],
)
def test_each_test_is_judged_by_its_own_run(program: str, verdicts: str, sandbox: LocalSandbox) -> None:
    """A test that ends badly changes nothing for those around it."""
    limits = SuiteLimits(cpu_seconds=0.3, memory_mb=100, output_mb=1)
    report = report_on(calls((3, 1), (0, 1), (2, 5), limits=limits), sandbox, program)
    assert [test.verdict for test in report.tests] == verdicts.split()


@pytest.mark.parametrize(
    "wrap",
    ["[x]", "(x,)", "{0: x}"],
)
def test_a_deep_value_that_may_be_returned_is_compared(wrap: str, sandbox: LocalSandbox) -> None:
    """Ninety levels of an honest program's answer are no violation."""
    program = f"def f(n):\n    x = 1\n    for _ in range(n): x = {wrap}\n    return x"
    namespace: dict[str, Callable[[int], Any]] = {}
    exec(program, namespace)
    assert report_on(calls((90, namespace["f"](90))), sandbox, program).verdict is Verdict.ACCEPTED


LYING = (
    "class Liar{base}:\n    __eq__ = lambda a, b: True\n    __ne__ = lambda a, b: False\n    __hash__ = lambda a: 5\n"
)


@pytest.mark.parametrize(
    ("expected", "base", "made"),
    [
        (5, "", "Liar()"),
        (5, "(int)", "Liar(4)"),
        ("5", "(str)", "Liar('4')"),
        (5.0, "(float)", "Liar(4)"),
        ([5], "(list)", "Liar([4])"),
        ([5], "(int)", "[Liar(4)]"),
        ((5,), "(tuple)", "Liar([4])"),
        ({5}, "(int)", "{Liar(4)}"),
        ({5: 5}, "(dict)", "Liar({5: 4})"),
        (b"5", "(bytes)", "Liar(b'4')"),
        (True, "(int)", "Liar(0)"),
    ],
)
def test_an_object_that_lies_about_being_equal_convinces_nobody(
    expected: Any, base: str, made: str, sandbox: LocalSandbox
) -> None:
    """The object equals the expected value where it lives, and what reaches the judge does not."""
    program = LYING.format(base=base) + f"def f(x): return {made}"
    namespace: dict[str, Callable[[int], Any]] = {}
    exec(program, namespace)
    assert namespace["f"](0) == expected
    assert report_on(calls((0, expected)), sandbox, program).credit == 0.0


@pytest.mark.parametrize(
    "way_out",
    ["exit(0)", "quit()", "raise SystemExit", "import sys; sys.exit(0)", "import os; os._exit(0)"],
)
@pytest.mark.parametrize("place", ["{way_out}", "def f(x): {way_out}"])
def test_ending_well_proves_nothing(place: str, way_out: str, sandbox: LocalSandbox) -> None:
    """Exit code 0, at import or within a call, is no value; for a whole program it is no output."""
    program = place.format(way_out=way_out)
    assert report_on(calls((1, 2), (2, 3)), sandbox, program).verdict is Verdict.RUNTIME_ERROR
    assert report_on(stdio(("1", "2")), sandbox, program).verdict is Verdict.WRONG_ANSWER


def test_the_sandboxes_fault_is_passed_on() -> None:
    """An exception of the sandbox is the caller's business, and makes no report."""

    def fail(job: Job) -> Outcome:
        raise UnsupportedLanguage("of another sandbox")

    with pytest.raises(UnsupportedLanguage):
        report_on(stdio(("", "")), FakeSandbox(fail))
