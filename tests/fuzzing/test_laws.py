"""How laws are told, where they do not apply, and what they take for an answer."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from testsuites import AnySuite, CallSuite, StdioSuite, StdioTest
from verifier.extraction import extract
from verifier.fuzzing.checking import check
from verifier.fuzzing.exploits import problems
from verifier.fuzzing.law import Finding, Law, LawBroken, Setting
from verifier.fuzzing.laws import COMPARATOR_LAWS, EXTRACTOR_LAWS, POLICY_LAWS, TARGET_LAWS
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.target import TargetBroken

EVERY_LAW: tuple[Law[Any], ...] = (*TARGET_LAWS, *POLICY_LAWS, *COMPARATOR_LAWS, *EXTRACTOR_LAWS)
LAWS = {law.name: law for law in EVERY_LAW}
INPUT = "7491-7492"
HIDDEN = Problem(
    suite=StdioSuite(
        id="hidden", tests=(StdioTest(stdin=f"{INPUT}\n", stdout="a\n"), StdioTest(stdin="x\n", stdout="b\n"))
    ),
    reference="print('a' if '-' in input() else 'b')\n",
)


class Paying:
    """A target that runs nothing: it pays the same for every answer, carries what it is told to, or breaks."""

    name = "paying"
    range = (0.0, 1.0)

    def __init__(self, reward: float | None = 1.0, *, carried: type | None = None, breaks: bool = False) -> None:
        """Pay so much."""
        self.reward = reward
        self.carried = carried
        self.breaks = breaks
        self.asked: list[AnySuite] = []

    def carries(self, suite: AnySuite) -> bool:
        """Say yes to suites of one kind, or of all."""
        return self.carried is None or isinstance(suite, self.carried)

    def pay(self, answer: str, suite: AnySuite) -> float | None:
        """Pay."""
        self.asked.append(suite)
        if self.breaks:
            raise TargetBroken("it hung")
        return self.reward

    def renewed(self, hash_seed: int) -> None:
        """Return nothing: there is no process."""

    def close(self) -> None:
        """Do nothing."""


def found(name: str, target: Any, *given: Problem) -> Finding:
    """Check one law of targets on a few cases."""
    return check(LAWS[name], Setting(target=target, problems=given), examples=10, seed=1, seconds=60)


def test_names_are_unique_and_sentences_end() -> None:
    """A person reads both in a scorecard."""
    assert len(LAWS) == len(EVERY_LAW)
    assert all(law.says.endswith(".") and law.name == law.name.lower() for law in EVERY_LAW)


@pytest.mark.parametrize(
    "name",
    [
        "null-programs-earn-nothing",
        "hostile-programs-are-refused",
        "one-wrong-token-is-refused",
        "corrupted-expectation-fails-the-reference",
        "failing-never-reaches-passing",
        "reference-is-accepted",
    ],
)
def test_whoever_pays_everything_is_caught(name: str) -> None:
    """By each of the laws that tell right from wrong."""
    assert found(name, Paying(1.0), *problems()).holds is False
    assert found(name, Paying(0.0)).holds is False


@pytest.mark.parametrize("name", [law.name for law in TARGET_LAWS if law.name != "hash-seed-does-not-matter"])
def test_whoever_judges_nothing_breaks_one_law_only(name: str) -> None:
    """No reward is neither a pay nor a break, unless the answer is right."""
    holds = found(name, Paying(None), *problems()).holds
    assert holds is (False if name == "reference-is-accepted" else holds)
    assert holds is not False or name == "reference-is-accepted"


def test_no_process_no_hash_seed() -> None:
    """Where processes are out of reach the law does not apply."""
    assert found("hash-seed-does-not-matter", Paying(), *problems()).holds is None


@pytest.mark.parametrize("name", [law.name for law in TARGET_LAWS if law.name != "hash-seed-does-not-matter"])
def test_whoever_gives_no_reward_is_told_so(name: str) -> None:
    """In every law, with the answer that did it."""
    finding = found(name, Paying(breaks=True), *problems())
    assert (finding.holds, finding.told) == (False, "the target gave no reward: it hung")
    assert finding.example
    assert finding.problem


@pytest.mark.parametrize("reward", [math.nan, math.inf, -0.1, 1.1])
def test_a_reward_out_of_range_is_told(reward: float) -> None:
    """With the number and the range."""
    finding = found("rewards-are-finite-and-in-range", Paying(reward))
    assert finding.told == f"paid {reward!r}, and the range is 0 to 1"


def test_only_what_the_target_carries_is_tried() -> None:
    """Given problems and made ones alike."""
    target = Paying(1.0, carried=CallSuite)
    for law in TARGET_LAWS:
        found(law.name, target, *problems())
    assert {type(suite) for suite in target.asked} == {CallSuite}


def test_the_smallest_case_shows_no_hidden_input() -> None:
    """Programs tell tests apart by a checksum."""
    for name in ("one-wrong-token-is-refused", "failing-never-reaches-passing", "null-programs-earn-nothing"):
        finding = found(name, Paying(1.0, carried=StdioSuite), HIDDEN)
        assert (finding.holds, finding.problem) == (False, "hidden")
        assert INPUT not in finding.example + finding.told


def test_a_slow_comparator_is_told() -> None:
    """By processor time: a busy machine is no fault of it."""

    def slow(expected: Any, actual: Any) -> bool:
        start = time.process_time()
        while time.process_time() - start < 2.2:
            pass
        return bool(expected == actual)

    with pytest.raises(LawBroken, match=r"took 2\.[2-9] s of processor time"):
        LAWS["comparator-needs-bounded-time"].check(slow, ("0\n", "0\n"))


def test_an_extractor_of_quadratic_time_is_told() -> None:
    """By what four times the text takes."""

    def quadratic(answer: str, language: str) -> str | None:
        start = time.process_time()
        while time.process_time() - start < 1.2 * (len(answer) / 1_000_000) ** 2:
            pass
        return extract(answer, language)

    with pytest.raises(LawBroken, match="for four times the text") as caught:
        LAWS["extractor-needs-linear-time"].check(quadratic, "~")
    assert caught.value.example == "'~', repeated"


def test_values_are_not_tried_on_a_comparator_of_texts() -> None:
    """Nor layout on one that compares to the byte."""

    def texts_only(expected: str, actual: str) -> bool:
        return expected.encode() == actual.encode("utf-8", "surrogatepass")

    findings = {law.name: check(law, texts_only, examples=20, seed=1, seconds=60).holds for law in COMPARATOR_LAWS}
    unasked = {name for name, holds in findings.items() if holds is None}
    assert unasked == {name for name in findings if "value" in name or "leaf" in name or "items" in name} | {
        "comparator-ignores-layout"
    }
    assert set(findings.values()) == {True, None}


def test_a_policy_that_raises_is_told() -> None:
    """With the report that it raised on, for a person to read."""

    class Raising:
        range = (0.0, 1.0)

        def reward(self, report: Any) -> float:
            raise ZeroDivisionError

    finding = check(LAWS["policy-is-pure"], Raising(), examples=20, seed=1, seconds=60)
    assert (finding.told, finding.example) == ("raised ZeroDivisionError", "accepted (1)")
    assert check(LAWS["policy-refuses-judge-errors"], Raising(), examples=20, seed=1, seconds=60).holds
