"""Grades added up as they come. No row is kept."""

from __future__ import annotations

import re
from collections import Counter

from verifier.reporting.groups import Groups, group_key
from verifier.reporting.rows import GradeRow
from verifier.reporting.spread import Spread, Together
from verifier.reporting.suites import LONGEST_ID, MOST_SUITES, OTHER_SUITES, SuiteTally
from verifier.reporting.suspicions import Suspicions
from verifier.reporting.timeline import Part, Timeline
from verifier.verdict import Verdict

CORRECTNESS = "correctness"
MOST_COMPONENTS = 40
MOST_REASONS = 500
_LONGEST_REASON = 160


class ComponentTally:
    """One component: its figures, how it goes together with correctness, and how often it was not judged."""

    def __init__(self) -> None:
        """Begin with none."""
        self.figures = Spread()
        self.with_correctness = Together()
        self.not_judged = 0

    def add(self, figure: float | None, correctness: float) -> None:
        """Take the figure of one answer."""
        if figure is None:
            self.not_judged += 1
        else:
            self.figures.add(figure)
            self.with_correctness.add(figure, correctness)


class Run:
    """A timeline with the groups that are counted in it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.timeline = Timeline()
        self.judged = 0
        self._groups = Groups()

    def add(self, row: GradeRow, reward: float | None, position: int, components: dict[str, float | None]) -> None:
        """Take one row at its place; `reward` is None where it was not judged."""
        part = self.timeline.at(position)
        if reward is None:
            part.not_judged += 1
            return
        self.judged += 1
        part.verdicts[row.verdict] = part.verdicts.get(row.verdict, 0) + 1
        part.rewards.add(reward)
        part.paid.add(reward)
        for name, figure in components.items():
            if figure is not None:
                if name not in part.components:
                    part.components[name] = Spread()
                part.components[name].add(figure)
        self._groups.add(group_key(row), position, reward, self.timeline.at)


class Tally:
    """Everything that is counted. What `figures.figures_of` needs, in memory that does not grow with the rows."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rows = 0
        self.in_order = Run()
        self.by_step = Run()
        self.suites: dict[str, SuiteTally] = {}
        self.components: dict[str, ComponentTally] = {}
        self.suspicions = Suspicions()
        self.not_judged: Counter[str] = Counter()
        self.no_code: Counter[str] = Counter()

    def add(self, row: GradeRow) -> None:
        """Take one grade."""
        self.rows += 1
        reward = row.reward if row.judged else None
        components = {} if reward is None else self._components(row)
        self.in_order.add(row, reward, self.rows, components)
        if row.step is not None:
            self.by_step.add(row, reward, row.step, components)
        suite = self._suite(row.suite[:LONGEST_ID])
        if reward is None:
            suite.not_judged += 1
            _count(self.not_judged, row.message or "no reason given")
            return
        position = self.rows if row.step is None else row.step
        suite.add(row, reward, position)
        if row.verdict is Verdict.ACCEPTED:
            self.suspicions.add(row, position)
        elif row.verdict is Verdict.NO_CODE:
            _count(self.no_code, row.message or "no reason given")

    @property
    def judged(self) -> int:
        """How many answers have a reward."""
        return self.in_order.judged

    @property
    def has_steps(self) -> bool:
        """Whether more than half of the judged answers have a step. Then the others are on no timeline."""
        return 2 * self.by_step.judged > self.judged

    def parts(self) -> list[Part]:
        """Return the parts of the run, the earliest first: by step where there are steps, else by row."""
        return (self.by_step if self.has_steps else self.in_order).timeline.parts()

    def _components(self, row: GradeRow) -> dict[str, float | None]:
        """Return a row's figures, with the credit where there is no correctness among them, and count them."""
        figures = {CORRECTNESS: row.credit, **row.components}
        correctness = figures[CORRECTNESS]
        for name, figure in list(figures.items()):
            if name not in self.components:
                if len(self.components) >= MOST_COMPONENTS:
                    del figures[name]
                    continue
                self.components[name] = ComponentTally()
            self.components[name].add(figure, row.credit if correctness is None else correctness)
        return figures

    def _suite(self, name: str) -> SuiteTally:
        if name not in self.suites and len(self.suites) >= MOST_SUITES:
            name = OTHER_SUITES
        return self.suites.setdefault(name, SuiteTally(name))


def _count(reasons: Counter[str], message: str) -> None:
    """Count a message; numbers in it are left out, so that messages which differ in them alone are one."""
    reason = re.sub(r"\d+", "N", message[:_LONGEST_REASON])
    if reason not in reasons and len(reasons) >= MOST_REASONS:
        reason = "other reasons"
    reasons[reason] += 1
