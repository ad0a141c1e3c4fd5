"""Laws of policies that are told more of an answer than its report: what its components say.

They are of a policy that has `components`, named as in the figures that its `reward` takes. A policy without them is
told a report only, and has nothing to keep here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st

from verifier.fuzzing.law import Law, LawBroken
from verifier.fuzzing.laws.policies import told
from verifier.fuzzing.strategies.reports import JUDGED, reports
from verifier.verdict import Verdict

Figures = Mapping[str, float | None]
_UNKNOWN = "unknown"
"""A component that no policy weighs."""


class _Case(msgspec.Struct, frozen=True):
    """A report, and what components say of the answer."""

    report: Any
    figures: Figures

    def __str__(self) -> str:
        """Write it for a person: the report, then each figure."""
        said = ", ".join(f"{name} {figure!r}" for name, figure in self.figures.items())
        return f"{told(self.report)}; {said or 'no figures'}"


def _reward(policy: Any, case: _Case) -> float:
    try:
        reward = policy.reward(case.report, case.figures)
    except Exception as error:
        raise LawBroken(f"raised {type(error).__name__}", example=str(case)) from None
    if isinstance(reward, bool) or not isinstance(reward, int | float):
        raise LawBroken(f"gave {type(reward).__name__}, no number", example=str(case))
    return reward


def _figures(policy: Any) -> st.SearchStrategy[dict[str, float | None]]:
    """Make figures: some are missing, some not judged; often all are the worst or the best. Shrinks to none at all."""
    names = (*policy.components, _UNKNOWN)
    figure = st.sampled_from([0.0, 1.0]) | st.none() | st.floats(0.0, 1.0)
    mixed = st.fixed_dictionaries({}, optional=dict.fromkeys(names, figure))
    return mixed | st.sampled_from([0.0, 1.0]).map(lambda same: dict.fromkeys(names, same))


def _passing(policy: Any) -> st.SearchStrategy[_Case]:
    return st.builds(_Case, reports([Verdict.ACCEPTED]), _figures(policy))


@st.composite
def _failing(draw: st.DrawFn, policy: Any) -> _Case:
    """Make a report that passes all tests but one, with figures."""
    report = draw(reports([Verdict.ACCEPTED]))
    place = draw(st.integers(0, len(report.tests) - 1))
    verdict = draw(st.sampled_from([verdict for verdict in JUDGED if verdict is not Verdict.ACCEPTED][::-1]))
    tests = list(report.tests)
    tests[place] = msgspec.structs.replace(tests[place], verdict=verdict)
    return _Case(msgspec.structs.replace(report, tests=tuple(tests)), draw(_figures(policy)))


def _is_in_range(policy: Any, case: _Case) -> None:
    low, high = policy.range
    reward = _reward(policy, case)
    if not (math.isfinite(reward) and low <= reward <= high):
        raise LawBroken(f"paid {reward!r}, and the range is {low:g} to {high:g}", example=str(case))


def _stays(policy: Any, drawn: tuple[_Case, Figures]) -> None:
    case, figures = drawn
    other = _Case(case.report, figures)
    first, second = _reward(policy, case), _reward(policy, other)
    if first != second:
        raise LawBroken(f"paid {first!r}, and {second!r} with other figures", example=f"{case}\n{other}")


def _never_reaches(policy: Any, pair: tuple[_Case, _Case]) -> None:
    failing, passing = (_reward(policy, case) for case in pair)
    if not failing < passing:
        raise LawBroken(
            f"the first fails and is paid {failing!r}; the second passes, {passing!r}",
            example="\n".join(map(str, pair)),
        )


@st.composite
def _raised(draw: st.DrawFn, policy: Any) -> tuple[_Case, _Case]:
    """Make a report that passes with two sets of figures, of which the second has more of one component."""
    better = draw(_passing(policy))
    figures = dict(better.figures)
    name = draw(st.sampled_from((*policy.components, _UNKNOWN)))
    low, high = sorted((draw(st.floats(0.0, 1.0)), draw(st.floats(0.0, 1.0))))
    return _Case(better.report, figures | {name: low}), _Case(better.report, figures | {name: high})


def _pays_no_less(policy: Any, pair: tuple[_Case, _Case]) -> None:
    low, high = (_reward(policy, case) for case in pair)
    if not low <= high:
        raise LawBroken(
            f"the first is paid {low!r}; the second, which has more, {high!r}", example="\n".join(map(str, pair))
        )


def _with_components(cases: Callable[[Any], st.SearchStrategy[Any]]) -> Callable[[Any], st.SearchStrategy[Any] | None]:
    """Let a law apply to policies that have components only."""
    return lambda policy: cases(policy) if getattr(policy, "components", None) is not None else None


COMPONENT_LAWS: tuple[Law[Any], ...] = (
    Law(
        name="components-stay-in-range",
        says="Whatever components say, a report that passes is paid a finite number in the range.",
        cases=_with_components(_passing),
        check=_is_in_range,
    ),
    Law(
        name="components-leave-failures-alone",
        says="A report that fails is paid the same, whatever components say.",
        cases=_with_components(lambda policy: st.tuples(_failing(policy), _figures(policy))),
        check=_stays,
    ),
    Law(
        name="components-keep-failing-below-passing",
        says="A report that fails is paid less than any that passes, whatever components say of either.",
        cases=_with_components(lambda policy: st.tuples(_failing(policy), _passing(policy))),
        check=_never_reaches,
    ),
    Law(
        name="components-never-pay-less-for-more",
        says="More of one component never pays a report that passes less.",
        cases=_with_components(_raised),
        check=_pays_no_less,
    ),
)
