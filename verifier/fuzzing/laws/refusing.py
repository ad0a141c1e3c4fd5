"""Laws of targets: what is wrong is never paid as right."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from hypothesis import reject
from hypothesis import strategies as st

from testsuites.model import AnySuite
from verifier.fuzzing.fences import fenced
from verifier.fuzzing.law import Law, Setting
from verifier.fuzzing.laws.bench import Bench, broken
from verifier.fuzzing.laws.paying import Case
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies import answers, corrupted, failable, failing, hostile, nulls, right_variants, spoilt
from verifier.fuzzing.strategies.failing import RAISES, fails, spoilers
from verifier.fuzzing.strategies.wrapping import known_tests

Programs = Callable[[Problem], st.SearchStrategy[str]]


class Corruption(msgspec.Struct, frozen=True):
    """A problem, and its suite with one expected output changed by an expression."""

    bench: Bench
    problem: Problem
    suite: AnySuite
    change: str


def _wrong(bench: Bench, problems: st.SearchStrategy[Problem], programs: Programs) -> st.SearchStrategy[Case]:
    return problems.flatmap(
        lambda problem: st.builds(Case, st.just(bench), st.just(problem), st.tuples(programs(problem).map(fenced)))
    )


def _nulls(setting: Setting) -> st.SearchStrategy[Case]:
    bench = Bench(setting)
    return _wrong(bench, bench.thoughtful_problems(), lambda problem: nulls(problem, blind=True))


def _hostile(setting: Setting) -> st.SearchStrategy[Case]:
    bench = Bench(setting)
    return _wrong(bench, bench.thoughtful_problems(), lambda problem: hostile(problem.suite))


def _spoilt(setting: Setting) -> st.SearchStrategy[Case]:
    bench = Bench(setting)
    return _wrong(bench, bench.failable_problems(), spoilt)


def _is_refused(_: Setting, case: Case) -> None:
    reward = case.bench.pay(case.problem, case.answers[0])
    top = case.bench.top(case.problem)
    if reward is not None and reward >= top:
        raise broken(f"a wrong program is paid {reward!r}, and the reference {top!r}", case.problem, *case.answers)


def _corruptions(setting: Setting) -> st.SearchStrategy[Corruption]:
    def spoiled(problem: Problem) -> st.SearchStrategy[Corruption]:
        numbers = st.sampled_from(sorted(known_tests(problem)))
        return numbers.flatmap(lambda number: _changed(bench, problem, number))

    bench = Bench(setting)
    return bench.failable_problems().flatmap(spoiled)


def _changed(bench: Bench, problem: Problem, number: int) -> st.SearchStrategy[Corruption]:
    changes = st.sampled_from(spoilers(problem, known_tests(problem)[number]))
    return changes.map(lambda change: Corruption(bench, problem, corrupted(problem, number, change), change))


def _fails_the_reference(_: Setting, case: Corruption) -> None:
    if not case.bench.target.carries(case.suite):
        reject()
    answer = fenced(case.problem.reference)
    reward = case.bench.pay(case.problem, answer, case.suite)
    top = case.bench.top(case.problem)
    if reward is not None and reward >= top:
        told = f"the reference is paid {reward!r}, also where a test expects {case.change}"
        raise broken(told, case.problem, answer)


def _more_failures(setting: Setting) -> st.SearchStrategy[Case]:
    """Make two programs: one fails the tests that the other fails, and more."""

    @st.composite
    def two(draw: st.DrawFn, problem: Problem) -> tuple[str, ...]:
        numbers = draw(st.permutations(failable(problem)))
        fewer = draw(st.integers(1, len(numbers) - 1))
        more = draw(st.integers(fewer + 1, len(numbers)))
        action = draw(st.sampled_from(["", RAISES]))
        return tuple(fenced(fails(problem, set(numbers[:count]), action)) for count in (fewer, more))

    bench = Bench(setting)
    problems = bench.failable_problems(tests=2)
    return problems.flatmap(lambda problem: st.builds(Case, st.just(bench), st.just(problem), two(problem)))


def _pays_no_more(_: Setting, case: Case) -> None:
    fewer, more = (case.bench.pay(case.problem, answer) for answer in case.answers)
    if fewer is not None and more is not None and not more <= fewer + 1e-9:
        told = f"the first program is paid {fewer!r}; the second, which fails one more test or several, {more!r}"
        raise broken(told, case.problem, *case.answers)


def _dressed(setting: Setting) -> st.SearchStrategy[Case]:
    """Make a failing program and a right one, each in any form of an answer."""

    def two(problem: Problem) -> st.SearchStrategy[tuple[str, str]]:
        return st.tuples(failing(problem).flatmap(answers), right_variants(problem).flatmap(answers))

    bench = Bench(setting)
    problems = bench.failable_problems()
    return problems.flatmap(lambda problem: st.builds(Case, st.just(bench), st.just(problem), two(problem)))


def _never_reaches(_: Setting, case: Case) -> None:
    failing_pay, passing_pay = (case.bench.pay(case.problem, answer) for answer in case.answers)
    if failing_pay is not None and passing_pay is not None and not failing_pay < passing_pay:
        told = (
            f"the first answer fails a test and is paid {failing_pay!r}; the second is right and paid {passing_pay!r}"
        )
        raise broken(told, case.problem, *case.answers)


REFUSING: tuple[Law[Setting], ...] = (
    Law(
        name="null-programs-earn-nothing",
        says="A program that does nothing, or answers a constant, is paid less than the reference.",
        cases=_nulls,
        check=_is_refused,
    ),
    Law(
        name="hostile-programs-are-refused",
        says="A program that exits, lies about being equal, floods or never ends is paid less than the reference.",
        cases=_hostile,
        check=_is_refused,
    ),
    Law(
        name="one-wrong-token-is-refused",
        says="One wrong digit, letter, word, line or item in the output of one test costs the full reward.",
        cases=_spoilt,
        check=_is_refused,
    ),
    Law(
        name="corrupted-expectation-fails-the-reference",
        says="The reference is paid less on a suite of which one expected output was changed.",
        cases=_corruptions,
        check=_fails_the_reference,
    ),
    Law(
        name="one-more-failing-test-never-pays-more",
        says="A program that fails the same tests and others as well is paid no more.",
        cases=_more_failures,
        check=_pays_no_more,
    ),
    Law(
        name="failing-never-reaches-passing",
        says="A program that fails a test is paid less than a right one, whatever stands around either.",
        cases=_dressed,
        check=_never_reaches,
    ),
)
