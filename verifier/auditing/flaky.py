"""Tests that do not end the same each time the same program is judged."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.auditing.findings import Finding, Kind
from verifier.auditing.judged import Judged


def flaky_findings(suite_id: str, item: Judged) -> Iterator[Finding]:
    """Yield a finding for each test whose verdict was not always the same; the last report is of another hash seed."""
    kind = Kind.FLAKY_REFERENCE if item.is_reference else Kind.FLAKY_SUBMISSION
    for results in zip(*(report.tests for report in item.reports), strict=True):
        verdicts = [result.verdict for result in results]
        if len(set(verdicts)) > 1:
            only_the_seed = len(set(verdicts[:-1])) == 1
            shown = " or ".join(dict.fromkeys(verdicts))
            when = "under two hash seeds" if only_the_seed else f"in {len(verdicts)} gradings"
            words = f"{shown} {when}"
            yield Finding(kind=kind, suite=suite_id, name=item.name, test=results[0].name, words=words)
