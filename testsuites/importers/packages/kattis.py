"""Kattis: problem packages in the legacy format and in those since 2023-07.

Left out: input validators, which say whether a test is well formed, and attachments.
"""

from __future__ import annotations

from testsuites.importers.packages.kattis_arguments import validator_arguments
from testsuites.importers.packages.kattis_data import read_tests, test_paths
from testsuites.importers.packages.kattis_judge import judge_fields
from testsuites.importers.packages.kattis_settings import SETTINGS, KattisLimits, read_settings
from testsuites.importers.packages.kattis_statement import kattis_statement
from testsuites.importers.packages.kattis_submissions import kattis_submissions
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.reader import PackageReader
from testsuites.importers.records import Imported
from testsuites.model import StdioSuite, SuiteLimits


def _imported(package: Package, suite_id: str) -> Imported:
    settings = read_settings(package)
    for folder in ("include", "static_validator"):
        if package.below(folder):
            raise ValueError(f"{folder}/: solutions are judged as they are, and by what they print")
    paths = test_paths(package)
    arguments = validator_arguments(package, settings, paths)
    submissions = kattis_submissions(package)
    return Imported(
        suite=StdioSuite(
            id=suite_id,
            limits=_limits(settings.limits or KattisLimits()),
            tests=read_tests(package, paths),
            **judge_fields(package, settings, arguments),
        ),
        reference=submissions.reference,
        problem=kattis_statement(package, settings),
        submissions=submissions.labelled,
        left_out=submissions.left_out,
    )


def _limits(limits: KattisLimits) -> SuiteLimits:
    """Return the limits that are told. Where no time is, Kattis takes a multiple of its own solutions' time."""
    return SuiteLimits(cpu_seconds=limits.time_limit, memory_mb=limits.memory, output_mb=limits.output)


read = PackageReader(prefix="Kattis", marker=SETTINGS, build=_imported)
