"""Who decides in a Polygon package: a standard checker, by its name, or the package's own checker and interactor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

from testsuites.importers.packages import polygon_standard as standard
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.programs import python_text
from testsuites.model import Comparator, JudgeProgram, StdioTest

_STANDARD = "std::"
_BY_WORDS = {
    "hcmp": (standard.huge, 1, True),
    "icmp": (standard.integer(32), 1, True),
    "ncmp": (standard.integer(64), None, True),
    "nyesno": (standard.yes_or_no, None, False),
    "wcmp": (standard.word, None, True),
    "yesno": (standard.yes_or_no, 1, False),
}
"""Checkers that accept what has the answer's words: how a word is read, how many there are, whether case counts."""


def judge_fields(package: Package, problem: Element, tests: Sequence[StdioTest]) -> dict[str, Any]:
    """Return the fields of a suite that say how it decides: `comparator`, `checker`, `interactor`.

    Raises:
        SuiteInvalid: a program cannot be read.
        ValueError: one is none that this release runs, or a standard checker is unknown.
    """
    interactor = problem.find("assets/interactor")
    checker = problem.find("assets/checker")
    if checker is None:
        checker = problem.find("checker")
    if checker is None:
        raise ValueError("problem.xml: assets.checker: missing; choose one in Polygon, such as std::wcmp.cpp")
    name = checker.get("name", "")
    if interactor is not None:
        program = _program(package, interactor, "assets.interactor")
        return {"interactor": program, "checker": _checker(package, checker, name)}
    if not name.startswith(_STANDARD) or not _decides_by_words(_stem(name), tests):
        return {"checker": _checker(package, checker, name)}
    case_sensitive = _BY_WORDS[_stem(name)][2]
    return {"comparator": Comparator(name="words", case_sensitive=case_sensitive, absolute=0.0, relative=0.0)}


def _decides_by_words(stem: str, tests: Sequence[StdioTest]) -> bool:
    """Tell whether comparing words decides as the checker would: it may, where all answers are as it wants them."""
    if stem not in _BY_WORDS:
        return False
    read, count, _ = _BY_WORDS[stem]
    for test in tests:
        words = list(standard.words(test.stdout.encode()))
        if count is not None and len(words) != count:
            return False
        try:
            for word in words:
                read(word, standard.FAIL)
        except standard.Ended:
            return False
    return True


def _checker(package: Package, checker: Element, name: str) -> JudgeProgram:
    if not name.startswith(_STANDARD):
        return _program(package, checker, "assets.checker")
    if _stem(name) not in standard.CHECKERS:
        raise ValueError(f"problem.xml: assets.checker.name: none of {', '.join(sorted(standard.CHECKERS))}")
    code = Path(standard.__file__).read_text(encoding="utf-8")
    return JudgeProgram(code=code, protocol="testlib", arguments=(_stem(name),))


def _program(package: Package, element: Element, field: str) -> JudgeProgram:
    """Return a program of the package, or the one in Python that lies beside it under the same name."""
    source = element.find("source")
    path = source.get("path", "") if source is not None else ""
    twin = str(PurePosixPath(path).with_suffix(".py")) if PurePosixPath(path).name else ""
    for candidate in (path, twin):
        text = python_text(package, candidate) if candidate in package else None
        if text is not None:
            return JudgeProgram(code=text, protocol="testlib")
    raise ValueError(
        f"problem.xml: {field}.source: not in Python, and this release runs no other; put one in Python with the same "
        f"arguments and exit codes beside it{f', as {twin}' if twin else ''}"
    )


def _stem(name: str) -> str:
    return name.removeprefix(_STANDARD).removesuffix(".cpp")
