"""A problem to fuzz with: hidden tests, and a program that is known to be right."""

from __future__ import annotations

import msgspec

from testsuites.model import AnySuite


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A suite and its reference.

    Attributes:
        suite: the hidden tests.
        reference: a program that passes them all.
    """

    suite: AnySuite
    reference: str

    def __repr__(self) -> str:
        """Id only."""
        return f"Problem({self.suite.id!r})"
