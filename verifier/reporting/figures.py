"""What came of a file of grades: everything that the summary, the page and ``--json`` show."""

from __future__ import annotations

import math

import msgspec

from verifier.reporting.suites import SuiteTally
from verifier.reporting.suspicions import Suspicion, Why
from verifier.reporting.tally import CORRECTNESS, Tally
from verifier.reporting.timeline import Part, merged
from verifier.verdict import Verdict

MOST_SHOWN = 500
_MOST_REASONS = 12
_MANY, _CHEAPER, _LEAST_SECONDS = 20, 10.0, 0.02


class SuiteFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One suite. All but `not_judged` is of judged answers; see `SuiteTally`."""

    suite: str
    answers: int
    not_judged: int
    pass_rate: float
    reward: float
    reward_deviation: float
    credit: float
    baseline: float
    tests: int
    seconds: float
    longest_seconds: float
    retried: int


class ComponentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One component.

    Attributes:
        name: in the policy.
        answers, not_judged: answers that have a figure, and those where it could not be measured.
        mean, deviation: of the figures.
        correlation: with correctness, -1..1; None where one of the two never changes.
    """

    name: str
    answers: int
    not_judged: int
    mean: float
    deviation: float
    correlation: float | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Everything.

    Attributes:
        without_step: judged answers that are in no part, since they have no step and others have.
        has_steps: parts are ranges of steps; else ranges of rows, in the order of the file.
        total: the whole run as one part.
        begin, middle, end: its thirds; None where there are fewer than three parts.
        latest: its last tenth, one part at least.
        parts: the run, cut into parts.
        suites: those with the most answers, `MOST_SHOWN` of them.
        suites_in_all: how many there are.
        never_passed, always_passed: suites with 8 judged answers or more, of which none or all passed.
        components: correctness first.
        suspicious: passes worth a look by reason, and examples.
        not_judged, no_code: messages with how often they occurred.
    """

    rows: int
    without_step: int
    has_steps: bool
    total: Part
    begin: Part | None
    middle: Part | None
    end: Part | None
    latest: Part
    parts: list[Part]
    suites: list[SuiteFigures]
    suites_in_all: int
    never_passed: int
    always_passed: int
    components: list[ComponentFigures]
    suspicious: dict[Why, int]
    examples: list[Suspicion]
    not_judged: list[tuple[str, int]]
    no_code: list[tuple[str, int]]

    @property
    def judged(self) -> int:
        """How many answers have a reward."""
        return self.total.rewards.count

    @property
    def unit(self) -> str:
        """What parts are ranges of."""
        return "step" if self.has_steps else "row"


def pass_rate(part: Part) -> float:
    """Return the share of judged answers that were accepted."""
    return part.verdicts.get(Verdict.ACCEPTED, 0) / part.rewards.count if part.rewards.count else 0.0


def figures_of(tally: Tally) -> Figures:
    """Return what came of the grades so far. The tally may go on afterwards.

    Raises:
        ValueError: there are none.
    """
    parts = tally.parts()
    third = len(parts) // 3
    total = merged(tally.in_order.timeline.parts())
    total.first, total.last = parts[0].first, parts[-1].last
    judged = [suite for suite in tally.suites.values() if suite.rewards.count]
    enough = [suite for suite in judged if suite.rewards.count >= 8]
    shown = sorted(judged, key=lambda suite: (-suite.rewards.count, suite.suite))[:MOST_SHOWN]
    found = _of_suites(judged)
    return Figures(
        rows=tally.rows,
        has_steps=tally.has_steps,
        without_step=tally.judged - tally.by_step.judged if tally.has_steps else 0,
        total=total,
        begin=merged(parts[:third]) if third else None,
        middle=merged(parts[third:-third]) if third else None,
        end=merged(parts[-third:]) if third else None,
        latest=merged(parts[-max(1, len(parts) // 10) :]),
        parts=parts,
        suites=[_suite(suite) for suite in shown],
        suites_in_all=len(judged),
        never_passed=sum(not suite.accepted for suite in enough),
        always_passed=sum(suite.accepted == suite.rewards.count for suite in enough),
        components=_components(tally),
        suspicious={
            why: count
            for why in Why
            if (count := tally.suspicions.counts[why] + sum(example.why is why for example in found))
        },
        examples=sorted(
            tally.suspicions.examples() + found[:MOST_SHOWN], key=lambda example: list(Why).index(example.why)
        ),
        not_judged=tally.not_judged.most_common(_MOST_REASONS),
        no_code=tally.no_code.most_common(_MOST_REASONS),
    )


def _suite(suite: SuiteTally) -> SuiteFigures:
    judged = suite.rewards.count
    return SuiteFigures(
        suite=suite.suite,
        answers=judged,
        not_judged=suite.not_judged,
        pass_rate=suite.accepted / judged,
        reward=suite.rewards.mean,
        reward_deviation=suite.rewards.deviation,
        credit=suite.credits.mean,
        baseline=suite.baseline,
        tests=suite.tests,
        seconds=suite.seconds.mean,
        longest_seconds=suite.longest_seconds,
        retried=suite.retried,
    )


def _components(tally: Tally) -> list[ComponentFigures]:
    ordered = sorted(tally.components.items(), key=lambda item: (item[0] != CORRECTNESS, item[0]))
    return [
        ComponentFigures(
            name=name,
            answers=component.figures.count,
            not_judged=component.not_judged,
            mean=component.figures.mean,
            deviation=component.figures.deviation,
            correlation=None if name == CORRECTNESS else component.with_correctness.correlation,
        )
        for name, component in ordered
    ]


def _of_suites(suites: list[SuiteTally]) -> list[Suspicion]:
    """Find passes that only the other answers to their suite make worth a look."""
    found = []
    for suite in suites:
        if suite.first is not None and suite.accepted == 1 and suite.rewards.count >= _MANY:
            found.append(Suspicion(suite.first, Why.ONLY_ONE, f"{suite.rewards.count} answers, one passed"))
        if suite.cheapest is not None and suite.costs.count >= _MANY:
            cost, answer = suite.cheapest
            usual = math.exp(suite.costs.mean)
            if usual >= _LEAST_SECONDS and cost * _CHEAPER <= usual:
                found.append(Suspicion(answer, Why.CHEAP, f"{cost:.3f} s of processor time, {usual:.3f} s are usual"))
    return found


def data_of(figures: Figures) -> dict[str, object]:
    """Return everything as plain data for JSON, with names that explain themselves."""
    return {
        "rows": figures.rows,
        "without_step": figures.without_step,
        "parts_are": f"{figures.unit}s",
        "total": _part(figures.total),
        "begin": None if figures.begin is None else _part(figures.begin),
        "middle": None if figures.middle is None else _part(figures.middle),
        "end": None if figures.end is None else _part(figures.end),
        "latest": _part(figures.latest),
        "parts": [_part(part) for part in figures.parts],
        "suites_in_all": figures.suites_in_all,
        "never_passed": figures.never_passed,
        "always_passed": figures.always_passed,
        "suites": msgspec.to_builtins(figures.suites),
        "components": msgspec.to_builtins(figures.components),
        "suspicious": msgspec.to_builtins(figures.suspicious),
        "suspicious_examples": [
            {**msgspec.to_builtins(example.answer), "why": str(example.why), "detail": example.detail}
            for example in figures.examples
        ],
        "not_judged_reasons": dict(figures.not_judged),
        "no_code_reasons": dict(figures.no_code),
    }


def _part(part: Part) -> dict[str, object]:
    judged = part.rewards.count
    return {
        "first": part.first,
        "last": part.last,
        "judged": judged,
        "not_judged": part.not_judged,
        "mean_reward": part.rewards.mean if judged else None,
        "reward_deviation": part.rewards.deviation if judged else None,
        "pass_rate": pass_rate(part) if judged else None,
        "verdicts": {str(verdict): part.verdicts[verdict] for verdict in reversed(Verdict) if verdict in part.verdicts},
        "rewards": [[round(cell * part.paid.width, 6), part.paid.cells[cell]] for cell in sorted(part.paid.cells)],
        "components": {name: spread.mean for name, spread in part.components.items()},
        "groups": part.groups,
        "zero_variance_groups": part.flat_groups,
    }
