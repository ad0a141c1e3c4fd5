"""Polygon: full packages, as Codeforces's system for authors makes them, with the tests generated.

Left out: validators, which say whether a test is well formed, generators, and what is for one judge only.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from testsuites.importers.packages.package import Package
from testsuites.importers.packages.polygon_checkers import judge_fields
from testsuites.importers.packages.polygon_solutions import polygon_solutions
from testsuites.importers.packages.polygon_statement import polygon_statement
from testsuites.importers.packages.polygon_tests import chosen_testset, read_limits, read_tests
from testsuites.importers.packages.reader import PackageReader
from testsuites.importers.packages.xml_text import read_xml
from testsuites.importers.records import Imported
from testsuites.model import StdioSuite

_DESCRIPTION = "problem.xml"
_STANDARD_STREAMS = ("", "stdin", "stdout")


def _imported(package: Package, suite_id: str) -> Imported:
    problem = read_xml(package, _DESCRIPTION)
    reason = _refusal(problem)
    if reason is not None:
        raise ValueError(f"{_DESCRIPTION}: {reason}")
    testset = chosen_testset(problem)
    tests = read_tests(package, testset)
    solutions = polygon_solutions(package, problem)
    return Imported(
        suite=StdioSuite(
            id=suite_id, limits=read_limits(testset), tests=tests, **judge_fields(package, problem, tests)
        ),
        reference=solutions.reference,
        problem=polygon_statement(package, problem, tests),
        submissions=solutions.labelled,
        left_out=solutions.left_out,
    )


def _refusal(problem: Element) -> str | None:
    """Say why the problem cannot become a suite; None: it can, as far as this tells."""
    judging = problem.find("judging")
    if problem.tag != "problem" or judging is None:
        return "expected a problem with its judging"
    for field in ("input-file", "output-file"):
        if judging.get(field, "") not in _STANDARD_STREAMS:
            return f"judging.{field}: programs that read or write files are not run"
    if judging.get("run-count", "1") != "1":
        return "judging.run-count: solutions are run once for each test"
    if (
        problem.find("files/resources/file/stages") is not None
        or problem.find("files/resources/file/assets") is not None
    ):
        return "files.resources: files that are put beside solutions are not served"
    return None


read = PackageReader(prefix="Polygon", marker=_DESCRIPTION, build=_imported)
