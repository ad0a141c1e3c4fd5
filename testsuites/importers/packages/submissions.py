"""What a package has of submissions."""

from __future__ import annotations

from typing import NamedTuple

from testsuites.directory import Labelled


class Submissions(NamedTuple):
    """Programs of which the package says how they must end.

    Attributes:
        reference: text of an accepted one.
        labelled: the others.
        left_out: how many are of no use here: in other languages, of several files, or without a verdict.
    """

    reference: str | None
    labelled: tuple[Labelled, ...]
    left_out: int
