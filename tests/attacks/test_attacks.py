"""Every program of the corpus, in every tier, by the production path: each ends as the data says, and harms nobody."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.attacks.run import keys
from tests.attacks.tiers import TIERS, Tier, surprises, sweep
from tests.containers.engine import Engine
from verifier.fuzzing.exploits import load

_AT_ONCE = 2
"""Tiers that are run at once: much of the time is waiting, for programs that do nothing to be told so."""

_HERE = [tier for tier in TIERS if not tier.in_container]
_IN_CONTAINERS = [tier for tier in TIERS if tier.in_container]

Found = list[dict[str, Any]]
Sweeps = dict[str, Future[Found]]


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Make what runs them."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield pool
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def here(pool: ThreadPoolExecutor, request: pytest.FixtureRequest) -> Sweeps:
    """Begin with the tiers of this machine that were selected."""
    return _begin(pool, request, [tier for tier in _HERE if tier.why_not() is None])


@pytest.fixture(scope="module")
def in_containers(pool: ThreadPoolExecutor, request: pytest.FixtureRequest, docker_engine: Engine) -> Sweeps:
    """Begin with those in containers."""
    return _begin(pool, request, _IN_CONTAINERS)


def _begin(pool: ThreadPoolExecutor, request: pytest.FixtureRequest, tiers: list[Tier]) -> Sweeps:
    selected = {item.callspec.id for item in request.session.items if hasattr(item, "callspec")}
    return {tier.name: pool.submit(list, sweep(tier)) for tier in tiers if tier.name in selected}


def _check(tier: Tier, found: Found) -> None:
    wrong = {each["key"]: problems for each in found if (problems := surprises(tier, each))}
    assert wrong == {}
    assert [each["key"] for each in found] == [key for key, _, _ in keys(load())]


@pytest.mark.parametrize("tier", _HERE, ids=lambda tier: tier.name)
def test_every_program_ends_as_it_must(tier: Tier, here: Sweeps) -> None:
    """In each tier of this machine: verdict, reward and layers; and the judge is as good as before."""
    if reason := tier.why_not():
        pytest.skip(reason)
    _check(tier, here[tier.name].result())


@pytest.mark.parametrize("tier", _IN_CONTAINERS, ids=lambda tier: tier.name)
def test_every_program_ends_as_it_must_in_a_container(tier: Tier, in_containers: Sweeps) -> None:
    """The same where little or nothing but the floor can be had, as in AWS Lambda."""
    _check(tier, in_containers[tier.name].result())


def test_a_surprise_is_told() -> None:
    """A verdict, a reward, a layer or a process too many does not pass unseen."""
    tier = next(tier for tier in TIERS if tier.name == "user, floor only")
    key, entry, suite = next(each for each in keys(load()) if each[1].id == "A1/os-exit-at-import")
    right: dict[str, Any] = {
        "key": key, "id": entry.id, "suite": suite, "verdict": entry.verdict, "reward": entry.reward,
        "in_force": ["floor"], "layers": ["floor"], "spoiled": False, "honest_after": True, "left": 0,
        "connected": False, "leaked": False,
    }  # fmt: skip
    assert surprises(tier, right) == []
    otherwise = {
        "verdict": "accepted", "reward": 1.0, "in_force": ["floor", "seccomp"], "layers": [], "spoiled": True,
        "honest_after": False, "left": 1, "connected": True, "leaked": True,
    }  # fmt: skip
    for name, value in otherwise.items():
        assert (surprises(tier, {**right, name: value}) != []) == (name != "layers"), name
