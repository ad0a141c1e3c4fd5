"""What is calibrated: a suite, and what is kept beside it."""

from __future__ import annotations

import hashlib

import msgspec

from testsuites.calibration import Calibration, Settings
from testsuites.directory import DirectoryStore, Labelled
from testsuites.model import AnySuite


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """One suite with everything that calibrating looks at.

    Attributes:
        suite: the hidden tests.
        reference: a program that passes them all; None where there is none.
        statement: text of the problem, if there is one.
        submissions: programs and answers with the verdicts that they must get.
    """

    suite: AnySuite
    reference: str | None
    statement: str | None = None
    submissions: tuple[Labelled, ...] = ()

    @property
    def evidence(self) -> str:
        """SHA-256 over all but the suite, as ``sha256:`` and 64 hexadecimal digits."""
        beside = [self.reference, self.statement, *map(msgspec.structs.astuple, self.submissions)]
        return "sha256:" + hashlib.sha256(repr(beside).encode()).hexdigest()

    def fits(self, calibration: Calibration | None, settings: Settings) -> bool:
        """Say whether a record tells what calibrating this with those settings would find.

        One of before the reference's cost was measured does not, so calibrating again makes it anew.
        """
        return (
            calibration is not None
            and calibration.digest == self.suite.digest
            and calibration.evidence == self.evidence
            and calibration.settings == settings
            and (calibration.cost is not None or not calibration.gold)
        )

    def __repr__(self) -> str:
        """Id only."""
        return f"Material({self.suite.id!r})"


def material_of(store: DirectoryStore, suite_id: str) -> Material:
    """Read a suite and what is kept beside it.

    Raises:
        SuiteNotFound, SuiteInvalid: as for `DirectoryStore.load`.
    """
    return Material(
        suite=store.load(suite_id),
        reference=store.reference(suite_id),
        statement=store.statement(suite_id),
        submissions=store.submissions(suite_id),
    )
