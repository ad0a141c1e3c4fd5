"""The laws of rewards, and what a policy file may hold."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from verifier.components import Custom, Efficiency, Format
from verifier.fuzzing.strategies import reports
from verifier.policy import Binary, Graded, Linear, Policy, PolicyError, Stepped, load_policy
from verifier.report import Report, TestResult
from verifier.verdict import Verdict

RANKED = [verdict for verdict in Verdict if verdict is not Verdict.JUDGE_ERROR]
"""From the strongest verdict to the weakest."""

FLOORS = [verdict for verdict in RANKED if verdict is not Verdict.ACCEPTED]


def report_of(*verdicts: Verdict, baseline: float = 0.0) -> Report:
    """Return a report with one test of weight 1 for each verdict."""
    tests = tuple(TestResult(name=str(number), verdict=verdict) for number, verdict in enumerate(verdicts))
    return Report(suite="s", digest="", tests=tests, baseline=baseline)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


@st.composite
def graded_policies(draw: st.DrawFn) -> Graded:
    floors = sorted(draw(st.lists(numbers(-1.0, 0.3), min_size=len(FLOORS), max_size=len(FLOORS))))
    names = dict(zip(map(str, FLOORS), floors, strict=True))
    return Graded(**names, partial=draw(numbers(0.0, 0.6)), accepted=draw(numbers(0.91, 1.0)))


@st.composite
def ranges(draw: st.DrawFn) -> tuple[float, float]:
    low, high = draw(numbers(-1e6, 0.0)), draw(numbers(0.0, 1e6))
    return (low, high) if low < high else (-1.0, 1.0)


@st.composite
def stepped_policies(draw: st.DrawFn) -> Stepped:
    credits = sorted(draw(st.sets(st.integers(1, 99), max_size=5)))
    rewards = sorted(draw(st.lists(numbers(-1.0, 0.9), min_size=len(credits) + 1, max_size=len(credits) + 1)))
    middle = zip([0.0, *(credit / 100 for credit in credits)], rewards, strict=True)
    return Stepped(steps=(*middle, (1.0, draw(numbers(0.91, 1.0)))))


POLICIES = (
    graded_policies()
    | stepped_policies()
    | ranges().map(lambda ends: Linear(range=ends))
    | ranges().map(lambda ends: Binary(range=ends))
    | st.sampled_from([Graded(), Binary(), Linear(), Stepped()])
)
REPORTS = reports()
WEIGHTS = st.sampled_from([0.0, 5e-324, 1e-300, 1.0, 1e300, 1.7e308]) | numbers(0.0, 10.0)
FIGURE = st.sampled_from([0.0, 5e-324, 1.0]) | st.none() | numbers(0.0, 1.0)
NAMES = ("format", "safety", "conciseness", "efficiency", "code_health", "own")
FIGURES = st.dictionaries(st.sampled_from([*NAMES, "unknown"]), FIGURE)


def best_failing(policy: Policy) -> float:
    """Return the most that a policy without components pays a submission that fails."""
    match policy:
        case Graded():
            return policy.wrong_answer + policy.partial
        case Stepped():
            return policy.steps[-2][1]
    return policy.range[0]


@st.composite
def weighted_policies(draw: st.DrawFn) -> Policy:
    """Make any policy, and any components for it; what is at stake is next to nothing, or next to too much."""
    policy = draw(POLICIES)
    weights = draw(st.dictionaries(st.sampled_from(NAMES), WEIGHTS, min_size=1))
    gap = policy.reward(report_of(Verdict.ACCEPTED)) - best_failing(policy)
    stake = gap * draw(st.sampled_from([1e-12, 0.5, 1.0 - 1e-12]) | numbers(1e-6, 0.999))
    components = {name: Custom(function=abs, weight=weight) for name, weight in weights.items()}
    try:
        return msgspec.structs.replace(policy, components=components, at_stake=stake)
    except PolicyError:
        reject()  # the gap is too narrow for floats


WEIGHTED = weighted_policies()


@given(POLICIES, REPORTS)
def test_finite_in_range_and_repeatable(policy: Policy, report: Report) -> None:
    """Every reward is a finite number in the range, and the same each time."""
    reward = policy.reward(report)
    assert math.isfinite(reward)
    assert policy.range[0] <= reward <= policy.range[1]
    assert reward == policy.reward(report)


@given(POLICIES, REPORTS)
def test_only_accepted_is_paid_the_most(policy: Policy, report: Report) -> None:
    """A submission that fails a test is paid less than one that passes them all."""
    best = policy.reward(report_of(Verdict.ACCEPTED))
    assert (policy.reward(report) == best) is (report.verdict is Verdict.ACCEPTED)
    assert policy.reward(report) <= best


@given(POLICIES, REPORTS, st.data())
def test_worse_is_never_paid_more(policy: Policy, report: Report, data: st.DataObject) -> None:
    """A stronger verdict on one test, a failure for a pass included, never pays more."""
    place = data.draw(st.integers(0, len(report.tests) - 1))
    stronger = RANKED[: RANKED.index(report.tests[place].verdict) + 1]
    worse_result = msgspec.structs.replace(report.tests[place], verdict=data.draw(st.sampled_from(stronger)))
    worse = msgspec.structs.replace(report, tests=(*report.tests[:place], worse_result, *report.tests[place + 1 :]))
    assert policy.reward(worse) <= policy.reward(report)


@given(POLICIES, REPORTS, st.data())
def test_order_does_not_matter(policy: Policy, report: Report, data: st.DataObject) -> None:
    """The order of the tests does not change the reward."""
    shuffled = tuple(data.draw(st.permutations(report.tests)))
    assert policy.reward(msgspec.structs.replace(report, tests=shuffled)) == policy.reward(report)


@given(POLICIES, REPORTS, st.sampled_from([Verdict.SECURITY_VIOLATION, Verdict.NO_CODE, Verdict.COMPILE_ERROR]))
def test_nothing_is_earned_without_a_fair_program(policy: Policy, report: Report, verdict: Verdict) -> None:
    """A violation in one test, or no program that compiles, leaves nothing of what other tests earned."""
    broken = msgspec.structs.replace(report, tests=(*report.tests, TestResult(name="t", verdict=verdict)))
    alone = msgspec.structs.replace(broken, tests=tuple(r for r in broken.tests if r.verdict is not Verdict.ACCEPTED))
    assert policy.reward(broken) == policy.reward(alone) <= policy.reward(report)


@given(POLICIES, REPORTS)
def test_not_judged_has_no_reward(policy: Policy, report: Report) -> None:
    """A judge's fault in one test leaves nothing to reward."""
    faulty = TestResult(name="t", verdict=Verdict.JUDGE_ERROR)
    with pytest.raises(ValueError, match="not judged"):
        policy.reward(msgspec.structs.replace(report, tests=(*report.tests, faulty)))


