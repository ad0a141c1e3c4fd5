"""Runners under the real emulator, on this machine: as plain processes, behind the endpoint or alone."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from unittest import mock

from tests.functions.endpoint import endpoint
from verifier.aws.emulator import Emulator, EmulatorError
from verifier.aws.emulator_binary import fetch_emulator, find_emulator

RUNNER = "sandbox.runner.lambda_handler"
GRADER = "verifier.lambda_handler"

CALLER: Mapping[str, str] = MappingProxyType(
    {
        "AWS_ACCESS_KEY_ID": "of-no-use",
        "AWS_SECRET_ACCESS_KEY": "of-no-use",  # pragma: allowlist secret
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
)
"""What boto3 wants of whoever calls; nothing here looks at it."""


def emulator_binary() -> str:
    """Return the path of the emulator, fetched into the user's cache when it is not there."""
    try:
        return str(find_emulator())
    except EmulatorError:
        return str(fetch_emulator())


@contextlib.contextmanager
def runners(count: int, environment: Mapping[str, str], *, timeout_seconds: float = 120.0) -> Iterator[list[Emulator]]:
    """Start so many emulators whose function is the runner."""
    given = {"VERIFIER_RIE": emulator_binary(), **environment}
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(Emulator(given, handler=RUNNER, timeout_seconds=timeout_seconds)) for _ in range(count)
        ]


@contextlib.contextmanager
def called_at(url: str) -> Iterator[None]:
    """Let boto3 find functions at that address."""
    with mock.patch.dict(os.environ, {**CALLER, "AWS_ENDPOINT_URL_LAMBDA": url}):
        yield


@contextlib.contextmanager
def runners_behind_endpoint(count: int, environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Start runners behind an endpoint, where boto3 finds them; return the name of their function."""
    name = "SageMaker-runner"
    with runners(count, environment) as started:
        addresses = [runner.endpoint.removeprefix("http://") for runner in started]
        with endpoint({name: addresses}) as server, called_at(server.url):
            yield name
