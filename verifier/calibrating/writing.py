"""Harden the suites of a store, one after the other: each is written, and calibrated anew, before the next is begun."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

import msgspec

from testsuites import AnySuite
from testsuites.appending import append_tests, copy_suite, remove_halves
from testsuites.calibration import Calibration, Settings
from testsuites.directory import DirectoryStore
from testsuites.errors import SuiteInvalid, SuiteNotFound
from verifier.calibrating.bench import Bench
from verifier.calibrating.calibrating import calibrate
from verifier.calibrating.hardening import Hardening, harden
from verifier.calibrating.known import second_references, wrong_programs
from verifier.calibrating.material import Material, material_of
from verifier.calibrating.mutants import Mutant, mutants_of
from verifier.calibrating.records import kept
from verifier.calibrating.separating import separate
from verifier.calibrating.tests_from_gaps import PREFIX
from verifier.fuzzing.nulls import null_battery

Told = Callable[[str, float], None]
_AFTER_RECORD, _AFTER_TESTS = 0.4, 0.6


class HardenedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one suite.

    Attributes:
        id: its id.
        before: the record of the suite as it was; None where it cannot be used.
        after: that of the suite as it is now.
        added: tests that were added to it.
        problem: why nothing was done; empty otherwise.
        is_new: False where the hardened suite was there, and nothing was run.
    """

    id: str
    before: Calibration | None = None
    after: Calibration | None = None
    added: int = 0
    problem: str = ""
    is_new: bool = True


def harden_store(
    store: DirectoryStore,
    ids: Iterable[str],
    settings: Settings,
    bench: Bench,
    *,
    output: DirectoryStore | None = None,
    again: bool = False,
    told: Told = lambda suite_id, share: None,
) -> Iterator[HardenedRow]:
    """Harden suites, and yield a row for each when it is kept. A run that was cut short is just run again.

    Args:
        store: where suites are. They are calibrated first where they have no record that fits.
        ids: which of them.
        settings: of the calibration.
        bench: what to run programs with.
        output: where to write hardened suites, and what is beside them; None: in place of the old.
        again: also what is in `output` already is done again.
        told: is told of the suite under work, and which share of the work on it is done, 0..1.

    Raises:
        SuiteNotFound: there is none of that id.
        SandboxError: the sandbox's own fault. Suites that were hardened stay so.
    """
    for suite_id in ids:
        told(suite_id, 0.0)
        try:
            row = _harden_one(store, suite_id, settings, bench, output, again, functools.partial(told, suite_id))
        except SuiteInvalid as error:
            row = HardenedRow(id=suite_id, problem=str(error))
        yield row


def _harden_one(
    store: DirectoryStore,
    suite_id: str,
    settings: Settings,
    bench: Bench,
    output: DirectoryStore | None,
    again: bool,
    told: Callable[[float], None],
) -> HardenedRow:
    remove_halves(store.path / suite_id, PREFIX)
    material = material_of(store, suite_id)
    before = kept(store, material, settings)
    if before is None:
        before = calibrate(material, settings, bench, lambda share: told(_AFTER_RECORD * share))
        store.write_calibration(suite_id, before)
    if output is not None and not again:
        there = _there_already(output, material, settings)
        if there is not None:
            return HardenedRow(id=suite_id, before=before, after=there, problem=before.problem, is_new=False)
    found = close_gaps(material, before, settings, bench)
    told(_AFTER_TESTS)
    target = output or store
    if output is not None:
        suite = copy_suite(store.path / suite_id, output.path / suite_id, material.suite, found.tests)
    elif found.tests:
        suite = append_tests(store.path / suite_id, material.suite, found.tests)
    else:
        return HardenedRow(id=suite_id, before=before, after=before, problem=before.problem)
    after = before
    if suite.digest != before.digest:
        changed = msgspec.structs.replace(material, suite=suite)
        after = calibrate(changed, settings, bench, lambda share: told(_AFTER_TESTS + (1 - _AFTER_TESTS) * share))
    target.write_calibration(suite_id, after)
    return HardenedRow(
        id=suite_id, before=before, after=after, added=len(found.tests), problem=before.problem or after.problem
    )


def close_gaps(material: Material, record: Calibration, settings: Settings, bench: Bench) -> Hardening:
    """Return the tests that refuse the wrong programs which a record says are accepted, as far as inputs tell them.

    Raises:
        SandboxError: the sandbox's own fault.
        SuiteInvalid: the suite's test code is broken.
    """
    if material.reference is None or not record.gold or not record.wrong_accepted:
        return Hardening()
    named = set(record.wrong_accepted)
    programs = [
        *mutants_of(material.reference),
        *(Mutant(f"null {null.name}", null.source) for null in null_battery(material.suite, material.statement)),
        *(Mutant(known.name, known.source) for known in wrong_programs(material) if known.source is not None),
    ]
    others = second_references(material, record.right_refused)
    separation = separate(
        material.suite,
        material.reference,
        [program for program in programs if program.name in named],
        bench.sandbox,
        bench.oracle,
        second_references=others,
        inputs=settings.inputs,
        seed=settings.seed,
    )
    return harden(material.suite, material.reference, separation.gaps, bench, second_references=others)


def _there_already(output: DirectoryStore, material: Material, settings: Settings) -> Calibration | None:
    """Return the record of the hardened suite, where it was made of this one and nothing is left to do."""
    suite_id = material.suite.id
    try:
        there = material_of(output, suite_id)
    except (SuiteInvalid, SuiteNotFound):
        return None
    return kept(output, there, settings) if _own(there.suite).digest == _own(material.suite).digest else None


def _own(suite: AnySuite) -> AnySuite:
    """Return the suite without tests that came from gaps; without any, where all did."""
    return msgspec.structs.replace(suite, tests=tuple(test for test in suite.tests if not test.name.startswith(PREFIX)))
