"""Proved gaps become tests: the fewest that refuse every wrong program which the suite accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from testsuites import AnySuite, CallTest, ScriptTest, StdioTest, SuiteInvalid
from testsuites.appending import with_tests
from testsuites.rules import check_suite
from verifier.calibrating.bench import Bench
from verifier.calibrating.gold import Gold, examine, limited
from verifier.calibrating.observing import AnyInput, input_key
from verifier.calibrating.separating import Gap
from verifier.calibrating.tests_from_gaps import free_names, test_of
from verifier.calibrating.trials import Trials, finished
from verifier.verdict import Verdict

_Test = StdioTest | CallTest | ScriptTest


class Hardening(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a suite's gaps.

    Attributes:
        tests: to be added to the suite.
        closed: names of the programs that it refuses then.
        open: names of the others: no test for them is accepted by every right program.
    """

    tests: tuple[_Test, ...] = ()
    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Without tests."""
        return f"Hardening({len(self.tests)} tests, {len(self.closed)} closed, {len(self.open)} open)"


class _Candidate(msgspec.Struct, frozen=True, eq=False):
    """An input that may become a test, and the programs that it refuses."""

    input: AnyInput
    output: Any
    kills: frozenset[str]


def harden(
    suite: AnySuite, reference: str, gaps: Sequence[Gap], bench: Bench, *, second_references: Sequence[str] = ()
) -> Hardening:
    """Choose tests for a suite, few and small, and check them.

    The suite with these tests accepts the reference, repeatedly and under two hash seeds, and every other right program
    as far as it did before; each program of `closed` was judged by it and refused.

    Args:
        suite: the suite, which accepts the reference and all programs of the gaps.
        reference: a right program.
        gaps: what was proved (`verifier.calibrating.separating.separate`).
        bench: what to run programs with.
        second_references: other right programs.

    Raises:
        SandboxError: the sandbox's own fault.
    """
    candidates = _sound(suite, _candidates(suite, reference, gaps, bench), [reference, *second_references], bench)
    chosen = _fewest(candidates)
    tests = _tests(suite, chosen)
    hardened = with_tests(suite, tests)
    gold = examine(hardened, reference, bench) if tests else Gold(problem="no test stands")
    if gold.problem:
        return Hardening(open=tuple(gap.mutant.name for gap in gaps))
    quick = limited(hardened, gold)
    accepted = bench.each(lambda gap: bench.accepts(quick, gap.mutant.source), gaps)
    names = [(gap.mutant.name, still) for gap, still in zip(gaps, accepted, strict=True)]
    return Hardening(
        tests=tests,
        closed=tuple(name for name, still in names if not still),
        open=tuple(name for name, still in names if still),
    )


def _candidates(suite: AnySuite, reference: str, gaps: Sequence[Gap], bench: Bench) -> list[_Candidate]:
    """Return the inputs of all gaps, each once, with all programs that differ on them."""
    found = {input_key(gap.input): gap for gap in gaps}
    inputs = [gap.input for gap in found.values()]
    trials = Trials(suite, reference, (), (), bench.sandbox)
    answers = [finished(gap.output) for gap in found.values()]
    differing = bench.each(lambda gap: trials.differences(gap.mutant, inputs, answers), gaps)
    killed: list[set[str]] = [set() for _ in inputs]
    for gap, numbers in zip(gaps, differing, strict=True):
        for number in numbers:
            killed[number].add(gap.mutant.name)
    return [
        _Candidate(gap.input, gap.output, frozenset(names))
        for gap, names in zip(found.values(), killed, strict=True)
        if names
    ]


def _sound(suite: AnySuite, candidates: Sequence[_Candidate], right: Sequence[str], bench: Bench) -> list[_Candidate]:
    """Return the candidates whose tests every right program passes, under both hash seeds."""
    left = [candidate for candidate in candidates if _is_valid(suite, candidate)]
    tests = _tests(suite, left)
    failed: set[str] = set()
    for source in right if tests else ():
        for other_hash_seed in (False, True):
            try:
                report = bench.report(with_tests(suite, tests), source, other_hash_seed=other_hash_seed)
            except SuiteInvalid:
                return []
            failed |= {result.name for result in report.tests if result.verdict is not Verdict.ACCEPTED}
    return [candidate for candidate, test in zip(left, tests, strict=True) if test.name not in failed]


def _is_valid(suite: AnySuite, candidate: _Candidate) -> bool:
    try:
        check_suite(with_tests(suite, _tests(suite, [candidate])), suite.id)
    except (SuiteInvalid, ValueError):
        return False
    return True


def _fewest(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return a few candidates that kill all that any kills: always the one that kills most of what is left."""
    chosen = []
    left = frozenset[str]().union(*(candidate.kills for candidate in candidates))
    while left:
        best = min(candidates, key=lambda candidate: (-len(candidate.kills & left), len(input_key(candidate.input))))
        chosen.append(best)
        left -= best.kills
    return chosen


def _tests(suite: AnySuite, candidates: Sequence[_Candidate]) -> tuple[_Test, ...]:
    names = free_names([test.name for test in suite.tests], len(candidates))
    return tuple(
        test_of(suite, candidate.input, candidate.output, name)
        for candidate, name in zip(candidates, names, strict=True)
    )