@given(WEIGHTED, REPORTS, FIGURES)
def test_components_leave_every_reward_finite_and_in_range(
    policy: Policy, report: Report, figures: dict[str, float | None]
) -> None:
    """Whatever the weights and the figures are, missing and not judged ones included; and the same each time."""
    reward = policy.reward(report, figures)
    assert math.isfinite(reward)
    assert policy.range[0] <= reward <= policy.range[1]
    assert reward == policy.reward(report, dict(reversed(figures.items())))


@given(WEIGHTED, REPORTS, FIGURES, FIGURES)
def test_components_never_lift_a_failing_submission(
    policy: Policy, report: Report, figures: dict[str, float | None], others: dict[str, float | None]
) -> None:
    """One that fails is paid less than any that is accepted, whatever is said of either, and the same as without."""
    if report.verdict is Verdict.ACCEPTED:
        report = msgspec.structs.replace(report, tests=(*report.tests, TestResult(name="t", verdict=WA, weight=1e-300)))
    assert policy.reward(report, figures) < policy.reward(report_of(Verdict.ACCEPTED), others)
    assert policy.reward(report, figures) == policy.reward(report)


@given(WEIGHTED, FIGURES, st.sampled_from(NAMES), numbers(0.0, 1.0), numbers(0.0, 1.0))
def test_more_of_a_component_never_pays_an_accepted_submission_less(
    policy: Policy, figures: dict[str, float | None], name: str, first: float, second: float
) -> None:
    """Nor does less of it pay more; what no policy weighs changes nothing."""
    low, high = (
        policy.reward(report_of(Verdict.ACCEPTED), figures | {name: figure}) for figure in sorted((first, second))
    )
    assert low <= high
    if name not in policy.components:
        assert low == high == policy.reward(report_of(Verdict.ACCEPTED), figures)


