"""The product's settings, read from the environment (docs/settings.md)."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from sandbox.settings import SettingsError, layer_names, machine_speed_of
from verifier.sandboxes import LOCAL, check_place, default_workers

Envelope = Literal["auto", "list", "http"]

_ENVELOPES = ("auto", "list", "http")
_MOST_WORKERS = 256
_NAMESPACE = r"[A-Za-z0-9._/#-]{1,255}"  # among what CloudWatch takes


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can set.

    Attributes:
        suites: place of the store; None when every sample carries its suite.
        policy: name of a reward policy, or path of a TOML file.
        sandbox: where submissions run (`verifier.sandboxes`).
        envelope: whether replies come in an HTTP envelope; `auto` answers an event as it came.
        workers: answers graded at once.
        margin_seconds: time kept free before the deadline, for killing what runs and sending the reply.
        require: names of isolation layers without which nothing is run; None means the default (`sandbox.layers`).
        tripwire_rate: share of the gradings, 0..1, that carry a tripwire (`verifier.tripwire`). Not none, since nobody
            watches a function, and few, since each costs at least another run of one test.
        speed: how fast this machine is, 1.0 being the reference machine: limits on processor time are divided by it;
            None means that it is measured.
        metrics: namespace of CloudWatch for the metrics that are written to the log; None writes none.
    """

    suites: str | None = None
    policy: str = "graded"
    sandbox: str = LOCAL
    envelope: Envelope = "auto"
    workers: int = 1
    margin_seconds: float = 3.0
    require: tuple[str, ...] | None = None
    tripwire_rate: float = 0.01
    speed: float | None = None
    metrics: str | None = None

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
        sandbox = check_place(environment.get("VERIFIER_SANDBOX") or LOCAL, "VERIFIER_SANDBOX")
        return cls(
            suites=environment.get("VERIFIER_SUITES") or None,
            policy=environment.get("VERIFIER_POLICY") or "graded",
            sandbox=sandbox,
            envelope=cast(Envelope, envelope),
            workers=_workers(environment, sandbox),
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
            speed=machine_speed_of(environment.get("VERIFIER_SPEED", ""), "VERIFIER_SPEED"),
            metrics=metrics_namespace(environment),
        )


def metrics_namespace(environment: Mapping[str, str]) -> str | None:
    """Return the setting VERIFIER_METRICS.

    Raises:
        SettingsError: CloudWatch takes no such namespace.
    """
    name = environment.get("VERIFIER_METRICS") or None
    if name is not None and (name.startswith("AWS/") or not re.fullmatch(_NAMESPACE, name)):
        raise SettingsError(
            f"VERIFIER_METRICS: set up to 255 letters, digits and ._/#-, not beginning with AWS/, not {name!r}"
        )
    return name


def _workers(environment: Mapping[str, str], sandbox: str) -> int:
    text = environment.get("VERIFIER_WORKERS", "")
    if not text:
        return default_workers(sandbox)
    if not (text.isdecimal() and text.isascii() and len(text) < 9 and 1 <= int(text) <= _MOST_WORKERS):
        raise SettingsError(f"VERIFIER_WORKERS: set a whole number from 1 to {_MOST_WORKERS}, not {text!r}")
    return int(text)


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
