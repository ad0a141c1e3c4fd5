"""Charts of the components and the suites of a run as a whole."""

from __future__ import annotations

from typing import Any

import altair as alt

from verifier.reporting.charts_over_time import percent_axis
from verifier.reporting.figures import Figures

_SLOWEST = 15


def draw_correlations(figures: Figures) -> Any:
    """Draw how components go together with correctness."""
    values = [
        {"component": component.name, "correlation": component.correlation, "sign": component.correlation < 0}
        for component in figures.components
        if component.correlation is not None
    ]
    if not values:
        return None
    return (
        alt.Chart(alt.InlineData(values), height=26 * len(values))
        .mark_bar()
        .encode(
            x=alt.X("correlation:Q", title="correlation with correctness", scale=alt.Scale(domain=[-1, 1])),
            y=alt.Y("component:N", title=None, sort="-x", axis=alt.Axis(labelLimit=110)),
            color=alt.Color(
                "sign:N",
                legend=None,
                scale=alt.Scale(domain=[False, True], range=["var(--accepted)", "var(--runtime_error)"]),
            ),
            tooltip=["component:N", alt.Tooltip("correlation:Q", format="+.2f")],
        )
    )


def draw_difficulty(figures: Figures) -> Any:
    """Draw suites by pass rate and deviation."""
    values = [
        {
            "suite": suite.suite,
            "pass rate": suite.pass_rate,
            "deviation": suite.reward_deviation,
            "answers": suite.answers,
        }
        for suite in figures.suites
    ]
    return (
        alt.Chart(alt.InlineData(values))
        .mark_circle(opacity=0.6, color="var(--accepted)")
        .encode(
            x=alt.X("pass rate:Q", axis=percent_axis(), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("deviation:Q", title="deviation of the reward"),
            size=alt.Size("answers:Q", title="answers", scale=alt.Scale(range=[20, 200], zero=False)),
            tooltip=[
                "suite:N",
                alt.Tooltip("pass rate:Q", format=".1%"),
                alt.Tooltip("deviation:Q", format=".2f"),
                "answers:Q",
            ],
        )
    )


def draw_slowest(figures: Figures) -> Any:
    """Draw the suites that take longest."""
    slowest = sorted(figures.suites, key=lambda suite: -suite.seconds)[:_SLOWEST]
    values = [{"suite": suite.suite, "seconds": suite.seconds, "longest": suite.longest_seconds} for suite in slowest]
    return (
        alt.Chart(alt.InlineData(values), height=18 * len(values))
        .mark_bar(color="var(--time_limit_exceeded)")
        .encode(
            x=alt.X("seconds:Q", title="mean seconds of judging an answer"),
            y=alt.Y("suite:N", title=None, sort="-x", axis=alt.Axis(labelLimit=110)),
            tooltip=[
                "suite:N",
                alt.Tooltip("seconds:Q", title="mean", format=".3f"),
                alt.Tooltip("longest:Q", format=".3f"),
            ],
        )
    )
