"""Two pictures of the bandit: who has the answers, and what is paid against what is right. Altair, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bandit_answers import Class
from benchmarks.bandit_results import Result

_COLOURS = {Class.CLEAN: "#009e73", Class.UNCLEAN: "#8fd3bd", Class.ATTEMPT: "#c8c8c8", Class.HACK: "#d55e00"}
"""Told apart without telling red from green: by hue and by lightness."""
_PAID, _RIGHT = "reward, of the most there is", "right answers"
_LINES = {_PAID: "#d55e00", _RIGHT: "#009e73"}
_POINTS = 40
_COLUMNS = 4


def write_charts(results: Sequence[Result], folder: Path) -> list[Path]:
    """Write both into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    charts = {"bandit-shares.svg": shares_chart(results), "bandit-rewards.svg": rewards_chart(results)}
    for name, chart in charts.items():
        chart.save(folder / name)
    return [folder / name for name in charts]


def shares_chart(results: Sequence[Result]) -> Any:
    """Return areas: the share of each class of behaviour over the steps, a panel for each design."""
    import altair as alt

    rows = [
        {"design": made.design.name, "step": step, "share": round(share, 4), "kind": kind.value, "order": place}
        for made in results
        for place, kind in enumerate(Class)
        for step, share in _points(made.of(kind).mean(axis=0))
    ]
    area = alt.Chart(alt.Data(values=rows)).mark_area().encode(y=_share_axis("share of the answers"))
    return _panels(
        area.encode(
            color=_legend(alt, "kind", {kind.value: colour for kind, colour in _COLOURS.items()}), order="order:Q"
        ),
        results,
    )


def rewards_chart(results: Sequence[Result]) -> Any:
    """Return lines: the mean reward and the share of right answers over the steps, a panel for each design."""
    import altair as alt

    rows = [
        {"design": made.design.name, "step": step, "share": round(share, 4), "what": what}
        for made in results
        for what, curve in ((_PAID, made.paid), (_RIGHT, made.right.mean(axis=0)))
        for step, share in _points(curve)
    ]
    line = alt.Chart(alt.Data(values=rows)).mark_line(strokeWidth=2).encode(y=_share_axis(None))
    return _panels(
        line.encode(color=_legend(alt, "what", _LINES), strokeDash=alt.StrokeDash("what:N", legend=None)), results
    )


def _panels(chart: Any, results: Sequence[Result]) -> Any:
    import altair as alt

    names = [made.design.name for made in results]
    steps = results[0].shares.shape[1] - 1
    scale = alt.Scale(type="log", domain=[1, steps], nice=False)
    ticks = [number for number in (1, 10, 100, 1000, 10_000) if number <= steps]
    axis = alt.Axis(title="step", values=ticks, grid=False)
    return (
        chart.encode(x=alt.X("step:Q", scale=scale, axis=axis))
        .properties(width=170, height=95)
        .facet(
            facet=alt.Facet(
                "design:N", sort=names, title=None, header=alt.Header(labelFontSize=12, labelFontWeight=600)
            ),
            columns=_COLUMNS,
            spacing=14,
        )
        .configure(background="white", font="sans-serif")
        .configure_view(stroke="#888888")
    )


def _share_axis(title: str | None) -> Any:
    import altair as alt

    axis = alt.Axis(title=title, format="%", values=[0, 0.5, 1], grid=False)
    return alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)


def _legend(alt: Any, field: str, colours: dict[str, str]) -> Any:
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title=None, orient="top", labelFontSize=12, labelLimit=300, columnPadding=18),
    )


def _points(curve: Any) -> Iterator[tuple[int, float]]:
    """Yield some steps, even on a logarithmic axis, which begins at 1, and what the curve is there."""
    steps = len(curve) - 1
    for step in sorted({*np.geomspace(1, steps, _POINTS).round().astype(int).tolist()}):
        yield step, float(curve[step])
