"""What `verifier fuzz` shows: a bar while it works, and the scorecard."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from verifier.cli.text import console, plain
from verifier.fuzzing.attacking import Result
from verifier.fuzzing.campaign import Step
from verifier.fuzzing.scorecard import LawScore, RowScore, Scorecard, shortened

_LEFT_OUT = {
    Result.UNTRIED: "no time",
    Result.HARMFUL: "could harm this machine",
    Result.UNMEASURED: "nothing to measure by",
}


class ProgressBar:
    """A bar on standard error, on a terminal only; one phase after the other."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        terminal = console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}"),
            console=terminal,
            transient=True,
            disable=not terminal.is_terminal,
        )
        self._task = self._progress.add_task("starting", total=None, last="")

    def show(self, step: Step) -> None:
        """Show how far it is."""
        self._progress.update(
            self._task, description=step.phase, completed=step.done, total=step.total, last=plain(step.last)
        )

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._progress.stop()


def print_scorecard(found: Scorecard, again: str) -> None:
    """Print it on standard output; `again` is the command that finds the same."""
    out = console()
    if found.attempts:
        out.print(_exploits(found.rows))
    for row in found.rows:
        if row.smallest:
            _program(out, f"{row.row} fooled it, {row.by}; the smallest program:", row.smallest)
    if found.laws:
        out.print(_laws(found.laws))
    for law in found.broken:
        if law.finding is not None:
            place = f" (problem {law.finding.problem})" if law.finding.problem else ""
            _program(out, f"{law.name}{place}: {law.finding.told}", law.finding.example)
    for suite, reason in found.left_out.items():
        word = "REFUSED" if suite in found.refused else "left out"
        out.print(plain(f"problem {suite}: {word}: {reason}"), soft_wrap=True)
    out.print()
    out.print(_summary(found), soft_wrap=True)
    out.print(plain(f"again: {again}"), soft_wrap=True)


def _exploits(rows: tuple[RowScore, ...]) -> Table:
    table = Table("row", "exploits that try to", box=None, pad_edge=False)
    table.add_column("fooled by", justify="right")
    table.add_column("broke", justify="right")
    table.add_column("declined", justify="right")
    table.add_column("not tried")
    for row in rows:
        fooled = row.counts.get(Result.FOOLED, 0)
        not_tried = [f"{row.counts[why]} {word}" for why, word in _LEFT_OUT.items() if row.counts.get(why)]
        table.add_row(
            row.row,
            plain(row.says),
            Text(f"{fooled} of {row.tried}", style="red" if fooled else "green" if row.tried else "yellow"),
            str(row.counts.get(Result.BROKE) or ""),
            str(row.counts.get(Result.DECLINED) or ""),
            ", ".join(not_tried),
        )
    return table


def _laws(laws: tuple[LawScore, ...]) -> Table:
    table = Table("law", "what it says", "found", box=None, pad_edge=False)
    table.add_column("cases", justify="right")
    for law in laws:
        cases = str(law.finding.cases) if law.finding is not None else "0"
        table.add_row(plain(law.name), plain(law.says), _law_word(law), cases)
    return table


def _law_word(law: LawScore) -> Text:
    if law.broken:
        return Text("BROKEN", style="red")
    if law.why_not:
        return Text(f"not tried: {law.why_not}", style="yellow")
    return Text("holds", style="green")


def _program(out: Console, title: str, text: str) -> None:
    """Print a text under its title, line by line, so that nothing in it moves the cursor."""
    out.print()
    out.print(Text(plain(title), style="bold"), soft_wrap=True)
    for line in shortened(text).split("\n"):
        out.print(f"    {plain(line)}", soft_wrap=True)


def _summary(found: Scorecard) -> Text:
    left_out = {word: found.counts.get(why, 0) for why, word in _LEFT_OUT.items()}
    parts = []
    if found.attempts:
        others = ", ".join(f"{number} {word}" for word, number in left_out.items() if number)
        parts.append(f"fooled by {len(found.fooled)} of {found.tried} exploits" + (f" ({others})" if others else ""))
    if found.laws:
        checked = [law for law in found.laws if not law.why_not]
        parts.append(f"{len(found.broken)} of {len(checked)} laws broken")
        if len(checked) < len(found.laws):
            parts.append(f"{len(found.laws) - len(checked)} not tried")
    if found.refused:
        parts.append(f"{len(found.refused)} right programs refused")
    if found.interrupted:
        parts.append("interrupted")
    word = "held" if found.held else "NOT SAFE"
    return Text(plain(f"{found.target}: {word}: {'; '.join(parts)}; {found.seconds:.0f} s"), style="bold")
