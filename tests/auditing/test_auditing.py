"""verifier.auditing: what is found of a suite with each fault, and that a sound one has no finding."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.verifier.answers import calls, fenced, script, stdio
from testsuites import AnySuite, CallSuite, CallTest, StdioSuite, StdioTest, SuiteLimits
from testsuites.directory import DirectoryStore, Labelled
from verifier.auditing.auditing import Audit, audit
from verifier.auditing.findings import ABOUT, Finding, Kind, Severity
from verifier.auditing.stores import audit_store
from verifier.calibrating.bench import Bench
from verifier.calibrating.material import Material
from verifier.verdict import Verdict

HIDDEN = "271828"
DOUBLES = calls((1, 2), (2, 4), (-3, -6), (int(HIDDEN), 2 * int(HIDDEN)))
REFERENCE = "def f(x):\n    return 2 * x\n"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One bench for all."""
    with Bench(2) as bench:
        yield bench


def _labelled(label: str, name: str, text: str, *, is_answer: bool = False) -> Labelled:
    return Labelled(label=label, name=name, text=text, is_answer=is_answer)


def _audited(
    bench: Bench, suite: AnySuite = DOUBLES, reference: str | None = REFERENCE, *submissions: Labelled, **more: Any
) -> Audit:
    found = audit(Material(suite=suite, reference=reference, submissions=submissions, **more), bench)
    assert HIDDEN not in repr(found.findings)
    return found


def _told(found: Audit) -> list[tuple[str, str, str]]:
    return [(str(finding.kind), finding.name, finding.words) for finding in found.findings]


def test_every_kind_is_explained() -> None:
    """With a sentence that says what to do; errors come first."""
    severities = [ABOUT[kind].severity for kind in Kind]
    assert set(ABOUT) == set(Kind)
    assert severities == sorted(severities, key=list(Severity).index)
    assert all(ABOUT[kind].advice.endswith(".") for kind in Kind)


def test_a_sound_suite_has_no_finding(bench: Bench) -> None:
    """Submissions of all labels get them, an answer without a program too; the figures are those of the reference."""
    found = _audited(
        bench,
        DOUBLES,
        REFERENCE,
        _labelled("accepted", "adds", fenced("def f(x): return x + x"), is_answer=True),
        _labelled("wrong_answer", "squares", "def f(x): return x * x"),
        _labelled("runtime_error", "raises", "def f(x): raise ValueError"),
        _labelled("compile_error", "unclosed", "def f(x: return"),
        _labelled("no_code", "sorry", "I cannot.", is_answer=True),
    )
    assert found.findings == ()
    assert (found.tests, found.submissions, found.has_reference) == (4, 5, True)
    assert found.headroom is not None
    assert 0 <= found.headroom.cpu_seconds < found.headroom.cpu_seconds_limit == 5.0
    assert 0 < found.headroom.peak_bytes < found.headroom.memory_bytes_limit


def test_labels_that_are_not_met_are_told(bench: Bench) -> None:
    """What decides between right and wrong is an error, the way in which a program fails a warning."""
    found = _audited(
        bench,
        DOUBLES,
        REFERENCE,
        _labelled("accepted", "wrong", "def f(x): return x * x"),
        _labelled("accepted", "none", "I cannot.", is_answer=True),
        _labelled("wrong_answer", "right", "def f(x): return x + x"),
        _labelled("wrong_answer", "raises", "def f(x): raise ValueError"),
        _labelled("draft", "what", REFERENCE),
    )
    assert _told(found) == [
        ("right_refused", "submissions/accepted/wrong", "test 1: wrong_answer"),
        ("right_refused", "submissions/accepted/none", "holds no program"),
        ("wrong_accepted", "submissions/wrong_answer/right", "each time"),
        ("other_verdict", "submissions/wrong_answer/raises", "gets runtime_error"),
        ("unknown_label", "submissions/draft/what", "gets accepted"),
    ]
    assert found.errors == 3


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("def f(x):\n    return x * x\n", "test 1: wrong_answer"),
        ("def f(x:\n", "test 1: compile_error"),
        ("def f(x):\n    raise KeyError(x)\n", "test 1: runtime_error, KeyError"),
    ],
)
def test_a_reference_that_is_refused_is_an_error(bench: Bench, reference: str, words: str) -> None:
    """The test is named, and nothing of what it holds; no limits are compared with it."""
    found = _audited(bench, DOUBLES, reference)
    assert _told(found) == [("reference_refused", "reference", words)]
    assert found.headroom is None


