"""What is calibrated: a suite, and what is kept beside it."""

from __future__ import annotations

import hashlib

import msgspec

from testsuites.beside import kept_beside
from testsuites.calibration import Calibration, Settings
from testsuites.directory import Labelled
from testsuites.model import AnySuite
from testsuites.store import Store


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


def material_of(store: Store, suite_id: str) -> Material:
    """Read a suite and what is kept beside it.

    Raises:
        SuiteNotFound, SuiteInvalid, SuiteUnavailable: as for `Store.load`.
    """
    suite, beside = store.load(suite_id), kept_beside(store, suite_id)
    return Material(suite=suite, reference=beside.reference, statement=beside.statement, submissions=beside.submissions)