@given(
    WEIGHTED, REPORTS, FIGURES, st.sampled_from([Verdict.SECURITY_VIOLATION, Verdict.NO_CODE, Verdict.COMPILE_ERROR])
)
def test_components_pay_nothing_without_a_fair_program(
    policy: Policy, report: Report, figures: dict[str, float | None], verdict: Verdict
) -> None:
    """An empty answer, a program that does not compile, a violation: each is paid as if nothing were measured."""
    void = msgspec.structs.replace(report, tests=(*report.tests, TestResult(name="t", verdict=verdict)))
    assert policy.reward(void, figures) == policy.reward(void) <= policy.reward(report, figures)


@given(WEIGHTED, FIGURES)
def test_components_pay_nothing_for_triviality(policy: Policy, figures: dict[str, float | None]) -> None:
    """What a trivial program earns is no credit, and no component makes up for it."""
    trivial = report_of(OK, OK, WA, baseline=2 / 3)
    nothing = report_of(WA, WA, WA)
    assert trivial.credit == 0.0
    assert policy.reward(trivial, figures) == policy.reward(nothing)


@given(WEIGHTED)
def test_all_that_is_at_stake_can_be_lost(policy: Policy) -> None:
    """The best figures leave the whole reward, the worst take all that is at stake, and unknown ones half of it."""
    accepted = report_of(Verdict.ACCEPTED)
    full = policy.pay(Verdict.ACCEPTED, 1.0)
    assert policy.reward(accepted, dict.fromkeys(NAMES, 1.0)) == full
    assert policy.reward(accepted, dict.fromkeys(NAMES, 0.0)) == full - policy.stake
    unknown = policy.reward(accepted)
    assert unknown == policy.reward(accepted, dict.fromkeys(NAMES))
    # Half of the smallest weight that there is, is 0: the mean may miss the half by its last bit.
    assert unknown == pytest.approx(full - policy.stake / 2, rel=1e-12, abs=1e-12 * policy.stake)


def test_a_stake_of_the_whole_range_is_refused() -> None:
    """The worst accepted submission would be paid exactly what a failing one is."""
    with pytest.raises(PolicyError, match="at_stake"):
        Binary(range=(0.0, 1.0), components={"format": {"weight": 1.0}}, at_stake=1.0)


def test_weights_are_proportions() -> None:
    """Twice the weight decides twice as much."""
    policy = Graded(components={"format": {"weight": 1}, "efficiency": {"weight": 2}}, at_stake=0.3)
    accepted = report_of(Verdict.ACCEPTED)
    assert policy.reward(accepted, {"format": 0.0, "efficiency": 1.0}) == pytest.approx(0.9)
    assert policy.reward(accepted, {"format": 1.0, "efficiency": 0.0}) == pytest.approx(0.8)
    assert policy.reward(accepted, {"format": 0.5, "efficiency": None}) == pytest.approx(0.85)


def test_nothing_is_at_stake_without_weights() -> None:
    """A component of weight 0 is measured, and not paid."""
    policy = Graded(components={"format": {}})
    assert policy.stake == 0.0
    assert policy.reward(report_of(Verdict.ACCEPTED), {"format": 0.0}) == 1.0


@pytest.mark.parametrize(
    ("policy", "most"), [(Graded, 1.4), (Binary, 2.0), (Linear, 2.0), (Stepped, 1.4)], ids=lambda case: str(case)
)
def test_no_policy_stakes_what_would_bring_an_accepted_submission_to_a_failing_one(
    policy: type[Policy], most: float
) -> None:
    """Just below is fine. Without the check the worst accepted submission would be paid what a failing one is."""
    components = {"format": {"weight": 1.0}}
    assert policy(components=components, at_stake=most * 0.999).stake == most * 0.999
    with pytest.raises(PolicyError, match=r"^at_stake: .* lower one of them$"):
        policy(components=components, at_stake=most * 1.001)
    policy(at_stake=most * 1.001)  # nothing is at stake while no component has a weight


@pytest.mark.parametrize("policy", [Graded(), Linear(), Stepped()], ids=lambda policy: type(policy).__name__)
def test_a_failing_test_of_no_weight(policy: Policy) -> None:
    """Full credit is not full marks: one failing test, whatever its weight, keeps the top out of reach."""
    passed = TestResult(name="1", verdict=Verdict.ACCEPTED)
    failed = TestResult(name="2", verdict=Verdict.WRONG_ANSWER, weight=0.0)
    report = Report(suite="s", digest="", tests=(passed, failed))
    assert report.credit == 1.0
    assert policy.reward(report) < policy.reward(report_of(Verdict.ACCEPTED))


