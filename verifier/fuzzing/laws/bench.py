"""Where the laws of targets try their cases: problems, what the reference of each is paid, and how a break is told."""

from __future__ import annotations

import math

from hypothesis import reject
from hypothesis import strategies as st

from testsuites.model import AnySuite
from verifier.extraction import is_python
from verifier.fuzzing.fences import fenced
from verifier.fuzzing.law import LawBroken, Setting
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies import failable, fails, made_problems, needs_thought
from verifier.fuzzing.target import Target, TargetBroken

_LONGEST_SHOWN = 4000


class Bench:
    """What the cases of one check of one law share. What references are paid is asked for once."""

    def __init__(self, setting: Setting) -> None:
        """Use the problems of a setting, and such that Hypothesis makes."""
        self.target = setting.target
        self._given = [each for each in setting.problems if is_python(each.suite.language)]
        self._tops: dict[str, float | None] = {}
        self._floors: dict[str, float] = {}

    def problems(self) -> st.SearchStrategy[Problem]:
        """Problems that the target carries: given ones, and made ones. Shrinks to the first of those given."""
        made = made_problems().filter(lambda problem: self.target.carries(problem.suite))
        given = [problem for problem in self._given if self.target.carries(problem.suite)]
        return st.sampled_from(given) | made if given else made

    def thoughtful_problems(self) -> st.SearchStrategy[Problem]:
        """Those of them to which no constant is a right answer."""
        return self.problems().filter(needs_thought)

    def failable_problems(self, *, tests: int = 1) -> st.SearchStrategy[Problem]:
        """Those of them of which so many tests can be failed alone."""
        return self.problems().filter(lambda problem: len(failable(problem)) >= tests)

    def pay(self, problem: Problem, answer: str, suite: AnySuite | None = None) -> float | None:
        """Ask the target.

        Args:
            problem: the problem.
            answer: what is answered to it.
            suite: another suite in place of the problem's own.

        Raises:
            LawBroken: there is no reward.
        """
        return paid(self.target, problem, answer, suite)

    def top(self, problem: Problem) -> float:
        """Return what the reference is paid; without that the case says nothing, and is left out."""
        digest = problem.suite.digest
        if digest not in self._tops:
            self._tops[digest] = self.pay(problem, fenced(problem.reference))
        top = self._tops[digest]
        return reject() if top is None or math.isnan(top) else top

    def floor(self, problem: Problem) -> float:
        """Return the most that is paid for a program that does nothing, or for one that fails one test."""
        digest = problem.suite.digest
        if digest not in self._floors:
            numbers = failable(problem)
            programs = ["pass\n", *(fails(problem, {number}) for number in numbers[-1:])]
            rewards = [self.pay(problem, fenced(program)) for program in programs]
            self._floors[digest] = max((reward for reward in rewards if reward is not None), default=-math.inf)
        return self._floors[digest]


def paid(target: Target, problem: Problem, answer: str, suite: AnySuite | None = None) -> float | None:
    """Ask a target for a reward, as `Bench.pay`.

    Raises:
        LawBroken: there is none.
    """
    try:
        return target.pay(answer, suite or problem.suite)
    except TargetBroken as error:
        raise broken(f"the target gave no reward: {error}", problem, answer) from None


def broken(told: str, problem: Problem, *answers: str) -> LawBroken:
    """Make the error that tells of a broken law; answers are shown up to their first 4,000 characters."""
    shown = [
        (answer or "(an empty answer)")
        if len(answer) <= _LONGEST_SHOWN
        else f"{answer[:_LONGEST_SHOWN]}... ({len(answer):,} characters)"
        for answer in answers
    ]
    return LawBroken(told, example="\n--- and ---\n".join(shown), problem=problem.suite.id)
