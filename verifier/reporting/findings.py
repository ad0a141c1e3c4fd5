"""What to look at, in words. Each rule is one function from figures to findings; a healthy run gets none of concern."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator

import msgspec

from verifier.reporting.figures import Figures
from verifier.reporting.spread import Spread, share, stands_out
from verifier.reporting.suspicions import Why
from verifier.reporting.tally import CORRECTNESS
from verifier.reporting.timeline import Part
from verifier.verdict import Verdict


class Level(enum.StrEnum):
    """How urgent a finding is."""

    ALARM = enum.auto()
    """The run, or its judge, is probably broken."""
    WARNING = enum.auto()
    """Worth a look soon."""
    NOTE = enum.auto()
    """Good to know."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was found.

    Attributes:
        level: how urgent it is.
        title: in a few words.
        text: figures, and what to do.
        place: the section of the page that shows it.
    """

    level: Level
    title: str
    text: str
    place: str


def findings_of(figures: Figures) -> list[Finding]:
    """Return all findings, the most urgent first."""
    found = [finding for rule in _RULES for finding in rule(figures)]
    return sorted(found, key=lambda finding: list(Level).index(finding.level))


def is_healthy(findings: list[Finding]) -> bool:
    """Tell whether nothing asks for a look."""
    return all(finding.level is Level.NOTE for finding in findings)


def _not_judged(figures: Figures) -> Iterator[Finding]:
    missing = figures.total.not_judged
    if missing > 0.01 * figures.rows:
        reason = f" Most often: {figures.not_judged[0][0]}" if figures.not_judged else ""
        text = f"{missing:,} of {figures.rows:,} answers have no reward; below 1% is normal.{reason}"
        yield Finding(Level.ALARM, "Many answers are not judged", text, "chart-judging")


def _violations(figures: Figures) -> Iterator[Finding]:
    count = figures.total.verdicts.get(Verdict.SECURITY_VIOLATION, 0)
    if not count:
        return
    change = _change(figures, _rate_of(Verdict.SECURITY_VIOLATION), 0.005)
    rate = count / figures.judged
    level = Level.ALARM if change > 0 or rate > 0.01 else Level.WARNING if rate > 0.001 else Level.NOTE
    grew = " They become more." if change > 0 else ""
    text = f"{count:,} programs broke the rules of the sandbox ({rate:.2%}).{grew} Read some of them."
    yield Finding(level, "Violations", text, "chart-judging")


def _collapse(figures: Figures) -> Iterator[Finding]:
    best, fall = _fall(figures, _rewards, 0.1)
    if fall:
        text = (
            f"The mean reward fell from {best:+.2f} in its best third to {figures.latest.rewards.mean:+.2f} at the end."
        )
        yield Finding(Level.ALARM, "The reward collapses", text, "reward")
    accepted = _rate_of(Verdict.ACCEPTED)
    best, fewer = _fall(figures, accepted, 0.05)
    if fewer:
        text = f"From {best:.1%} in its best third to {accepted(figures.latest).mean:.1%} at the end."
        yield Finding(Level.ALARM, "The pass rate falls", text, "reward")
    if fewer and _change(figures, _rewards, 0.03) > 0:
        text = "The mean reward rises while fewer answers pass: what is paid is not what is wanted. Look at the policy."
        yield Finding(Level.ALARM, "The reward rises without passes", text, "components")


def _components(figures: Figures) -> Iterator[Finding]:
    correctness = _change(figures, _mean_of(CORRECTNESS), 0.03)
    for component in figures.components:
        if component.name == CORRECTNESS:
            continue
        name = component.name
        change = _change(figures, _mean_of(name), 0.03)
        if change > 0 > correctness:
            text = (
                f"{name} rises by {change:.2f} while correctness falls by {-correctness:.2f}: the sign of a reward "
                f"that is being hacked. Lower the weight of {name}, and read what the model writes."
            )
            yield Finding(Level.ALARM, f"{name} rises while correctness falls", text, "components")
        measured = component.answers + component.not_judged
        if component.not_judged > 0.05 * measured:
            text = f"{component.not_judged / measured:.0%} of its figures are missing; a missing figure counts as 0.5."
            yield Finding(Level.WARNING, f"{name} is often not judged", text, "components")


def _groups(figures: Figures) -> Iterator[Finding]:
    part = figures.end or figures.total
    if part.groups < 20:
        return
    flat = part.flat_groups / part.groups
    if flat >= 0.5:
        text = (
            f"In {flat:.0%} of the groups at the end all answers have the same reward, and GRPO learns nothing from "
            "them. Mix in suites of other difficulty, or raise the temperature."
        )
        yield Finding(Level.ALARM if flat >= 0.9 else Level.WARNING, "Groups without variance", text, "groups")


def _growing(figures: Figures) -> Iterator[Finding]:
    for verdict, title, advice in (
        (Verdict.NO_CODE, "Fewer answers hold a program", "Look at the reasons, and at the format that is asked for."),
        (Verdict.TIME_LIMIT_EXCEEDED, "More time-outs", "Look at the slowest suites, and at the load of the machine."),
        (Verdict.COMPILE_ERROR, "More programs do not compile", "Read some of them."),
    ):
        change = _change(figures, _rate_of(verdict), 0.03)
        if change > 0:
            level = Level.ALARM if change > 0.2 else Level.WARNING
            rates = _from_to(figures, _rate_of(verdict), ".1%")
            yield Finding(level, title, f"{verdict}: from {rates}. {advice}", "verdicts")


def _no_code(figures: Figures) -> Iterator[Finding]:
    part = figures.end or figures.total
    rate = _rate_of(Verdict.NO_CODE)(part).mean
    if rate > 0.1:
        text = f"No program is found in {rate:.0%} of the answers at the end."
        yield Finding(Level.WARNING, "Programs are not found", text, "chart-judging")


def _suspicious(figures: Figures) -> Iterator[Finding]:
    passed = figures.total.verdicts.get(Verdict.ACCEPTED, 0)
    left = figures.suspicious.get(Why.LEFT_SOMETHING, 0)
    if left > 0.005 * max(passed, 1):
        text = f"{left:,} of {passed:,} left processes, files or settings behind. A solution has no need to."
        yield Finding(Level.WARNING, "Passes that left something behind", text, "suspicious")
    gameable = figures.suspicious.get(Why.GAMEABLE, 0)
    if gameable > 0.05 * max(passed, 1):
        text = f"{gameable:,} of {passed:,} passes are on them. Run: verifier suites harden"
        yield Finding(Level.WARNING, "Passes on suites that are gameable", text, "suspicious")
    others = sum(figures.suspicious.get(why, 0) for why in (Why.CHEAP, Why.ONLY_ONE))
    if others:
        text = f"{others:,} are the only one of their suite, or far cheaper than the others. Read them."
        yield Finding(Level.NOTE, "Passes that stand out", text, "suspicious")


def _difficulty(figures: Figures) -> Iterator[Finding]:
    useless = figures.never_passed + figures.always_passed
    if figures.suites_in_all >= 10 and useless > 0.5 * figures.suites_in_all:
        text = (
            f"{figures.never_passed:,} of {figures.suites_in_all:,} suites never pass and {figures.always_passed:,} "
            "always do: there is little to learn from them."
        )
        yield Finding(Level.WARNING, "Suites of the wrong difficulty", text, "suites")


def _progress(figures: Figures) -> Iterator[Finding]:
    if _change(figures, _rate_of(Verdict.ACCEPTED), 0.02) > 0:
        text = f"From {_from_to(figures, _rate_of(Verdict.ACCEPTED), '.1%')}."
        yield Finding(Level.NOTE, "The pass rate rises", text, "reward")


_RULES = (
    _not_judged,
    _violations,
    _collapse,
    _components,
    _groups,
    _growing,
    _no_code,
    _suspicious,
    _difficulty,
    _progress,
)


def _rewards(part: Part) -> Spread:
    return part.rewards


def _rate_of(verdict: Verdict) -> Callable[[Part], Spread]:
    return lambda part: share(part.verdicts.get(verdict, 0), part.rewards.count)


def _mean_of(component: str) -> Callable[[Part], Spread]:
    return lambda part: part.components.get(component, Spread())


def _change(figures: Figures, of: Callable[[Part], Spread], by: float) -> float:
    """Return how much a mean changed from the first third to the last; 0 where that is little, or may be chance."""
    if figures.begin is None or figures.end is None:
        return 0.0
    return stands_out(of(figures.begin), of(figures.end), by)


def _fall(figures: Figures, of: Callable[[Part], Spread], by: float) -> tuple[float, bool]:
    """Return the mean of the best third, and whether the end of the run is that much below it, not by chance."""
    thirds = [of(part) for part in (figures.begin, figures.middle, figures.end) if part is not None]
    best = max(thirds, key=lambda third: third.mean, default=Spread())
    return best.mean, stands_out(best, of(figures.latest), by) < 0


def _from_to(figures: Figures, of: Callable[[Part], Spread], form: str) -> str:
    """Say where a mean began and where it ended."""
    if figures.begin is None or figures.end is None:
        return format(of(figures.total).mean, form)
    return f"{of(figures.begin).mean:{form}} in the first third to {of(figures.end).mean:{form}} in the last"
