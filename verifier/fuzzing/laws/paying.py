"""Laws of targets: every answer is paid one finite reward, always the same."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import strategies as st

from testsuites.model import ScriptSuite
from verifier.fuzzing.fences import fenced
from verifier.fuzzing.law import Law, Setting
from verifier.fuzzing.laws.bench import Bench, broken, paid
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies import answers, broken_answers, failable, failing, right_variants, spoilt
from verifier.fuzzing.strategies.programs import nulls

_SEEDS = (1, 2, 4294967295)
_ODD = (
    *("\ud800", "```python\nprint('\ud800')\n```\n", "\0" * 10_000, "```python\nx = '\0'\n```\n"),
    *("x" * 1_000_000, "(" * 100_000, "```\n" * 50_000, f"```python\n{'x = 1' * 50_000}\n```\n"),
)
"""Texts that are no Unicode, and giants."""


class Case(msgspec.Struct, frozen=True):
    """Answers to one problem."""

    bench: Bench
    problem: Problem
    answers: tuple[str, ...]


def _text(problem: Problem) -> st.SearchStrategy[tuple[str]]:
    """Make any text, sensible answers among it."""
    texts = st.sampled_from(_ODD), broken_answers(), answers(problem.reference), _sensible(problem)
    return st.tuples(st.one_of(texts))


def _sensible(problem: Problem) -> st.SearchStrategy[str]:
    """Make answers that are right, wrong and in part right, none of which takes long."""
    programs = [right_variants(problem), nulls(problem)]
    if failable(problem):
        programs += [failing(problem, quick=True), spoilt(problem)]
    return st.one_of(programs).map(fenced)


def _one(problem: Problem) -> st.SearchStrategy[tuple[str]]:
    return st.tuples(_sensible(problem))


def _two(problem: Problem) -> st.SearchStrategy[tuple[str, str]]:
    """Make an answer, and what is answered in between, most often the reference."""
    return st.tuples(_sensible(problem), st.just(fenced(problem.reference)) | _sensible(problem))


def _cases(setting: Setting, made: Callable[[Problem], st.SearchStrategy[Any]]) -> st.SearchStrategy[Case]:
    """Make problems that the target carries, each with the answers that `made` makes for it."""
    bench = Bench(setting)
    return bench.problems().flatmap(lambda problem: st.builds(Case, st.just(bench), st.just(problem), made(problem)))


def _is_finite(setting: Setting, case: Case) -> None:
    low, high = setting.target.range
    reward = case.bench.pay(case.problem, case.answers[0])
    if reward is not None and not (math.isfinite(reward) and low <= reward <= high):
        raise broken(f"paid {reward!r}, and the range is {low:g} to {high:g}", case.problem, *case.answers)


def _never_raises(_: Setting, case: Case) -> None:
    case.bench.pay(case.problem, case.answers[0])


def _is_deterministic(_: Setting, case: Case) -> None:
    answer, between = case.answers
    first = case.bench.pay(case.problem, answer)
    case.bench.pay(case.problem, between)
    second = case.bench.pay(case.problem, answer)
    if not _same(first, second):
        raise broken(f"paid {first!r}, then {second!r} after another answer", case.problem, answer, between)


def _orders(setting: Setting) -> st.SearchStrategy[tuple[Case, Any]]:
    """Make cases with a permutation of the tests; test code may build on the tests before it."""

    def permuted(case: Case) -> st.SearchStrategy[tuple[Case, Any]]:
        return st.tuples(st.just(case), st.permutations(case.problem.suite.tests))

    cases = _cases(setting, _one)
    return cases.filter(lambda case: not isinstance(case.problem.suite, ScriptSuite)).flatmap(permuted)


def _ignores_order(_: Setting, case: tuple[Case, Any]) -> None:
    tried, tests = case
    suite: Any = msgspec.structs.replace(tried.problem.suite, tests=tuple(tests))
    given = tried.bench.pay(tried.problem, tried.answers[0])
    permuted = tried.bench.pay(tried.problem, tried.answers[0], suite)
    if not _same(given, permuted):
        told = f"paid {given!r}, and {permuted!r} with the tests in another order"
        raise broken(told, tried.problem, *tried.answers)


def _seeds(setting: Setting) -> st.SearchStrategy[tuple[int, list[Case]]] | None:
    """Make several cases for each seed: a renewed target may take a second to start."""
    renewed = setting.target.renewed(_SEEDS[0])
    if renewed is None:
        return None
    renewed.close()
    return st.tuples(st.sampled_from(_SEEDS), st.lists(_cases(setting, _one), min_size=2, max_size=6))


def _ignores_hash_seed(setting: Setting, case: tuple[int, list[Case]]) -> None:
    seed, tried = case
    renewed = setting.target.renewed(seed)
    if renewed is None:
        return
    with contextlib.closing(renewed):
        for each in tried:
            given = each.bench.pay(each.problem, each.answers[0])
            other = paid(renewed, each.problem, each.answers[0])
            if not _same(given, other):
                raise broken(f"paid {given!r}, and {other!r} under hash seed {seed}", each.problem, *each.answers)


def _same(reward: float | None, other: float | None) -> bool:
    """Tell whether two rewards are the same but for the order of a sum; NaN is the same as NaN."""
    if reward is None or other is None:
        return reward is other
    return math.isclose(reward, other, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(reward) and math.isnan(other))


PAYING: tuple[Law[Setting], ...] = (
    Law(
        name="rewards-are-finite-and-in-range",
        says="Whatever is answered, the reward is a finite number in the range.",
        cases=lambda setting: _cases(setting, _text),
        check=_is_finite,
    ),
    Law(
        name="never-raises",
        says="Whatever is answered, lone surrogates and a million characters included, there is a reward.",
        cases=lambda setting: _cases(setting, _text),
        check=_never_raises,
    ),
    Law(
        name="deterministic",
        says="The same answer gets the same reward again, whatever was answered in between.",
        cases=lambda setting: _cases(setting, _two),
        check=_is_deterministic,
    ),
    Law(
        name="test-order-does-not-matter",
        says="The reward stays the same when the tests of the suite change places.",
        cases=_orders,
        check=_ignores_order,
    ),
    Law(
        name="hash-seed-does-not-matter",
        says="The reward is the same in new processes with another PYTHONHASHSEED.",
        cases=_seeds,
        check=_ignores_hash_seed,
    ),
)
