"""What the strategies make is what they say, and shrinks to something that a person can read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from sandbox import Call, Job, Program, Status, Stdin
from testsuites.literals import read_literal, write_literal
from testsuites.model import Comparator
from testsuites.rules import check_suite
from verifier.aws.events import read_event
from verifier.extraction import extract
from verifier.fuzzing import strategies
from verifier.fuzzing.exploits import problems
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.rewriting import locals_renamed, moved_into_a_class
from verifier.fuzzing.strategies.answers import reasoned
from verifier.fuzzing.strategies.spoiling import apply, surely_differs, text_spoilers, value_spoilers
from verifier.fuzzing.strategies.wrapping import known_tests
from verifier.verdict import Verdict

PROGRAMS = (
    "print(1)\n",
    "def f(x):\n    s = '''\n```python\nno\n```\n'''\n    return s\n",
    "print('</think>')\n",
    "a = '''</think>\n```python\nx\n```\n'''\n",
    "import sys\nprint('<think>')\n\n\n  \nx=1",
    "if 1:\n\tprint('\x0c~~~~')\r\n",
    "print(1",
    "~~~x\n",
)
ANSWERED = st.sampled_from(PROGRAMS).flatmap(lambda program: st.tuples(st.just(program), strategies.answers(program)))
PROBLEMS = st.sampled_from(problems()) | strategies.made_problems()


def smallest(made: st.SearchStrategy[Any], condition: Any = lambda _: True) -> Any:
    """Return what a strategy shrinks to."""
    quick = settings(max_examples=2000, database=None, phases=(Phase.generate, Phase.shrink))
    return find(made, condition, settings=quick)


@settings(max_examples=500)
@given(ANSWERED)
def test_the_program_is_found_in_every_answer(answered: tuple[str, str]) -> None:
    """By docs/answers.md, whatever stands around it."""
    program, answer = answered
    assert extract(answer, "python") == strategies.as_extracted(program)


@given(reasoned())
def test_reasoning_holds_no_program(answer: str) -> None:
    """By the same rule."""
    assert extract(answer, "python") is None


def test_answers_shrink_to_one_plain_block() -> None:
    """Nothing is left that is not needed."""
    assert smallest(strategies.answers("print(1)\n")) == "```python\nprint(1)\n```\n"
    assert smallest(strategies.broken_answers()) == ""
    assert smallest(strategies.answers("print(1)\n"), lambda answer: "~" in answer).count("\n") == 3


@pytest.mark.parametrize(
    ("made", "simplest"),
    [
        (strategies.values(), None),
        (strategies.json_values(), None),
        (strategies.any_text(), ""),
        (strategies.tolerances(), 0.0),
    ],
)
def test_values_shrink_to_nothing(made: st.SearchStrategy[Any], simplest: object) -> None:
    """The simplest value of each strategy is the one that its docstring names."""
    assert smallest(made) == simplest


def test_a_huge_integer_can_be_shrunk_to() -> None:
    """Hypothesis writes down what it chose; it could not write an integer of 5,000 digits."""
    assert smallest(strategies.values(), lambda value: type(value) is int and value > 10**4999) == 10**5000


@given(strategies.values())
def test_values_are_plain_data(value: Any) -> None:
    """All have a literal text."""
    assert write_literal(read_literal(write_literal(value))) == write_literal(value)


@pytest.mark.parametrize("kind", ["stdio", "call", "script", None])
def test_suites_keep_the_rules(kind: Any) -> None:
    """Every suite could be stored, and is of the kind that was asked for."""

    @given(strategies.suites(kind))
    def keeps_the_rules(suite: Any) -> None:
        check_suite(suite, "here")
        assert kind is None or type(suite).__name__.lower() == f"{kind}suite"

    keeps_the_rules()


@given(strategies.made_problems())
def test_made_problems_have_two_answers_and_a_known_test(problem: Problem) -> None:
    """So no constant is right, and programs can fail one test alone."""
    check_suite(problem.suite, "here")
    assert strategies.needs_thought(problem)
    assert strategies.failable(problem)


def test_made_problems_shrink_to_two_short_tests() -> None:
    """A person sees at once what is expected."""
    suite = smallest(strategies.made_problems("stdio")).suite
    assert sorted(test.stdout for test in suite.tests) == ["0\n", "1\n"] or len(suite.tests) == 2


@given(strategies.events())
def test_events_are_read(event: Any) -> None:
    """Every event has samples, and none of them a problem; all of it is JSON."""
    request = read_event(json.loads(json.dumps(event)))
    assert request.samples
    assert [sample.problem for sample in request.samples] == [None] * len(request.samples)


@given(strategies.reports())
def test_reports_are_consistent(report: Any) -> None:
    """What is said of the whole is said of all tests, and the judge did not fail."""
    verdicts = {test.verdict for test in report.tests}
    assert Verdict.JUDGE_ERROR not in verdicts
    assert len(verdicts) == 1 or not verdicts & {Verdict.NO_CODE, Verdict.COMPILE_ERROR}
    assert 0 <= report.credit <= 1


@pytest.mark.parametrize("inputs", [(Stdin(b""), Stdin(b"1")), (Call(function="f"),)])
def test_outcomes_fit_their_job(inputs: Any) -> None:
    """A run for each input; none was run where the build failed."""
    job = Job(program=Program(source=""), inputs=inputs)

    @given(strategies.outcomes(job))
    def fits(outcome: Any) -> None:
        assert len(outcome.runs) == len(inputs)
        assert outcome.build.ok or {run.status for run in outcome.runs} == {Status.NOT_RUN}

    fits()


@given(PROBLEMS.flatmap(lambda problem: st.tuples(st.just(problem), st.data())))
def test_mutants_are_other_programs(case: tuple[Problem, st.DataObject]) -> None:
    """Each compiles, and is not the reference."""
    problem, data = case
    program = data.draw(strategies.mutated(problem.reference))
    assert compile(program, "mutant", "exec") != compile(problem.reference, "mutant", "exec")


def test_nothing_to_change_is_an_error() -> None:
    """A program without an operator or a constant has no mutants, and one without a known test cannot fail it."""
    with pytest.raises(ValueError, match="nothing to change"):
        strategies.mutated("pass")
    with pytest.raises(ValueError, match="see `failable`"):
        strategies.failing(Problem(suite=problems()[0].suite, reference="exit()"))


@pytest.mark.parametrize(
    ("right", "differs"),
    [
        ("1 2\n", False),
        ("1  2", False),
        ("1 3", True),
        ("1", True),
        ("1 2 2", True),
        ("1.0 2", False),
        ("9007199254740993 2", True),
    ],
)
def test_what_surely_differs(right: str, differs: bool) -> None:
    """White space and the way of writing a float are in doubt; digits, words and their number are not."""
    assert surely_differs("1 2\n", right) is differs


def test_spoilers_are_small_and_wrong() -> None:
    """Each gives another output, among them the ones that public graders miss."""
    text = "YES 9007199254740993\nno\n"
    spoilt = {apply(change, said=text) for change in text_spoilers(text)}
    assert {"yes 9007199254740993\nNO\n", "YES 9007199254740992\nno\n", "YES 9007199254740993\n"} <= spoilt
    assert all(surely_differs(text, each) for each in spoilt)
    values = [apply(change, value=[2**53 + 1, "aB"]) for change in value_spoilers([2**53 + 1, "aB"])]
    assert [2**53 + 2, "aB"] in values
    assert [2**53 + 1, "Ab"] in values
    assert [2**53 + 1] in values
    assert [2**53 + 1, "aB"] not in values


def test_a_value_that_is_accepted_too_is_no_spoiler() -> None:
    """What the suite accepts is not wrong, and neither is what its tolerance allows."""
    wide = Comparator(absolute=10.0)
    assert {apply(change, value=1.5) for change in value_spoilers(1.5, comparator=wide)} == {None}
    assert 2 not in [apply(change, value=1) for change in value_spoilers(1, 2)]


def test_local_variables_get_other_names() -> None:
    """Names that are global, built in, or arguments stay."""
    source = "T = 1\ndef f(a, *, b=2):\n    x = a + T\n    sum = [y for y in range(x)]\n    return x, sum, b\n"
    renamed = locals_renamed(source)
    assert "x_ = a + T" in renamed
    assert "for y_ in range(x_)" in renamed
    assert "sum =" in renamed
    assert _called(renamed, "f", 1) == _called(source, "f", 1)


def test_a_function_becomes_a_method() -> None:
    """It still calls itself; a program in which the name means something else is left alone."""
    source = "def f(n):\n    return n * f(n - 1) if n else 1\n"
    namespace: dict[str, Any] = {}
    exec(moved_into_a_class(source, "f"), namespace)
    assert namespace["Solution"]().f(4) == 24
    assert "f" not in namespace
    for kept in (
        "f = len\n",
        "def f(f):\n    return f\n",
        "def f():\n    pass\nprint(f)\n",
        "class Solution:\n    pass\n",
    ):
        assert moved_into_a_class(kept, "f") == kept


def test_tests_of_equal_input_are_one_to_a_program() -> None:
    """They have one key, so that they fail together."""
    (problem,) = (problem for problem in problems() if problem.suite.id == "sum-stdio")
    keys = [test.key for test in known_tests(problem).values()]
    assert len(set(keys)) == len({test.stdin for test in problem.suite.tests})


def _called(source: str, name: str, *args: Any) -> Any:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return namespace[name](*args)
