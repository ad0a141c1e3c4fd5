"""Log records, one line of JSON each, which CloudWatch Logs Insights reads field by field (docs/lambda.md).

A record holds ids, words and numbers. Answers, suites' contents and diagnostics of programs are never logged.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from verifier.aws.counts import tests_run
from verifier.grade import Grade
from verifier.sample import Sample

LOG = logging.getLogger("verifier")

_NAMED_BY_AWS = ("correctness", "format", "safety", "conciseness")
"""Components that AWS's queries look for; the others are in `components` only, where no name can hide another field."""


class _JsonLines(logging.Handler):
    """Writes each record as one line of JSON on standard output, whatever that is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record: time, level, message, and the fields of the `extra` argument called `fields`."""
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        print(json.dumps(line), file=sys.stdout, flush=True)


def use_json_lines() -> None:
    """Send the product's log records to standard output as lines of JSON. Doing so twice changes nothing."""
    if not any(isinstance(handler, _JsonLines) for handler in LOG.handlers):
        LOG.addHandler(_JsonLines())
        LOG.setLevel(logging.INFO)
        LOG.propagate = False  # the runtime client's own handler would write each record a second time


def log_sample(sample: Sample, grade: Grade, result: dict[str, Any]) -> None:
    """Log how one sample was graded, with the field names that AWS's monitoring queries use.

    Args:
        sample: what was asked.
        grade: of the sample.
        result: what the reply says of it.
    """
    judged = grade.judged
    score = result["aggregate_reward_score"]
    fields = {
        "id": result["id"],
        "aggregate_reward_score": score if judged else None,
        **{name: grade.components.get(name) for name in _NAMED_BY_AWS},
        "verdict": grade.verdict.value,
        "judged": judged,
        "suite": grade.suite,
        "digest": grade.digest,
        "credit": grade.credit if judged else None,
        "baseline": grade.baseline if judged else None,
        "components": grade.components,
        "tests_run": tests_run(grade),
        "tests_expected": len(grade.tests),
        "anomalies": list(grade.anomalies),
        **({"integrity": grade.integrity} if grade.integrity == "weak" else {}),
        "seconds": grade.seconds,
        "test_seconds": round(sum(test.wall_seconds for test in grade.tests), 6),
    }
    if sample.prompt_key:
        fields["group"] = sample.prompt_key
    if sample.step is not None:
        fields["step"] = sample.step
    if not judged:
        fields["sent"] = score  # stands in for a reward, and is none (`verifier.aws.responses`)
        fields["reason"] = grade.message  # the judge's own words; those about a program may quote it
    LOG.log(logging.INFO if judged else logging.WARNING, "graded" if judged else "not judged", extra={"fields": fields})
