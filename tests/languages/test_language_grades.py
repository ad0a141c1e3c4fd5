"""From an answer in another language to its grade: each verdict, and the words that go with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import LocalSandbox
from tests.languages.needs import need
from verifier import Grade, Verdict, Verifier

SUITE = {
    "inputs": ["1 2\n", "20 30\n"],
    "outputs": ["3\n", "50\n"],
    "language": "cpp",
    "limits": {"cpu_seconds": 1.0, "memory_mb": 64},
}
_HEAD = "#include <iostream>\n#include <vector>\nint main() { long a, b; std::cin >> a >> b; "
ANSWERS = {
    Verdict.ACCEPTED: f"{_HEAD} std::cout << a + b; }}",
    Verdict.WRONG_ANSWER: f"{_HEAD} std::cout << a * b; }}",
    Verdict.RUNTIME_ERROR: f"{_HEAD} return 3; }}",
    Verdict.COMPILE_ERROR: f"{_HEAD} std::cout << c; }}",
    Verdict.TIME_LIMIT_EXCEEDED: f"{_HEAD} while (a) std::cin.peek(); }}",
    Verdict.MEMORY_LIMIT_EXCEEDED: f"{_HEAD} std::vector<long> all(20'000'000, a); std::cout << all.back(); }}",
    Verdict.SECURITY_VIOLATION: "#include <sys/shm.h>\nint main() { shmget(1, 1, 01000); }",
}


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """Make one that runs programs here."""
    need("cpp")
    with LocalSandbox(1) as sandbox, Verifier(sandbox=sandbox) as verifier:
        yield verifier


def _grade(verifier: Verifier, source: str) -> Grade:
    return verifier.grade(f"It is this:\n```cpp\n{source}\n```\n", SUITE)


@pytest.mark.parametrize("verdict", ANSWERS)
def test_each_verdict(verifier: Verifier, verdict: Verdict) -> None:
    """As for Python: what cannot be compiled is a compile error, and none of its tests has run."""
    grade = _grade(verifier, ANSWERS[verdict])
    assert grade.judged
    assert grade.verdict is verdict
    assert (grade.reward == 1.0) == (verdict is Verdict.ACCEPTED)


def test_a_limit_of_the_build_is_a_compile_error(verifier: Verifier) -> None:
    """As judges of contests have it: the program never ran."""
    bomb = "template<int n> struct A { A<n + 1> a; }; int main() { A<0> a; }"
    assert _grade(verifier, bomb).verdict is Verdict.COMPILE_ERROR
