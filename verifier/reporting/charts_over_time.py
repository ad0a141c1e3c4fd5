"""Charts of what happens over a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from verifier.reporting.figures import Figures, pass_rate
from verifier.reporting.histogram import Histogram
from verifier.reporting.timeline import Part
from verifier.verdict import Verdict

_MOST_LINES = 10


def draw_rewards(figures: Figures) -> Any:
    """Draw how often which rewards were paid."""
    width = max(part.paid.width for part in figures.parts)
    values = []
    for part in _judged(figures):
        paid = Histogram(part.paid.width, dict(part.paid.cells))
        paid.coarsen(width)
        for cell, count in paid.cells.items():
            low, high = cell * paid.width, (cell + 1) * paid.width
            values.append(
                {"from": part.first, "to": part.last + 1, "low": low, "high": high, "share": count / part.rewards.count}
            )
    return (
        alt.Chart(alt.InlineData(values))
        .mark_rect()
        .encode(
            x=alt.X("from:Q", title=figures.unit, scale=alt.Scale(nice=False, zero=False)),
            x2="to:Q",
            y=alt.Y("low:Q", title="reward"),
            y2="high:Q",
            color=alt.Color(
                "share:Q",
                title="share of answers",
                scale=alt.Scale(type="sqrt", range=["var(--heat-low)", "var(--heat-high)"]),
                legend=alt.Legend(format=".0%", gradientLength=160),
            ),
            tooltip=[
                alt.Tooltip("from:Q", title=f"from {figures.unit}"),
                alt.Tooltip("low:Q", title="reward from", format=".2f"),
                alt.Tooltip("high:Q", title="to", format=".2f"),
                alt.Tooltip("share:Q", format=".1%"),
            ],
        )
    )


def draw_mean_reward(figures: Figures) -> Any:
    """Draw the mean reward and its deviation."""
    values = [
        {
            "at": part.first,
            "mean": part.rewards.mean,
            "low": part.rewards.mean - part.rewards.deviation,
            "high": part.rewards.mean + part.rewards.deviation,
        }
        for part in _judged(figures)
    ]
    base = alt.Chart(alt.InlineData(values)).encode(x=_when(figures))
    band = base.mark_area(opacity=0.2, color="var(--accepted)").encode(
        y=alt.Y("low:Q", title="mean reward, with deviation"), y2="high:Q"
    )
    line = base.mark_line(point=True, color="var(--accepted)").encode(
        y="mean:Q",
        tooltip=[alt.Tooltip("at:Q", title=f"from {figures.unit}"), alt.Tooltip("mean:Q", format="+.3f")],
    )
    return band + line


def draw_pass_rate(figures: Figures) -> Any:
    """Draw the share of answers that pass."""
    rows = [("pass rate", "var(--accepted)", [pass_rate(part) for part in _judged(figures)])]
    return _shares(figures, rows, "share of judged answers", low=0.0, high=1.0)


def draw_verdicts(figures: Figures) -> Any:
    """Draw the share of each verdict."""
    present = [verdict for verdict in reversed(Verdict) if verdict in figures.total.verdicts]
    values = []
    for part in _judged(figures):
        low = 0.0
        for verdict in present:
            share = _share(part, verdict)
            place = {"from": part.first, "to": part.last + 1, "low": low, "high": low + share}
            values.append({**place, "verdict": words_of(verdict), "share": share})
            low += share
    return (
        alt.Chart(alt.InlineData(values))
        .mark_rect()
        .encode(
            x=alt.X("from:Q", title=figures.unit, scale=alt.Scale(nice=False, zero=False)),
            x2="to:Q",
            y=alt.Y("low:Q", title="share of judged answers", scale=alt.Scale(domain=[0, 1]), axis=percent_axis()),
            y2="high:Q",
            color=alt.Color(
                "verdict:N",
                title=None,
                sort=None,
                scale=alt.Scale(
                    domain=[words_of(verdict) for verdict in present],
                    range=[f"var(--{verdict})" for verdict in present],
                ),
            ),
            tooltip=[
                alt.Tooltip("from:Q", title=f"from {figures.unit}"),
                "verdict:N",
                alt.Tooltip("share:Q", format=".1%"),
            ],
        )
    )


def draw_judging(figures: Figures) -> Any:
    """Draw what went wrong around the judging."""
    parts = _judged(figures)
    rows = [
        ("no program found", "var(--no_code)", [_share(part, Verdict.NO_CODE) for part in parts]),
        ("violations", "var(--security_violation)", [_share(part, Verdict.SECURITY_VIOLATION) for part in parts]),
        (
            "not judged",
            "var(--judge_error)",
            [part.not_judged / (part.not_judged + part.rewards.count) for part in parts],
        ),
    ]
    return _shares(figures, rows, "share of answers", low=0.0)


def draw_components(figures: Figures) -> Any:
    """Draw the mean of each component."""
    parts = _judged(figures)
    rows = [
        (
            component.name,
            f"var(--line-{number})",
            [part.components[component.name].mean if component.name in part.components else None for part in parts],
        )
        for number, component in enumerate(figures.components[:_MOST_LINES])
    ]
    return _shares(figures, rows, "mean of the component", low=0.0, high=1.0, form=".2f")


def draw_groups(figures: Figures) -> Any:
    """Draw the share of groups without variance."""
    if not any(part.groups for part in figures.parts):
        return None
    shares = [part.flat_groups / part.groups if part.groups else None for part in _judged(figures)]
    return _shares(figures, [("groups", "var(--wrong_answer)", shares)], "groups without variance", low=0.0, high=1.0)


def _shares(
    figures: Figures,
    rows: Sequence[tuple[str, str, Sequence[float | None]]],
    title: str,
    *,
    low: float,
    high: float | None = None,
    form: str = ".1%",
) -> Any:
    """Draw one line for each row, which has a name, a colour, and a figure for each part; None is a gap."""
    values = [
        {"at": part.first, "what": name, "figure": figure}
        for name, _, shares in rows
        for part, figure in zip(_judged(figures), shares, strict=True)
        if figure is not None
    ]
    scale = alt.Scale(domainMin=low) if high is None else alt.Scale(domain=[low, high])
    return (
        alt.Chart(alt.InlineData(values))
        .mark_line(point=True)
        .encode(
            x=_when(figures),
            y=alt.Y("figure:Q", title=title, scale=scale, axis=percent_axis() if form.endswith("%") else alt.Axis()),
            color=alt.Color(
                "what:N",
                title=None,
                sort=None,
                scale=alt.Scale(domain=[name for name, _, _ in rows], range=[colour for _, colour, _ in rows]),
                legend=None if len(rows) == 1 else alt.Legend(),
            ),
            tooltip=[
                alt.Tooltip("at:Q", title=f"from {figures.unit}"),
                alt.Tooltip("what:N", title="which"),
                alt.Tooltip("figure:Q", title="value", format=form),
            ],
        )
    )


def _judged(figures: Figures) -> list[Part]:
    """Return the parts in which anything was judged."""
    return [part for part in figures.parts if part.rewards.count]


def _share(part: Part, verdict: Verdict) -> float:
    return part.verdicts.get(verdict, 0) / part.rewards.count


def _when(figures: Figures) -> Any:
    return alt.X("at:Q", title=figures.unit, scale=alt.Scale(nice=False, zero=False))


def percent_axis() -> Any:
    """Return an axis of shares."""
    return alt.Axis(format=".0%")


def words_of(verdict: Verdict) -> str:
    """Return what a verdict is called on the page, where there is little room."""
    return str(verdict).replace("_", " ").removesuffix(" exceeded")
