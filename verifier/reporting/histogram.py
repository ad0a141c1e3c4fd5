"""How often which rewards were paid, in cells of equal width. A cell is doubled where there would be too many."""

from __future__ import annotations

import math

import msgspec

MOST_CELLS = 48
_NARROWEST = 0.1


class Histogram(msgspec.Struct):
    """Counts by cell.

    Attributes:
        width: of a cell: 0.1, doubled any number of times.
        cells: counts; cell `n` holds numbers from `n * width` up to the next cell.
    """

    width: float = _NARROWEST
    cells: dict[int, int] = {}

    def add(self, number: float) -> None:
        """Count one number."""
        # What decimals lose in binary must not move a number into the cell below: 0.3 / 0.1 is less than 3.
        cell = math.floor(number / self.width + 1e-9)
        self.cells[cell] = self.cells.get(cell, 0) + 1
        while len(self.cells) > MOST_CELLS:
            self.coarsen(self.width * 2)

    def coarsen(self, width: float) -> None:
        """Double the cells up to a width."""
        while self.width < width:
            cells: dict[int, int] = {}
            for cell, count in self.cells.items():
                cells[cell // 2] = cells.get(cell // 2, 0) + count
            self.width, self.cells = self.width * 2, cells

    def merge(self, other: Histogram) -> None:
        """Take all numbers of another."""
        width = max(self.width, other.width)
        added = Histogram(other.width, dict(other.cells))
        added.coarsen(width)
        self.coarsen(width)
        for cell, count in added.cells.items():
            self.cells[cell] = self.cells.get(cell, 0) + count
        while len(self.cells) > MOST_CELLS:
            self.coarsen(self.width * 2)