OK, WA, RE, TLE, MLE, OLE = (
    Verdict.ACCEPTED,
    Verdict.WRONG_ANSWER,
    Verdict.RUNTIME_ERROR,
    Verdict.TIME_LIMIT_EXCEEDED,
    Verdict.MEMORY_LIMIT_EXCEEDED,
    Verdict.OUTPUT_LIMIT_EXCEEDED,
)


@pytest.mark.parametrize(
    ("verdicts", "graded", "binary", "linear", "stepped"),
    [
        ([OK, OK], 1.0, 1.0, 1.0, 1.0),
        ([WA, WA], -0.8, -1.0, -1.0, -1.0),
        ([WA, RE], -0.9, -1.0, -1.0, -1.0),
        ([TLE], -0.9, -1.0, -1.0, -1.0),
        ([MLE], -0.9, -1.0, -1.0, -1.0),
        ([OLE], -0.9, -1.0, -1.0, -1.0),
        ([OK, WA], -0.6, -1.0, 0.0, -0.6),
        ([OK, OK, OK, WA], -0.5, -1.0, 0.5, -0.4),
        ([OK, OK, OK, TLE], -0.6, -1.0, 0.5, -0.4),
        ([Verdict.COMPILE_ERROR] * 2, -1.0, -1.0, -1.0, -1.0),
        ([Verdict.NO_CODE], -1.0, -1.0, -1.0, -1.0),
        ([OK, OK, OK, Verdict.SECURITY_VIOLATION], -1.0, -1.0, -1.0, -1.0),
    ],
)
def test_built_in_numbers(verdicts: list[Verdict], graded: float, binary: float, linear: float, stepped: float) -> None:
    """The built-in policies pay what docs/rewards.md says."""
    report = report_of(*verdicts)
    assert load_policy("graded").reward(report) == pytest.approx(graded)
    assert load_policy("binary").reward(report) == binary
    assert load_policy("linear").reward(report) == pytest.approx(linear)
    assert load_policy("stepped").reward(report) == stepped


