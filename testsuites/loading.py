"""A suite and its record, out of files that are in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from testsuites.calibration import CALIBRATION_FILE, Calibration, read_calibration
from testsuites.model import AnySuite
from testsuites.native import SuiteFiles, parse_suite


class Loaded(NamedTuple):
    """What a store keeps of a suite.

    Attributes:
        suite: the suite.
        record: the contents of its calibration's file; None where there is none.
        place: what messages start with.
    """

    suite: AnySuite
    record: bytes | None
    place: str

    def calibration(self) -> Calibration | None:
        """Return the record, if there is one.

        Raises:
            SuiteInvalid: it cannot be read.
        """
        return None if self.record is None else read_calibration(self.record, f"{self.place}/{CALIBRATION_FILE}")


def loaded(place: str, suite_id: str, files: Mapping[str, bytes]) -> Loaded:
    """Build a suite from the contents of its files.

    Args:
        place: the store's.
        suite_id: the suite's.
        files: contents by name (`testsuites.layout.is_read_for_grading`).

    Raises:
        SuiteInvalid: it breaks a rule.
    """
    own = f"{place}/{suite_id}"
    names = files.keys() - {CALIBRATION_FILE}
    suite = parse_suite(SuiteFiles(own, names, files.__getitem__), suite_id)
    return Loaded(suite, files.get(CALIBRATION_FILE), own)
