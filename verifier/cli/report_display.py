"""What `verifier report` and `verifier watch` show on a terminal: findings, figures, and a line of the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Group, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from verifier.cli.text import console, plain
from verifier.reporting.figures import Figures, pass_rate
from verifier.reporting.findings import Level, findings_of, is_healthy
from verifier.reporting.reading import Reading

_COLOURS = {Level.ALARM: "bold red", Level.WARNING: "yellow", Level.NOTE: "dim"}
_BARS = "▁▂▃▄▅▆▇█"
_SUITES = 5


def summary_of(reading: Reading, figures: Figures) -> RenderableType:
    """Lay out everything that fits on a terminal."""
    return Group(_findings(reading, figures), Text(), _numbers(figures), Text(), _suites(figures))


def line_of_run(reading: Reading, figures: Figures) -> str:
    """Say how the run is doing, in one line for a log."""
    latest = figures.latest
    groups = latest.flat_groups / latest.groups if latest.groups else None
    return (
        f"{figures.rows:,} grades, {figures.unit} {figures.total.last}"
        f", reward {latest.rewards.mean:+.3f}, pass rate {pass_rate(latest):.1%}"
        f", not judged {figures.total.not_judged / figures.rows:.2%}"
        + ("" if groups is None else f", groups without variance {groups:.0%}")
        + (f", {reading.unreadable_in_all:,} lines are no grades" if reading.unreadable_in_all else "")
    )


def _findings(reading: Reading, figures: Figures) -> RenderableType:
    found = findings_of(figures)
    lines = []
    if is_healthy(found):
        lines.append(Text("healthy: nothing asks for a look", style="green"))
    for finding in found:
        lines.append(
            Text(f"{finding.level}: {plain(finding.title)}. {plain(finding.text)}", style=_COLOURS[finding.level])
        )
    if reading.unreadable_in_all:
        shown = "; ".join(reading.unreadable)
        more = "; ..." if reading.unreadable_in_all > len(reading.unreadable) else ""
        count = f"{reading.unreadable_in_all:,}"
        lines.append(Text(plain(f"warning: {count} lines are no grades, and left out: {shown}{more}"), style="yellow"))
    if reading.cut_short:
        lines.append(Text("note: the last line is not finished, and left out", style="dim"))
    return Group(*lines)


def _numbers(figures: Figures) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_column(overflow="crop", no_wrap=True)
    parts = [part for part in figures.parts if part.rewards.count]
    unit, total = figures.unit, figures.total
    table.add_row("grades", f"{figures.rows:,}", "", f"{unit} {total.first} to {total.last}")
    rewards, passes = [part.rewards.mean for part in parts], [pass_rate(part) for part in parts]
    table.add_row("mean reward", f"{total.rewards.mean:+.3f}", "", bars(rewards))
    table.add_row("pass rate", f"{pass_rate(total):.1%}", "", bars(passes, 0.0, 1.0))
    if total.groups:
        flat = [part.flat_groups / part.groups if part.groups else None for part in parts]
        table.add_row("without variance", f"{total.flat_groups / total.groups:.1%}", "", bars(flat, 0.0, 1.0))
    table.add_row("not judged", f"{total.not_judged / figures.rows:.2%}", "", "")
    for component in figures.components:
        figures_of_parts = [part.components.get(component.name) for part in parts]
        means = [None if spread is None else spread.mean for spread in figures_of_parts]
        table.add_row(plain(component.name), f"{component.mean:.3f}", "", bars(means, 0.0, 1.0))
    table.add_section()
    for verdict, count in sorted(total.verdicts.items(), key=lambda item: -item[1]):
        table.add_row(str(verdict), f"{count:,}", "", f"{count / figures.judged:.1%}")
    return table


def _suites(figures: Figures) -> RenderableType:
    table = Table("hardest suites", box=None, pad_edge=False)
    for name in ("answers", "pass rate", "mean reward", "seconds"):
        table.add_column(name, justify="right")
    for suite in sorted(figures.suites, key=lambda suite: (suite.pass_rate, suite.reward))[:_SUITES]:
        table.add_row(
            Text(plain(suite.suite), overflow="ellipsis", no_wrap=True),
            f"{suite.answers:,}",
            f"{suite.pass_rate:.1%}",
            f"{suite.reward:+.3f}",
            f"{suite.seconds:.3f}",
        )
    return table


def bars(numbers: Sequence[float | None], low: float | None = None, high: float | None = None) -> str:
    """Draw numbers as a line of bars, from the lowest to the highest unless a range is given. None leaves a gap."""
    known = [number for number in numbers if number is not None]
    low = min(known, default=0.0) if low is None else low
    high = max(known, default=0.0) if high is None else high
    span = high - low
    return "".join(
        " " if number is None else _BARS[round((number - low) / span * (len(_BARS) - 1)) if span > 0 else 0]
        for number in numbers
    )


class ReadingBar:
    """How far the reading of a file has come; drawn on a terminal only, on standard error."""

    def __init__(self, path: Path, size: int | None) -> None:
        """Count bytes up to `size`."""
        shown = console(stderr=True)
        self._progress = Progress(
            TextColumn("reading {task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]} grades"),
            TimeRemainingColumn(),
            console=shown,
            transient=True,
            disable=not shown.is_terminal,
        )
        self._task = self._progress.add_task(plain(path.name), total=size, rows="0")

    def show(self, end: int, rows: int) -> None:
        """Take note of how many bytes and rows were read."""
        self._progress.update(self._task, completed=end, rows=f"{rows:,}")

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._progress.stop()
