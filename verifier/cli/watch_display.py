"""What `verifier watch` shows: a summary that is kept up to date on a terminal, lines in a pipe."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from rich.live import Live
from rich.text import Text

from verifier.cli.report_display import line_of_run, summary_of
from verifier.cli.text import console, plain
from verifier.reporting.figures import figures_of
from verifier.reporting.findings import Level, findings_of
from verifier.reporting.reading import Reading


class WatchDisplay:
    """Everything goes to standard output. New findings are told once in a pipe."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._console = console()
        self._told: set[str] = set()
        waiting = f"watching {plain(path.name)}; Ctrl-C ends"
        self._live = Live(Text(waiting), console=self._console, auto_refresh=False, transient=True)
        self._waiting = waiting

    def show(self, reading: Reading) -> None:
        """Show how the run is doing."""
        if not reading.tally.judged:
            self.say(f"{reading.tally.rows:,} grades, none of them judged")
            return
        figures = figures_of(reading.tally)
        if self._console.is_terminal:
            self._live.update(summary_of(reading, figures), refresh=True)
            return
        self.say(line_of_run(reading, figures))
        findings = [finding for finding in findings_of(figures) if finding.level is not Level.NOTE]
        for finding in findings:
            if finding.title not in self._told:
                self.say(f"{finding.level}: {finding.title}. {finding.text}")
        self._told = {finding.title for finding in findings}

    def say(self, text: str) -> None:
        """Print one line, above what is kept up to date."""
        self._console.print(plain(text), soft_wrap=True)

    def end(self, reading: Reading) -> None:
        """Print the summary."""
        if reading.tally.judged:
            self._console.print(summary_of(reading, figures_of(reading.tally)))
        else:
            self.say("no answer was judged")

    def __enter__(self) -> Self:
        """Start drawing."""
        if self._console.is_terminal:
            self._live.start(refresh=True)
        else:
            self.say(self._waiting)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop drawing."""
        self._live.stop()
