"""Short ways to write evidence."""

from __future__ import annotations

from typing import Any

from testsuites.calibration import Cost
from verifier.components import Evidence
from verifier.extraction import extract
from verifier.report import Report, TestResult
from verifier.verdict import Verdict


def evidence(
    program: str | None = "f()",
    *,
    verdict: Verdict = Verdict.ACCEPTED,
    cpu_seconds: tuple[float, ...] = (0.0,),
    peak_bytes: int = 0,
    speed: float = 1.0,
    anomalies: tuple[str, ...] = (),
    reference: Cost | None = None,
    **fields: Any,
) -> Evidence:
    """Return what is known of a program, with a test for each of `cpu_seconds`."""
    tests = tuple(
        TestResult(name=str(number), verdict=verdict, cpu_seconds=seconds, peak_bytes=peak_bytes)
        for number, seconds in enumerate(cpu_seconds)
    )
    report = Report(suite="s", digest="", tests=tests, speed=speed, anomalies=anomalies, submission=program)
    return Evidence(report=report, reference=reference, **fields)


def answered(answer: str, language: str = "python") -> Evidence:
    """Return what is known of an answer whose program was accepted."""
    return evidence(extract(answer, language), answer=answer, language=language)
