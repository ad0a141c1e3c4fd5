"""A plugin of pytest: the exploits and laws of `verifier fuzz` as tests in a repository of its user's own.

    @pytest.mark.fuzz_verifier("my_rewards:reward", shape="trl")
    def test_reward(fuzz_check):
        fuzz_check()

becomes one test for each row of exploits and one for each law. Each fails with the smallest program that it found.
Options of the mark are those of `verifier fuzz`: `shape`, `column`, `range`, `timeout`, `policy`, `sandbox`, `seconds`
(for all the tests of the mark), `seed`, `harmful` and `only`. Modules are looked for where the tests find theirs.

Every run of pytest where this distribution is installed loads this file, so it imports nothing until a mark is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from verifier.fuzzing.checks import Checks

MARK = "fuzz_verifier"
FIXTURE = "fuzz_check"

_OPENED = pytest.StashKey[dict[str, "Checks"]]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line(
        "markers",
        f"{MARK}(target, shape=, column=, range=, timeout=, policy=, sandbox=, seconds=, seed=, harmful=, only=):"
        " attack a verifier, as the command `verifier fuzz` does; the test calls its fixture fuzz_check",
    )
    config.stash[_OPENED] = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of every target."""
    for checks in config.stash.get(_OPENED, {}).values():
        checks.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each row of exploits, and of each law."""
    mark = metafunc.definition.get_closest_marker(MARK)
    if FIXTURE not in metafunc.fixturenames or mark is None:
        return
    from verifier.fuzzing.checks import Checks
    from verifier.fuzzing.targets.errors import TargetError

    opened = metafunc.config.stash[_OPENED]
    key = repr((mark.args, sorted(mark.kwargs.items())))
    problem = ""
    if key not in opened:
        try:
            opened[key] = Checks(*mark.args, **mark.kwargs)
        except (TargetError, TypeError) as error:
            problem = str(error)
    if problem:
        pytest.fail(f"{MARK}: {problem}", pytrace=False)
    names = opened[key].names
    metafunc.parametrize(FIXTURE, [(key, name) for name in names], indirect=True, ids=names)


@pytest.fixture
def fuzz_check(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Return a function that tries one row of exploits or one law, and fails with the smallest program."""
    if not hasattr(request, "param"):
        pytest.fail(f"mark the test with @pytest.mark.{MARK}('module:function')", pytrace=False)
    key, name = request.param
    checks = request.config.stash[_OPENED][key]

    def check() -> None:
        __tracebackhide__ = True
        problem, skipped = checks.run(name)
        if problem:
            pytest.fail(problem, pytrace=False)
        if skipped:
            pytest.skip(skipped)

    return check
