"""The product's settings, read from the environment (docs/settings.md)."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

import msgspec

Envelope = Literal["auto", "list", "http"]

_ENVELOPES = ("auto", "list", "http")
_MOST_WORKERS = 256
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
    """

    suites: str | None = None
    policy: str = "graded"
    envelope: Envelope = "auto"
    workers: int = 1
    margin_seconds: float = 3.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the variables VERIFIER_*; an empty one counts as not set.

        Raises:
            SettingsError: a variable holds what it cannot.
        """
        envelope = environment.get("VERIFIER_ENVELOPE") or "auto"
        if envelope not in _ENVELOPES:
            raise SettingsError(f"VERIFIER_ENVELOPE: set one of {', '.join(_ENVELOPES)}, not {envelope!r}")
        return cls(
            suites=environment.get("VERIFIER_SUITES") or None,
            policy=environment.get("VERIFIER_POLICY") or "graded",
            envelope=cast(Envelope, envelope),
            workers=_workers(environment),
            margin_seconds=_margin_seconds(environment),
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


def _margin_seconds(environment: Mapping[str, str]) -> float:
    text = environment.get("VERIFIER_MARGIN_SECONDS", "")
    if not text:
        return Settings().margin_seconds
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise SettingsError(f"VERIFIER_MARGIN_SECONDS: set a number of seconds from 0 up, such as 3, not {text!r}")
    return seconds
