"""Calibrate the suites of a store, one after the other, and keep each record as soon as it is made."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

import msgspec

from testsuites.calibration import Calibration, Settings
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid
from verifier.calibrating.bench import Bench
from verifier.calibrating.calibrating import calibrate
from verifier.calibrating.material import Material, material_of


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one suite.

    Attributes:
        id: its id.
        calibration: its record; None where the suite cannot be used.
        problem: why it cannot be used, or is not gold; empty otherwise.
        is_new: False where a record that fits was there, and nothing was run.
    """

    id: str
    calibration: Calibration | None = None
    problem: str = ""
    is_new: bool = True

    @property
    def is_sound(self) -> bool:
        """Whether the suite can be trained on: its reference is gold, and no null program is accepted."""
        return self.calibration is not None and self.calibration.gold and not self.calibration.nulls_accepted


def calibrate_store(
    store: DirectoryStore,
    ids: Iterable[str],
    settings: Settings,
    bench: Bench,
    *,
    again: bool = False,
    told: Callable[[str, float], None] = lambda suite_id, share: None,
) -> Iterator[Row]:
    """Calibrate suites, and yield a row for each when its record is kept. A run that was cut short is just run again.

    Args:
        store: where suites are, and records are kept.
        ids: which of them.
        settings: of the calibration.
        bench: what to run programs with.
        again: calibrate suites that have a record that fits, too.
        told: is told of the suite under work, and which share of the work on it is done, 0..1.

    Raises:
        SuiteNotFound: there is none of that id.
        SandboxError: the sandbox's own fault. Records that were made are kept.
    """
    for suite_id in ids:
        told(suite_id, 0.0)
        try:
            material = material_of(store, suite_id)
            old = None if again else kept(store, material, settings)
            if old is not None:
                row = Row(id=suite_id, calibration=old, problem=old.problem, is_new=False)
            else:
                new = calibrate(material, settings, bench, functools.partial(told, suite_id))
                store.write_calibration(suite_id, new)
                row = Row(id=suite_id, calibration=new, problem=new.problem)
        except SuiteInvalid as error:
            row = Row(id=suite_id, problem=str(error))
        yield row


def kept(store: DirectoryStore, material: Material, settings: Settings) -> Calibration | None:
    """Return the record that is kept beside a suite, if it tells what calibrating it now would find.

    Raises:
        SuiteNotFound: the suite is gone.
    """
    try:
        record = store.calibration(material.suite.id)
    except SuiteInvalid:
        return None  # one that cannot be read; a new one takes its place
    return record if material.fits(record, settings) else None
