"""Answers in other languages than Python, from the model's text to the grade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.languages.needs import need
from verifier import Verifier

DOUBLE = {"inputs": ["2\n", "21\n"], "outputs": ["4\n", "42\n"]}

CPP = "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << 2 * n; }\n"


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """Return a verifier for all tests here."""
    with Verifier(workers=1) as made:
        yield made


def suite(language: str) -> dict[str, Any]:
    """Return the inline suite that doubles numbers, for a language."""
    return {**DOUBLE, "language": language}


@pytest.mark.parametrize("language", ["cpp", "c++", "CC"])
@pytest.mark.parametrize("tag", ["cpp", "C++"])
def test_a_suite_may_call_its_language_by_any_of_its_names(verifier: Verifier, language: str, tag: str) -> None:
    """And an answer may tag its block so."""
    need("cpp")
    grade = verifier.grade(f"Doubling it:\n\n```{tag}\n{CPP}```\n", suite(language))
    assert (grade.judged, grade.verdict, grade.reward) == (True, "accepted", 1.0)


def test_a_block_in_another_language_is_no_program(verifier: Verifier) -> None:
    """As for Python."""
    need("cpp")
    grade = verifier.grade("```python\nprint(2 * int(input()))\n```", suite("cpp"))
    assert grade.verdict == "no_code"


@pytest.mark.parametrize("answer", ["I do not know.", "The answer is to double the number, as follows."])
def test_prose_is_an_error_of_the_compiler(verifier: Verifier, answer: str) -> None:
    """Without a fence the text is the program, since only a compiler can tell that it is none."""
    need("cpp")
    grade = verifier.grade(answer, suite("cpp"))
    assert (grade.judged, grade.verdict) == (True, "compile_error")
    assert grade.reward <= 0


def test_a_language_that_nothing_runs_is_not_judged(verifier: Verifier) -> None:
    """The message names what there is; the answer is not at fault."""
    grade = verifier.grade("```fortran\nend\n```", suite("fortran"))
    assert not grade.judged
    assert "no language is called 'fortran'" in grade.message
