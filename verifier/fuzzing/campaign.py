"""A campaign against a target: its references, the exploits, the laws, and the smallest programs that fool it.

    gate      is the reference of each problem accepted? Otherwise nothing can be measured on it
    exploits  half of the time; whatever has its turn when time is up is counted as not tried
    laws      each gets an equal part of what is left, but for a reserve
    reducing  the reserve, and what is left over: one program for each row that fooled the target

Everything gets its share, and what one part does not need goes to the next.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, cast

import msgspec

from verifier.fuzzing.attacking import Attempt, Result, attack, selected, untried_attempt
from verifier.fuzzing.exploits import UNUSABLE, Entry, problem, problems
from verifier.fuzzing.gating import Gate, gate
from verifier.fuzzing.law import Law, Setting
from verifier.fuzzing.scorecard import LawScore, Scorecard, law_score
from verifier.fuzzing.shrinking import Reducer, for_reducing
from verifier.fuzzing.targets import BaseTarget, Part, TargetError

SECONDS = 60.0
EXAMPLES = 100

_EXPLOITS, _REDUCING = 0.5, 0.15
"""Shares of the time: for exploits, and kept for reducing where one fooled the target. The laws have the rest."""


class Step(msgspec.Struct, frozen=True):
    """How far a campaign is.

    Attributes:
        phase: ``references``, ``exploits``, ``laws`` or ``reducing``.
        done, total: parts of the phase.
        last: what was done last.
    """

    phase: str
    done: int
    total: int
    last: str


Progress = Callable[[Step], None]


def run(
    subject: BaseTarget | Part,
    *,
    seconds: float = SECONDS,
    seed: int = 0,
    examples: int = EXAMPLES,
    harmful: bool | None = None,
    laws: Sequence[Law[Any]] | None = None,
    only: str = "",
    progress: Progress = lambda step: None,
) -> Scorecard:
    """Attack a target, or try the laws of a part.

    Args:
        subject: what `targets.open_subject` opened.
        seconds: time for exploits, laws and reducing. A case under way is waited for.
        seed: of everything that is drawn.
        examples: most cases for each law.
        harmful: try exploits that harm a machine without protection; None: where the target is not exposed.
        laws: those to check; None: all that there are for such a subject.
        only: a regular expression for ids of exploits, such as ``^A1/``, and names of laws.
        progress: told of every step.

    Raises:
        TargetError: no reference is accepted, so nothing can be measured; or nothing is selected.
    """
    try:
        re.compile(only)
    except re.error as error:
        raise TargetError(f"only: {only!r} is no regular expression: {error}") from None
    campaign = _Campaign(subject, seed, progress)
    chosen = tuple(law for law in (laws_of(subject) if laws is None else laws) if re.search(only, law.name))
    entries = [] if isinstance(subject, Part) else selected(only)
    if not chosen and not entries:
        raise TargetError(f"no exploit and no law matches {only!r}")
    try:
        if isinstance(subject, BaseTarget):
            of_laws = {each.suite.id for each in problems()} if chosen else set()
            campaign.measure({suite for entry in entries for suite in entry.suites} | of_laws)
        campaign.start(seconds)
        if isinstance(subject, BaseTarget):
            share = _EXPLOITS if chosen else 1 - _REDUCING
            campaign.attack(entries, not subject.exposed if harmful is None else harmful, share)
        campaign.check(chosen, examples)
        campaign.reduce()
    except KeyboardInterrupt:
        campaign.interrupted = True
    return campaign.scorecard(entries, chosen)


def laws_of(subject: BaseTarget | Part) -> tuple[Law[Any], ...]:
    """Return the laws that such a subject has to keep."""
    from verifier.fuzzing import laws

    kind = subject.kind if isinstance(subject, Part) else "target"
    by_kind: dict[str, tuple[Law[Any], ...]] = {
        "target": laws.TARGET_LAWS,
        "policy": laws.POLICY_LAWS,
        "comparator": laws.COMPARATOR_LAWS,
        "extractor": laws.EXTRACTOR_LAWS,
    }
    return by_kind[kind]


class _Campaign:
    """Holds what was found so far, so that an interrupt loses nothing."""

    def __init__(self, subject: BaseTarget | Part, seed: int, progress: Progress) -> None:
        self.interrupted = False
        self._subject = subject
        self._seed = seed
        self._progress = progress
        self._begin = time.monotonic()
        self._end = math.inf
        self._gate = Gate(measured={}, left_out={}, refused=())
        self._attempts: list[Attempt] = []
        self._laws: list[LawScore] = []

    def measure(self, suites: set[str]) -> None:
        """Try the references.

        Raises:
            TargetError: none is accepted.
        """
        target = self._target()
        tried = [problem(suite) for suite in sorted(suites - UNUSABLE)]
        told = self._counter("references", len(tried))
        self._gate = gate(target, tried, told)
        if not self._gate.measured:
            raise TargetError(f"{target.name}: {self._gate.problem}")

    def start(self, seconds: float) -> None:
        """Start the clock."""
        self._end = time.monotonic() + seconds

    def attack(self, entries: Sequence[Entry], harmful: bool, share: float) -> None:
        """Try exploits, for that share of the time."""
        told = self._counter("exploits", len(entries))
        until = time.monotonic() + self._left() * share
        for attempt in attack(self._target(), entries, self._gate.measured, harmful=harmful, until=until):
            self._attempts.append(attempt)
            told(attempt.id)
        self._target().refresh()

    def check(self, laws: Sequence[Law[Any]], examples: int) -> None:
        """Check laws, each in an equal part of what is left."""
        from verifier.fuzzing.checking import check

        if not laws:
            return
        setting = self._setting()
        told = self._counter("laws", len(laws))
        fooled = any(each.result is Result.FOOLED for each in self._attempts)
        reserve = self._left() * _REDUCING / (1 - _EXPLOITS) if fooled else 0.0
        for number, law in enumerate(laws):
            seconds = max(0.0, self._left() - reserve) / (len(laws) - number)
            if isinstance(self._subject, BaseTarget):
                self._subject.refresh()  # hostile cases of one law are not to break the next
            finding = check(law, setting, examples=examples, seed=self._seed, seconds=seconds)
            self._laws.append(law_score(law, finding))
            told(law.name)

    def reduce(self) -> None:
        """Reduce the exploits that fooled the target, one of each row first, as long as there is time."""
        fooled = for_reducing(self._attempts)
        if not fooled:
            return
        told = self._counter("reducing", len(fooled))
        with Reducer(self._target(), self._gate.measured) as reducer:
            for number, attempt in enumerate(fooled):
                seconds = self._left() / (len(fooled) - number)
                if seconds > 0:
                    self._attempts[self._attempts.index(attempt)] = reducer.reduced(attempt, seconds)
                told(attempt.id)

    def scorecard(self, entries: Sequence[Entry], laws: Sequence[Law[Any]]) -> Scorecard:
        """Return what was found so far."""
        tried = {each.id for each in self._attempts}
        untried = [untried_attempt(entry) for entry in entries if entry.id not in tried]
        missing = [law_score(law, None) for law in laws[len(self._laws) :]]
        return Scorecard(
            target=self._subject.name,
            seed=self._seed,
            range=self._subject.range if isinstance(self._subject, BaseTarget) else None,
            seconds=time.monotonic() - self._begin,
            reference_paid={suite: each.paid for suite, each in self._gate.measured.items()},
            left_out=self._gate.left_out,
            refused=self._gate.refused,
            attempts=(*self._attempts, *untried),
            laws=(*self._laws, *missing),
            interrupted=self.interrupted,
        )

    def _target(self) -> BaseTarget:
        return cast(BaseTarget, self._subject)  # parts have no exploits

    def _setting(self) -> Any:
        if isinstance(self._subject, Part):
            return self._subject.value
        tried = [each for each in problems() if each.suite.id in self._gate.measured]
        return Setting(target=self._subject, problems=tuple(tried))

    def _left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    def _counter(self, phase: str, total: int) -> Callable[[str], None]:
        """Return what tells the next step of a phase."""
        steps = count(1)
        return lambda last: self._progress(Step(phase, next(steps), total, last))
