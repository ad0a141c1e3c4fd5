"""What `verifier grade` shows while it works: a progress bar on a terminal, problems, and at the end a summary."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from verifier.cli.rows import Row
from verifier.cli.summary import Summary
from verifier.cli.text import console, plain
from verifier.grade import Grade
from verifier.verdict import Verdict

PROBLEMS_SHOWN = 10


class Display:
    """Everything goes to standard error, except the table. The bar is drawn on a terminal only."""

    def __init__(self, *, size: int | None, keep_table: bool) -> None:
        """Progress counts bytes of ANSWERS up to `size`; `keep_table` keeps a line for each answer in memory."""
        self._console = console(stderr=True)
        self._progress = Progress(
            TextColumn("grading"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[answers]} answers"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=size, answers=0)
        self._answers = 0
        self._not_judged = 0
        self._table = Table("id", "suite", "verdict", box=None, pad_edge=False) if keep_table else None
        if self._table is not None:
            self._table.add_column("reward", justify="right")
            self._table.add_column("credit", justify="right")

    def show(self, row: Row, grade: Grade) -> None:
        """Take note of one grade; the first answers that are not judged are told at once."""
        self._answers += 1
        self._progress.update(self._task, completed=row.end, answers=self._answers)
        if grade.reward is None:
            self._not_judged += 1
            if self._not_judged <= PROBLEMS_SHOWN:
                place = "" if grade.message.startswith("line ") else f"line {row.line}: "
                self.say(f"not judged: {place}{grade.message}")
            if self._not_judged == PROBLEMS_SHOWN:
                self.say("further answers that are not judged are counted, and told in the grades only")
        if self._table is not None:
            self._table.add_row(
                plain(str(row.sample.id)),
                plain(grade.suite),
                _verdict(grade),
                "-" if grade.reward is None else f"{grade.reward:+.3f}",
                f"{grade.credit:.2f}" if grade.judged else "-",
            )

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._console.print(plain(text), soft_wrap=True)

    def print_table(self) -> None:
        """Print the kept table on standard output."""
        console().print(self._table)

    def print_summary(self, summary: Summary) -> None:
        """Print the summary."""
        self._console.print(summary.table())

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        self._progress.stop()


def _verdict(grade: Grade) -> Text:
    """Colour a verdict, for terminals that show colours."""
    if not grade.judged:
        return Text("not judged", style="yellow")
    return Text(str(grade.verdict), style="green" if grade.verdict is Verdict.ACCEPTED else "red")
