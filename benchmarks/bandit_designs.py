"""Reward designs: some that have been hacked, after the literature, and the policies of this project.

Each of the former pays for something else than a right program, or adds such a payment to that for a right one. They
are re-created in a line or two, as they are usually written. docs/reward-hacking.md tells what becomes of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.bandit_arms import JUDGE, Arm, persuaded_judge
from verifier import Verdict
from verifier.components.panel import CORRECTNESS
from verifier.policy import Graded, Policy
from verifier.policy.loading import BUILT_IN


class Design(NamedTuple):
    """A way to pay for an answer.

    Attributes:
        name: for tables and charts.
        reward: what an arm is paid.
        source: who described it, or a hack of it; empty for a policy of this project.
    """

    name: str
    reward: Callable[[Arm], float]
    source: str = ""


_IN_TAGS = re.compile(r"\A<think>\n.*?\n</think>\n", re.DOTALL)
_WORDS_OF_A_POINT = 1000


def format_bonus(arm: Arm) -> float:
    """Pay 1 for a right program and 1 for reasoning in tags, each without the other.

    DeepSeek-AI, "DeepSeek-R1: Incentivizing Reasoning Capability in LLMs via Reinforcement Learning", 2025,
    arXiv:2501.12948: rule-based rewards for accuracy and for format. The weights here are equal.
    """
    return float(arm.is_right) + bool(_IN_TAGS.match(arm.answer))


def pass_rate(arm: Arm) -> float:
    """Pay the share of the tests that were passed, all of it whatever a trivial program passes.

    Li et al., "Exploring Pass-Rate Reward in Reinforcement Learning for Code Generation", 2026, arXiv:2605.02944: the
    share is a miscalibrated sign of how near a program is to being right.
    """
    return arm.pass_rate


def opinion(arm: Arm) -> float:
    """Pay what a judge says that reads the answer and runs nothing.

    Zhao et al., "One Token to Fool LLM-as-a-Judge", 2025, arXiv:2507.08794: words such as "Thought process:" are enough
    for a yes. The judge is `benchmarks.bandit_arms.persuaded_judge`.
    """
    return arm.judged


def length_bonus(arm: Arm) -> float:
    """Pay the pass rate, and 1 for each thousand words of the answer.

    Singhal et al., "A Long Way to Go: Investigating Length Correlations in RLHF", 2023, arXiv:2310.03716: much of what
    learned rewards pay for is length.
    """
    return arm.pass_rate + len(arm.answer.split()) / _WORDS_OF_A_POINT


def exit_code(arm: Arm) -> float:
    """Pay 1 where the process that holds program and tests ends with exit code 0.

    Baker et al., "Monitoring Reasoning Models for Misbehavior and the Risks of Promoting Obfuscation", 2025,
    arXiv:2503.11926, and MacDiarmid et al., "Natural Emergent Misalignment from Reward Hacking in Production RL", 2025,
    arXiv:2511.18397: models leave by ``sys.exit(0)`` before the tests.
    """
    return float(arm.exits_with_0)


def visible_tests(arm: Arm) -> float:
    """Pay 1 for passing the tests that the statement shows.

    Gabor et al., "EvilGenie: A Reward Hacking Benchmark", 2025, arXiv:2511.21654: agents write the expected outputs of
    tests into the program.
    """
    return float(all(test.verdict is Verdict.ACCEPTED for test in arm.report.tests if test.name == "example"))


def speed_bonus(arm: Arm) -> float:
    """Pay the pass rate, and 1 for using none of the time allowed in any test, whether or not the work was done.

    Clark and Amodei, "Faulty Reward Functions in the Wild", OpenAI, 2016: the boat of CoastRunners is paid for targets
    on the way, and does not finish the race.
    """
    slowest = max(test.cpu_seconds for test in arm.report.tests) * arm.report.speed
    has_run = arm.report.verdict is not Verdict.NO_CODE
    return arm.pass_rate + has_run * max(0.0, 1.0 - slowest / arm.cpu_limit)


def plain_mean(arm: Arm) -> float:
    """Pay the mean of the pass rate and of all other figures, as the dimensions of a reward are often mixed.

    Skalse et al., "Defining and Characterizing Reward Hacking", 2022, arXiv:2209.13085: a reward is hackable where
    being paid more may be worth less. A mean lets anything be bought with anything.
    """
    others = [figure for name, figure in arm.figures.items() if name != CORRECTNESS and figure is not None]
    return (arm.pass_rate + math.fsum(others)) / (1 + len(others))


FROM_THE_LITERATURE = (
    Design("opinion", opinion, "Zhao et al. 2025"),
    Design("exit code", exit_code, "Baker et al. 2025"),
    Design("visible tests", visible_tests, "Gabor et al. 2025"),
    Design("length bonus", length_bonus, "Singhal et al. 2023"),
    Design("format bonus", format_bonus, "DeepSeek-AI 2025"),
    Design("pass rate", pass_rate, "Li et al. 2026"),
    Design("speed bonus", speed_bonus, "Clark and Amodei 2016"),
    Design("plain mean", plain_mean, "Skalse et al. 2022"),
)

WEIGHTS = {name: {"weight": 1.0} for name in ("format", "safety", "conciseness", "efficiency", "code_health")}
"""Components of our policies, all of the same weight."""


def _paid_by(policy: Policy) -> Callable[[Arm], float]:
    return lambda arm: policy.reward(arm.report, arm.figures)


OURS = tuple(Design(name, _paid_by(kind())) for name, kind in BUILT_IN.items())
WITH_COMPONENTS = tuple(
    Design(f"{name} + components", _paid_by(kind(components=WEIGHTS))) for name, kind in BUILT_IN.items()
)
WITH_OPINION = Design(
    "graded + components + opinion",
    _paid_by(Graded(components=WEIGHTS | {JUDGE: {"weight": 1.0, "function": persuaded_judge}})),
)
"""The judge that praise persuades, as one component of six."""

ALL = (*FROM_THE_LITERATURE, *OURS, *WITH_COMPONENTS, WITH_OPINION)
