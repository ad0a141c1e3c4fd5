"""Fixtures of the tests of AI feedback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.feedback.endpoint import Endpoint, endpoint, settings_for
from tests.feedback.models import obedient


@pytest.fixture(scope="session")
def bedrock_server() -> Iterator[Endpoint]:
    """Run one server for all tests."""
    with endpoint(obedient) as server:
        yield server


@pytest.fixture
def bedrock(bedrock_server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """Point boto3 at the server, which has seen nothing and whose model obeys what stands outside the block."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings_for(bedrock_server.url).items():
        monkeypatch.setenv(name, value)
    bedrock_server.script = obedient
    bedrock_server.asked.clear()
    bedrock_server.arrived.clear()
    return bedrock_server