def test_a_suite_without_a_reference_is_checked_as_far_as_it_can_be(bench: Bench) -> None:
    """Its absence is a warning of its own; submissions and programs that solve nothing are judged all the same."""
    constant = calls((1, 7), (2, 7))
    found = _audited(bench, constant, None, _labelled("wrong_answer", "seven", "def f(x): return 7"))
    assert [kind for kind, _, _ in _told(found)] == ["wrong_accepted", "trivial_accepted", "no_reference"]
    assert _audited(bench, DOUBLES, None).findings == (Finding(kind=Kind.NO_REFERENCE, suite=DOUBLES.id),)
    assert _audited(bench, DOUBLES, None).errors == 0


HASHES = "def f(x):\n    return hash('a') if x else 0\n"
PER_RUN = "import random\ndef f(x):\n    return random.SystemRandom().random() < 0.5\n"


def test_a_reference_that_hangs_on_the_hash_seed_is_flaky(bench: Bench) -> None:
    """The test is named, and the other is not; a judge with one hash seed sees nothing."""
    asked = [sys.executable, "-c", "print(hash('a'))"]
    under_0 = subprocess.run(asked, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True).stdout
    suite = calls((0, 0), (1, int(under_0)))
    assert {bench.report(suite, HASHES).verdict for _ in range(3)} == {Verdict.ACCEPTED}
    found = _audited(bench, suite, HASHES)
    (finding,) = found.findings
    assert (finding.kind, finding.name, finding.test) == (Kind.FLAKY_REFERENCE, "reference", "2")
    assert finding.words == "accepted or wrong_answer under two hash seeds"
    assert found.headroom is None


def test_a_submission_that_is_never_the_same_is_told_by_its_tests(bench: Bench) -> None:
    """A coin for each of twenty tests: as good as surely some fall otherwise the next time. A warning only."""
    suite = calls(*[(number, True) for number in range(20)])
    found = _audited(bench, suite, "def f(x): return True\n", _labelled("wrong_answer", "coin", PER_RUN))
    flaky = [finding for finding in found.findings if finding.kind is Kind.FLAKY_SUBMISSION]
    assert flaky
    assert {finding.name for finding in flaky} == {"submissions/wrong_answer/coin"}
    assert {finding.test for finding in flaky} <= {str(number) for number in range(1, 21)}


def test_programs_that_solve_nothing_are_told(bench: Bench) -> None:
    """A constant is an error; one that looks at its input may be what the problem asks for."""
    constant = _audited(bench, calls((1, 7), (2, 7)), "def f(x):\n    return 7\n")
    assert ("trivial_accepted", "most-frequent-value", "") in _told(constant)
    echo = _audited(bench, stdio(("a b\n", "a b\n"), ("c\n", "c\n")), "print(input())\n")
    assert ("perhaps_trivial", "echoes-input", "") in _told(echo)
    assert echo.errors == 0