def test_baseline() -> None:
    """What a trivial program earns on a calibrated suite is worth no credit."""
    assert Graded().reward(report_of(OK, WA, baseline=0.5)) == -0.8
    assert Graded().reward(report_of(OK, OK, OK, WA, baseline=0.5)) == pytest.approx(-0.6)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ('kind = "graded"', Graded()),
        ('kind = "graded"\nwrong_answer = -0.5\npartial = 0', Graded(wrong_answer=-0.5, partial=0.0)),
        ('kind = "binary"\nrange = [0, 1]', Binary(range=(0.0, 1.0))),
        ('kind = "linear"\nrange = [0, 1]\nneutral = 0.5', Linear(range=(0.0, 1.0), neutral=0.5)),
        ('kind = "stepped"\nsteps = [[0, -1], [0.5, 0], [1, 1]]', Stepped(steps=((0.0, -1.0), (0.5, 0.0), (1.0, 1.0)))),
        (
            'kind = "binary"\nat_stake = 0.5\n[components.efficiency]\nweight = 2\nfull = 3\n[components.format]',
            Binary(at_stake=0.5, components={"efficiency": Efficiency(weight=2.0, full=3.0), "format": Format()}),
        ),
    ],
)
def test_files(tmp_path: Path, text: str, policy: Policy) -> None:
    """A file names the kind and the numbers that differ."""
    path = tmp_path / "policy.toml"
    path.write_text(text)
    assert load_policy(path) == load_policy(str(path)) == policy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "kind"),
        ('kind = "gradual"', "gradual.*graded, binary, linear, stepped"),
        ('kind = "graded"\nwrong = -0.8', "wrong"),
        ('kind = "graded"\nwrong_answer = "low"', "wrong_answer"),
        ('kind = "graded"\nwrong_answer =\n', "line 2"),
        ('kind = "graded"\nwrong_answer = -1.2', "wrong_answer: -1.2 is not in the range"),
        ('kind = "graded"\naccepted = nan', "accepted: nan"),
        ('kind = "graded"\nrange = [0, 1]', "security_violation: -1.0 is not in the range"),
        ('kind = "graded"\nrange = [1, -1]', "range"),
        ('kind = "graded"\nrange = [-inf, inf]', "range"),
        ('kind = "graded"\nrange = [-1]', "range"),
        ('kind = "binary"\nrange = [0.5, 1]', "neutral"),
        ('kind = "binary"\nneutral = nan', "neutral"),
        ('kind = "graded"\npartial = 1.8', "partial: wrong_answer . partial"),
        ('kind = "graded"\npartial = -0.1', "partial"),
        ('kind = "graded"\npartial = inf', "partial"),
        ('kind = "graded"\naccepted = -0.8\npartial = 0', "reaches accepted"),
        ('kind = "graded"\ntime_limit_exceeded = -0.5', "time_limit_exceeded: -0.5 pays more"),
        ('kind = "stepped"\nsteps = []', "steps"),
        ('kind = "stepped"\nsteps = [[0, 1]]', "credit 1"),
        ('kind = "stepped"\nsteps = [[0.1, -1], [1, 1]]', "credit 0"),
        ('kind = "stepped"\nsteps = [[0, -1], [0.5, 0], [0.5, 0.1], [1, 1]]', "step 3"),
        ('kind = "stepped"\nsteps = [[0, -1], [nan, 0], [1, 1]]', "step 2"),
        ('kind = "stepped"\nsteps = [[0, 0], [0.5, -1], [1, 1]]', "step 2"),
        ('kind = "stepped"\nsteps = [[0, -1], [0.5, 1], [1, 1]]', "last step"),
        ('kind = "stepped"\nsteps = [[0, -1], [1, 2]]', "step 2: 2.0 is not in the range"),
        ('kind = "graded"\nat_stake = 0', "at_stake: 0.0 must be above 0"),
        ('kind = "graded"\nat_stake = nan', "at_stake: nan"),
        ('kind = "graded"\nat_stake = inf', "at_stake: inf"),
        ('kind = "graded"\nat_stake = 1.5\n[components.format]\nweight = 1', "at_stake: .*wrong_answer . partial"),
        ('kind = "graded"\ncomponents = 1', "components"),
        ('kind = "graded"\n[components.brevity]', "components.brevity: there is no such component"),
        ('kind = "graded"\n[components.format]\nweight = -1', "components.format: weight: -1.0"),
        ('kind = "graded"\n[components.efficiency]\nnone = 1', "components.efficiency: full, none"),
        ("x = " + "[" * 10_000, "cannot be read"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, message: str) -> None:
    """A broken file is refused with the number that is wrong and the name of the file."""
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(PolicyError, match=message) as caught:
        load_policy(path)
    assert "policy.toml" in str(caught.value)


def test_no_such_policy(tmp_path: Path) -> None:
    """An unknown name is answered with the known ones; a folder is not a file."""
    with pytest.raises(PolicyError, match="no policy grade: use graded, binary, linear, stepped"):
        load_policy("grade")
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path)
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy("a\0b")


def test_laws_hold_in_code_too() -> None:
    """A policy built in Python is checked like one from a file, and cannot be changed afterwards."""
    with pytest.raises(PolicyError, match="reaches accepted"):
        Graded(partial=2.0)
    with pytest.raises(AttributeError):
        Graded().accepted = 5.0  # type: ignore[misc]


TOML_VALUES = st.sampled_from(
    [
        "{format = {weight = 1}}",
        '{own = {function = "math:sqrt"}}',
        "0",
        "-1",
        "1.5",
        "nan",
        "inf",
        '"x"',
        "[0, 1]",
        "[[0, -1], [1, 1]]",
        "true",
        "{}",
        "1e400",
    ]
)
FIELDS = st.sampled_from([*Graded.__struct_fields__, *Stepped.__struct_fields__, "x"])


@given(
    st.binary()
    | st.text().map(lambda text: text.encode("utf-8", "replace"))
    | st.tuples(st.sampled_from(["graded", "stepped", "linear"]), st.dictionaries(FIELDS, TOML_VALUES, max_size=4)).map(
        lambda parts: "\n".join(
            [f'kind = "{parts[0]}"', *(f"{key} = {value}" for key, value in parts[1].items())]
        ).encode()
    )
)
def test_any_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Any bytes are a policy or a `PolicyError`, nothing else."""
    path: Any = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    with contextlib.suppress(PolicyError):
        assert isinstance(load_policy(path), Policy)
