"""The charts of the page, as Vega-Lite specifications: small data, made of `Figures`.

Colours are names of the page's style (``var(--accepted)``), which the page's script replaces by those of its theme.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import msgspec

from verifier.reporting.charts_of_all import draw_correlations, draw_difficulty, draw_slowest
from verifier.reporting.charts_over_time import (
    draw_components,
    draw_groups,
    draw_judging,
    draw_mean_reward,
    draw_pass_rate,
    draw_rewards,
    draw_verdicts,
)
from verifier.reporting.figures import Figures

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""Version of Vega-Lite that the specifications are for."""

_HEIGHT = 240


class ChartView(msgspec.Struct, frozen=True):
    """One chart: its specification, and what it shows, for those who cannot see it."""

    spec: dict[str, Any]
    says: str


def charts_of(figures: Figures) -> dict[str, ChartView]:
    """Return the charts by name. One that there is nothing to draw for is left out."""
    found = {}
    for name, (draw, says) in _CHARTS.items():
        chart = draw(figures)
        if chart is not None:
            spec = chart.properties(width="container", description=says).to_dict()
            found[name] = ChartView({"height": _HEIGHT, **spec}, says)
    return found


_CHARTS: dict[str, tuple[Callable[[Figures], Any], str]] = {
    "rewards": (
        draw_rewards,
        "Which rewards were paid over the run: the stronger the colour of a cell, the more answers had it",
    ),
    "mean_reward": (draw_mean_reward, "The mean reward over the run, with one standard deviation on either side"),
    "pass_rate": (draw_pass_rate, "The share of judged answers that passed every test, over the run"),
    "verdicts": (draw_verdicts, "The share of each verdict over the run"),
    "judging": (draw_judging, "Shares of answers without a program, with a violation, and not judged, over the run"),
    "components": (draw_components, "The mean of each component over the run"),
    "correlations": (draw_correlations, "How each component goes together with correctness, from -1 to 1"),
    "groups": (draw_groups, "The share of groups in which all answers have the same reward, over the run"),
    "difficulty": (
        draw_difficulty,
        "Suites by pass rate and by deviation of the reward; larger where there are more answers",
    ),
    "slowest": (draw_slowest, "The suites that take longest to judge, by mean seconds for an answer"),
}
