"""Audit the suites of a store, one after the other."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

from sandbox import UnsupportedLanguage
from testsuites import SuiteInvalid
from testsuites.store import Store
from verifier.auditing.auditing import Audit, audit
from verifier.auditing.findings import Finding, Kind
from verifier.auditing.headroom import LIMIT_FACTOR
from verifier.calibrating.bench import Bench
from verifier.calibrating.material import material_of


def audit_store(
    store: Store,
    ids: Iterable[str],
    bench: Bench,
    *,
    limit_factor: float = LIMIT_FACTOR,
    told: Callable[[str, float], None] = lambda suite_id, share: None,
) -> Iterator[Audit]:
    """Yield what is found of each suite; one that cannot be used is a finding too. Nothing is written.

    Args:
        store: where suites are, of any kind.
        ids: which of them.
        bench: what to run programs with.
        limit_factor: as for `audit`.
        told: is told of the suite under work, and which share of the work on it is done, 0..1.

    Raises:
        SuiteNotFound: there is none of that id.
        SuiteUnavailable: the store cannot be read now.
        SandboxError: the sandbox's own fault.
    """
    for suite_id in ids:
        told(suite_id, 0.0)
        try:
            material = material_of(store, suite_id)
            bench.sandbox.check_language(material.suite.language)
        except (SuiteInvalid, UnsupportedLanguage) as error:
            finding = Finding(kind=Kind.UNUSABLE, suite=suite_id, words=str(error))
            yield Audit(suite=suite_id, findings=(finding,))
        else:
            yield audit(material, bench, limit_factor=limit_factor, told=functools.partial(told, suite_id))
