"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

from sandbox import LocalSandbox
from tests.containers.engine import Engine, the_engine
from tests.containers.image import built_image

_NEEDS_ENGINE = "needs a Docker Engine: "

# How long an example takes depends on what else the machine does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[LocalSandbox]:
    """Real processes on this machine, two at a time."""
    with LocalSandbox(workers=2) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[Engine]:
    """Find a Docker Engine that holds the tests' image; without one, skip, and fail where CI=true."""
    engine = the_engine()
    missing = engine.missing()
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"{_NEEDS_ENGINE}{missing}", pytrace=False)
    if missing:
        pytest.skip(f"{_NEEDS_ENGINE}{missing}")
    engine.remove_containers()
    with mock.patch.dict(os.environ, {"DOCKER_HOST": engine.host}):  # as for whoever uses the product
        yield engine
    engine.remove_containers()


@pytest.fixture(scope="session")
def verifier_image(docker_engine: Engine) -> str:
    """Return the name of this checkout's own image, built where the engine does not hold it."""
    return built_image()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say in the last lines which tests were not run for want of a Docker Engine."""
    yield
    reasons = [report.longrepr[2] for report in terminalreporter.getreports("skipped")]
    missing = [reason.partition(_NEEDS_ENGINE)[2] for reason in reasons if _NEEDS_ENGINE in reason]
    if missing:
        terminalreporter.write_line(f"not run: {len(missing)} tests need a Docker Engine ({missing[0]})", yellow=True)
