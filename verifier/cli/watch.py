"""`verifier watch`: the same as `verifier report`, of a file that is still being written."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer


def watch(
    grades: Annotated[Path, typer.Argument(metavar="GRADES", help="JSONL file that verifier grade is writing.")],
    every: Annotated[float, typer.Option(min=0.05, help="Seconds between two looks at the file.")] = 1.0,
    seconds: Annotated[float | None, typer.Option(min=0, help="End after this time. [default: Ctrl-C ends]")] = None,
) -> None:
    """Follow a file of grades that grows, and show how the run is doing. Ctrl-C ends with the summary.

    On a terminal the summary is kept up to date; in a pipe a line is printed whenever there are new grades. The file
    may not be there yet, and may be replaced or begun anew.

    Example: verifier watch grades.jsonl
    """
    from verifier.cli.watch_display import WatchDisplay
    from verifier.reporting.following import Follower
    from verifier.reporting.reading import Reading

    reading = Reading()
    with contextlib.suppress(KeyboardInterrupt), Follower(grades) as follower, WatchDisplay(grades) as display:
        for _ in _looks(every, seconds):
            if follower.has_begun_anew():
                display.say("the file has begun anew")
                reading = Reading()
            before = reading.tally.rows
            for line in follower.lines():
                reading.add(line)
            if reading.tally.rows != before:
                display.show(reading)
    display.end(reading)


def _looks(every: float, seconds: float | None) -> Iterator[None]:
    """Come back now and then, until the time is over; once at least."""
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        yield
        left = every if end is None else min(every, end - time.monotonic())
        if left <= 0:
            return
        time.sleep(left)
