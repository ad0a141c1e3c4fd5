"""Settings come from the environment, and a wrong one says which and what to set."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.settings import SettingsError
from verifier.processors import available_processors
from verifier.settings import Settings


def test_nothing_set_is_usable() -> None:
    """The defaults grade inline suites with the default policy, on every processor there is."""
    settings = Settings.from_environment({})
    assert settings == Settings.from_environment({"VERIFIER_SPEED": "auto"})
    assert settings == Settings(workers=available_processors({}))
    assert (settings.suites, settings.policy, settings.envelope) == (None, "graded", "auto")


def test_an_empty_variable_is_not_set() -> None:
    """Templates leave empty variables behind."""
    names = ["SUITES", "POLICY", "ENVELOPE", "WORKERS", "MARGIN_SECONDS", "TRIPWIRE_RATE", "SPEED", "METRICS"]
    assert Settings.from_environment({f"VERIFIER_{name}": "" for name in names}) == Settings.from_environment({})


def test_each_variable_is_read() -> None:
    """Every setting has its variable."""
    environment = {
        "VERIFIER_SUITES": "suites",
        "VERIFIER_POLICY": "binary",
        "VERIFIER_ENVELOPE": "http",
        "VERIFIER_WORKERS": "7",
        "VERIFIER_MARGIN_SECONDS": "1.5",
        "VERIFIER_TRIPWIRE_RATE": "0.25",
        "VERIFIER_SPEED": "0.5",
        "VERIFIER_METRICS": "rlvr/verifier",
    }
    assert Settings.from_environment(environment) == Settings(
        suites="suites",
        policy="binary",
        envelope="http",
        workers=7,
        margin_seconds=1.5,
        tripwire_rate=0.25,
        speed=0.5,
        metrics="rlvr/verifier",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERIFIER_ENVELOPE", "json"),
        ("VERIFIER_WORKERS", "0"),
        ("VERIFIER_WORKERS", "two"),
        ("VERIFIER_WORKERS", "²"),
        ("VERIFIER_WORKERS", "9" * 5000),
        ("VERIFIER_MARGIN_SECONDS", "-1"),
        ("VERIFIER_MARGIN_SECONDS", "nan"),
        ("VERIFIER_MARGIN_SECONDS", "inf"),
        ("VERIFIER_MARGIN_SECONDS", "a while"),
        ("VERIFIER_TRIPWIRE_RATE", "1.01"),
        ("VERIFIER_TRIPWIRE_RATE", "-0.1"),
        ("VERIFIER_TRIPWIRE_RATE", "nan"),
        ("VERIFIER_TRIPWIRE_RATE", "seldom"),
        ("VERIFIER_SPEED", "0"),
        ("VERIFIER_SPEED", "-2"),
        ("VERIFIER_SPEED", "nan"),
        ("VERIFIER_SPEED", "inf"),
        ("VERIFIER_SPEED", "fast"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    """The message begins with the variable and says what to set."""
    with pytest.raises(SettingsError, match=f"^{name}: set "):
        Settings.from_environment({name: value})


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_is_a_setting_or_an_error(workers: str, margin: str, envelope: str, rate: str) -> None:
    """No text raises anything else."""
    environment = {
        "VERIFIER_WORKERS": workers,
        "VERIFIER_MARGIN_SECONDS": margin,
        "VERIFIER_ENVELOPE": envelope,
        "VERIFIER_TRIPWIRE_RATE": rate,
    }
    try:
        settings = Settings.from_environment(environment)
    except SettingsError:
        return
    assert settings.workers >= 1
    assert settings.margin_seconds >= 0
    assert 0 <= settings.tripwire_rate <= 1


@pytest.mark.parametrize(("memory_mb", "most"), [("128", 1), ("1769", 1), ("1770", 2), ("10240", 6), ("", 10_000)])
def test_lambda_memory_bounds_the_processors(memory_mb: str, most: int) -> None:
    """Lambda shows more processors than the memory size pays for."""
    found = available_processors({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": memory_mb})
    assert 1 <= found <= min(most, len(os.sched_getaffinity(0)))