@pytest.mark.parametrize("kind", ["stdio", "call"])
def test_tests_that_everybody_sees_are_no_tests(bench: Bench, kind: str) -> None:
    """A table of the public tests passes where there are no others, and fails where there is one."""

    def suite(*names: str) -> AnySuite:
        if kind == "call":
            tests = tuple(CallTest(args=(n,), expected=n * n + 3, name=name) for n, name in enumerate(names, 2))
            return CallSuite(id="s", entry_point="f", tests=tests)
        made = tuple(StdioTest(stdin=f"{n}\n", stdout=f"{n * n + 3}\n", name=name) for n, name in enumerate(names, 2))
        return StdioSuite(id="s", tests=made)

    reference = "def f(x):\n    return x * x + 3\n" if kind == "call" else "print(int(input()) ** 2 + 3)\n"
    public = _audited(bench, suite("public-1", "sample_2", "Example"), reference)
    assert _told(public) == [("trivial_accepted", "knows-the-examples", "")]
    assert _audited(bench, suite("public-1", "sample_2", "private-1"), reference).findings == ()


def _with_limits(**limits: float) -> AnySuite:
    return msgspec.structs.replace(DOUBLES, limits=SuiteLimits(**limits))


def test_limits_are_compared_with_what_the_reference_needs(bench: Bench) -> None:
    """Close to it is a warning, far from it a note; both figures are told."""
    held = "def f(x):\n    held = b'x' * (40 << 20)\n    return x + x + len(held) * 0\n"
    tight = _audited(bench, _with_limits(memory_mb=64.0), held)
    ((kind, name, words),) = _told(tight)
    assert (kind, name) == ("tight_limit", "memory")
    assert re.fullmatch(r"needs [45]\d MiB, limit 64 MiB, 1\.\d times that; 2 times are asked for", words)
    assert audit(Material(suite=_with_limits(memory_mb=64.0), reference=held), bench, limit_factor=1.05).findings == ()
    loose = _audited(bench, _with_limits(cpu_seconds=5.1, memory_mb=4000.0))
    assert [(kind, name) for kind, name, _ in _told(loose)] == [
        ("loose_limit", "processor time"),
        ("loose_limit", "memory"),
    ]
    assert "limit 5.1 s" in loose.findings[0].words
    assert "limit 4000 MiB" in loose.findings[1].words


def test_a_reference_that_needs_next_to_nothing_asks_for_no_tiny_limits(bench: Bench) -> None:
    """Up to a hundred times 50 ms and 16 MiB nothing is told."""
    assert _audited(bench, _with_limits(cpu_seconds=5.0, memory_mb=1000.0)).findings == ()


def test_test_code_that_breaks_is_told_once(bench: Bench) -> None:
    """Whoever shows it first; without a right program one that does nothing does."""
    broken = script("import no_such_module_k4\nassert f(1) == 2\n")
    for reference, name in ((REFERENCE, "reference"), (None, "a program that does nothing")):
        found = _audited(bench, broken, reference, _labelled("wrong_answer", "x", "def f(x): return 0"))
        (finding,) = [item for item in found.findings if item.kind is Kind.BROKEN]
        assert finding.name == (name if reference else "submissions/wrong_answer/x")
        assert "test 1 is broken" in finding.words
    alone = _audited(bench, broken, None)
    assert alone.findings[0].name == "a program that does nothing"


def test_suites_that_cannot_be_used_are_among_the_findings(bench: Bench, tmp_path: Path) -> None:
    """With the reason; the others are checked all the same, and so is one in a language that nothing here runs."""
    store = DirectoryStore(tmp_path)
    store.write(msgspec.structs.replace(DOUBLES, id="good"), reference=REFERENCE)
    store.write(
        msgspec.structs.replace(
            DOUBLES, id="other", language="cobol", signature=f"{DOUBLES.entry_point}(n: int) -> int"
        )
    )
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/suite.toml").write_text(f'kind = "call"\nentry_point = "f"\n[[tests]]\nargs = {HIDDEN}\n')
    told: list[str] = []
    bad, good, other = audit_store(store, store.ids(), bench, told=lambda suite_id, share: told.append(suite_id))
    assert [item.kind for item in (*bad.findings, *other.findings)] == [Kind.UNUSABLE] * 2
    assert "args" in bad.findings[0].words
    assert HIDDEN not in repr(bad)
    assert "cobol" in other.findings[0].words
    assert good.findings == ()
    assert list(dict.fromkeys(told)) == ["bad", "good", "other"]
