"""Files of tests in the way of unittest and of pytest: right solutions pass, wrong ones fail the tests named."""

from __future__ import annotations

import pytest

from tests.oracle.conftest import Judge
from tests.oracle.reading import FOLDER, NAMES, read_case


@pytest.mark.parametrize("name", NAMES)
def test_solutions_fail_what_they_must_and_nothing_else(verdicts: Judge, name: str) -> None:
    """One result for each test function, or set of its parameters, and only the right solution passes all."""
    case = read_case(name)
    assert [bool(failing) for _, failing in case.programs] == [False] + [True] * (len(case.programs) - 1)
    for program, failing in case.programs:
        found = verdicts(case.suite, program)
        assert list(found) == [test.name for test in case.suite.tests]
        assert {test for test, verdict in found.items() if verdict != "accepted"} == failing


def test_there_are_enough_cases() -> None:
    """Forty files at least, each with a wrong solution."""
    assert len(NAMES) >= 40
    assert all(len(read_case(name).programs) >= 2 for name in NAMES)


def test_the_table_names_every_case() -> None:
    """What each covers can be looked up."""
    table = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in NAMES if f"`{name}`" not in table] == []
