"""A file of grades, read once: the tally of its rows, and what of it could not be read."""

from __future__ import annotations

from verifier.reporting.rows import Line
from verifier.reporting.tally import Tally

MOST_EXAMPLES = 5


class Reading:
    """What was read so far.

    Attributes:
        tally: of all grades.
        unreadable: the first lines that are none, and why.
        unreadable_in_all: how many there are.
        cut_short: the last line has no end and is no grade: it is still being written, or its writer was ended.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.tally = Tally()
        self.unreadable: list[str] = []
        self.unreadable_in_all = 0
        self.cut_short = False

    def add(self, line: Line) -> None:
        """Take one line."""
        if line.row is not None:
            self.tally.add(line.row)
        elif not line.whole:
            self.cut_short = True
        else:
            self.unreadable_in_all += 1
            if len(self.unreadable) < MOST_EXAMPLES:
                self.unreadable.append(f"line {line.number}: {line.problem}")
