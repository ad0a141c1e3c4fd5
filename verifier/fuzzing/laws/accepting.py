"""Laws of targets: what is right is paid as right, however it is written down."""

from __future__ import annotations

from hypothesis import strategies as st

from verifier.fuzzing.fences import fenced
from verifier.fuzzing.law import Law, Setting
from verifier.fuzzing.laws.bench import Bench, broken
from verifier.fuzzing.laws.paying import Case
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies import answers, right_variants
from verifier.fuzzing.strategies.failing import unchanged
from verifier.fuzzing.strategies.variants import ignored_layouts
from verifier.fuzzing.strategies.wrapping import wrapped


def _references(setting: Setting) -> st.SearchStrategy[Case]:
    """Make the reference in other words, and in any form of an answer; one of both is the plain one most often."""

    def dressed(problem: Problem) -> st.SearchStrategy[tuple[str]]:
        plainly_written = right_variants(problem).map(fenced)
        return st.tuples(answers(problem.reference) | plainly_written | right_variants(problem).flatmap(answers))

    bench = Bench(setting)
    return bench.problems().flatmap(lambda problem: st.builds(Case, st.just(bench), st.just(problem), dressed(problem)))


def _accepts(_: Setting, case: Case) -> None:
    reward = case.bench.pay(case.problem, case.answers[0])
    if reward is None:
        raise broken("a right answer was not judged", case.problem, *case.answers)
    floor = case.bench.floor(case.problem)
    if not reward > floor:
        raise broken(f"paid {reward!r}, and a wrong program is paid {floor!r}", case.problem, *case.answers)


def _layouts(setting: Setting) -> st.SearchStrategy[Case]:
    """Make the reference with an output that is laid out otherwise, and the same program with its own output."""

    def both(problem: Problem) -> st.SearchStrategy[tuple[str, ...]]:
        changes = st.sampled_from(ignored_layouts(problem))
        return changes.map(lambda change: (fenced(wrapped(problem, change)), fenced(unchanged(problem))))

    bench = Bench(setting)
    problems = bench.problems().filter(lambda problem: bool(ignored_layouts(problem)))
    return problems.flatmap(lambda problem: st.builds(Case, st.just(bench), st.just(problem), both(problem)))


def _ignores_formatting(_: Setting, case: Case) -> None:
    reward, usual = (case.bench.pay(case.problem, answer) for answer in case.answers)
    if reward is not None and usual is not None and not reward >= usual:
        told = f"paid {reward!r}, and {usual!r} without a change of the output that the comparator ignores"
        raise broken(told, case.problem, case.answers[0])


ACCEPTING: tuple[Law[Setting], ...] = (
    Law(
        name="reference-is-accepted",
        says="A right program is paid more than a wrong one, in every form of docs/answers.md and however written.",
        cases=_references,
        check=_accepts,
    ),
    Law(
        name="ignored-formatting-does-not-matter",
        says="Blanks at the ends of lines, CRLF, empty last lines, and a tuple for a list cost nothing.",
        cases=_layouts,
        check=_ignores_formatting,
    ),
)
