"""The product's settings, read from the environment (docs/settings.md)."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

import msgspec

from sandbox.layers import LAYERS

Envelope = Literal["auto", "list", "http"]

_ENVELOPES = ("auto", "list", "http")
_MOST_WORKERS = 256
_MOST_SPEED = 100.0
_LAMBDA_MB_FOR_A_PROCESSOR = 1769  # docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html


class SettingsError(Exception):
    """A setting cannot be used. The message names the variable and says what to set."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can set.

    Attributes:
        suites: place of the store; None when every sample carries its suite.
        policy: name of a reward policy, or path of a TOML file.
        envelope: whether replies come in an HTTP envelope; `auto` answers an event as it came.
        workers: answers graded at once.
        margin_seconds: time kept free before the deadline, for killing what runs and sending the reply.
        require: names of isolation layers without which nothing is run; None means the default (`sandbox.layers`).
        tripwire_rate: share of the gradings, 0..1, that carry a tripwire (`verifier.tripwire`). Not none, since nobody
            watches a function, and few, since each costs at least another run of one test.
        speed: how fast this machine is, 1.0 being the reference machine: limits on processor time are divided by it;
            None means that it is measured.
    """

    suites: str | None = None
    policy: str = "graded"
    envelope: Envelope = "auto"
    workers: int = 1
    margin_seconds: float = 3.0
    require: tuple[str, ...] | None = None
    tripwire_rate: float = 0.01
    speed: float | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the variables VERIFIER_*; an empty one counts as not set.

        Raises:
            SettingsError: a variable holds what it cannot.
        """
        defaults = cls()
        envelope = environment.get("VERIFIER_ENVELOPE") or "auto"
        if envelope not in _ENVELOPES:
            raise SettingsError(f"VERIFIER_ENVELOPE: set one of {', '.join(_ENVELOPES)}, not {envelope!r}")
        return cls(
            suites=environment.get("VERIFIER_SUITES") or None,
            policy=environment.get("VERIFIER_POLICY") or "graded",
            envelope=cast(Envelope, envelope),
            workers=_workers(environment),
            margin_seconds=_number(
                environment,
                "VERIFIER_MARGIN_SECONDS",
                defaults.margin_seconds,
                "a number of seconds from 0 up, such as 3",
            ),
            require=layer_names(environment.get("VERIFIER_REQUIRE", ""), "VERIFIER_REQUIRE"),
            tripwire_rate=_number(
                environment,
                "VERIFIER_TRIPWIRE_RATE",
                defaults.tripwire_rate,
                "a share from 0 to 1, such as 0.01",
                most=1.0,
            ),
            speed=_speed(environment),
        )


def available_processors(environment: Mapping[str, str] = os.environ) -> int:
    """Return how many programs can compute at once: the least of what the kernel, the cgroup and Lambda allow."""
    found = [len(os.sched_getaffinity(0)), *_cgroup_processors()]
    memory = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    if memory.isdecimal():
        found.append(math.ceil(int(memory) / _LAMBDA_MB_FOR_A_PROCESSOR))
    return max(1, min(found))


def _cgroup_processors() -> list[int]:
    """Return the cgroup's share of processor time, rounded up, when it has a limit (cgroups(7), cpu.max)."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return [] if quota == "max" else [math.ceil(int(quota) / int(period))]
    except (OSError, ValueError):
        return []  # no such file, as with the first version of cgroups


def _workers(environment: Mapping[str, str]) -> int:
    text = environment.get("VERIFIER_WORKERS", "")
    if not text:
        return available_processors(environment)
    if not (text.isdecimal() and text.isascii() and len(text) < 9 and 1 <= int(text) <= _MOST_WORKERS):
        raise SettingsError(f"VERIFIER_WORKERS: set a whole number from 1 to {_MOST_WORKERS}, not {text!r}")
    return int(text)


def layer_names(text: str, setting: str) -> tuple[str, ...] | None:
    """Read names of isolation layers with commas between them; None when there is none.

    Raises:
        SettingsError: there is no such layer; `setting` is where the text is from.
    """
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in LAYERS:
            raise SettingsError(
                f"{setting}: set names from {', '.join(LAYERS)}, with commas between them, not {name!r}"
            )
    return names or None


def _speed(environment: Mapping[str, str]) -> float | None:
    text = environment.get("VERIFIER_SPEED") or "auto"
    if text == "auto":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 1 / _MOST_SPEED <= speed <= _MOST_SPEED:
        raise SettingsError(
            f"VERIFIER_SPEED: set auto, or a number such as 0.5 for a machine half as fast, not {text!r}"
        )
    return speed


def _number(
    environment: Mapping[str, str], name: str, default: float, wanted: str, most: float = sys.float_info.max
) -> float:
    text = environment.get(name, "")
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise SettingsError(f"{name}: set {wanted}, not {text!r}")
    return number
