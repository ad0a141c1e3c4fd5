"""testsuites.cache: which suites stay in memory."""

from __future__ import annotations

import pytest

from testsuites import cache
from testsuites.cache import SuiteCache
from testsuites.model import StdioSuite, StdioTest

SUITE = StdioSuite(id="s", tests=(StdioTest(stdin="1", stdout="1"),))


def _kept(suites: SuiteCache, ids: str) -> str:
    return "".join(name for name in ids if suites.get(name, 1) is not None)


def test_a_suite_is_kept_for_its_fingerprint() -> None:
    """Another fingerprint, or another id, finds nothing; a newer suite takes the place of the older."""
    suites = SuiteCache()
    suites.keep("s", 1, SUITE, size=1)
    assert suites.get("s", 1) is SUITE
    assert suites.get("s", 2) is None
    assert suites.get("t", 1) is None
    suites.keep("s", 2, SUITE, size=1)
    assert suites.get("s", 1) is None
    assert suites.get("s", 2) is SUITE


def test_the_suites_used_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there are too many, the one not used for longest goes."""
    monkeypatch.setattr(cache, "MAX_SUITES", 2)
    suites = SuiteCache()
    for name in "ab":
        suites.keep(name, 1, SUITE, size=1)
    assert suites.get("a", 1) is SUITE
    suites.keep("c", 1, SUITE, size=1)
    assert _kept(suites, "abc") == "ac"


def test_large_suites_push_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes count together, an older suite of the same id does not count, and one suite is kept whatever its size."""
    monkeypatch.setattr(cache, "MAX_BYTES", 10)
    suites = SuiteCache()
    for _ in range(3):
        suites.keep("a", 1, SUITE, size=5)
        suites.keep("b", 1, SUITE, size=5)
    assert _kept(suites, "ab") == "ab"
    suites.keep("c", 1, SUITE, size=6)
    assert _kept(suites, "abc") == "c"
    suites.keep("d", 1, SUITE, size=1000)
    assert _kept(suites, "abcd") == "d"
    suites.keep("a", 1, SUITE, size=5)
    suites.keep("b", 1, SUITE, size=5)
    assert _kept(suites, "abcd") == "ab"
