"""Fixtures of the Lambda tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from verifier.aws.emulator import Emulator, EmulatorError
from verifier.aws.emulator_binary import fetch_emulator, find_emulator

BUNDLED = Path(__file__).parents[2] / "testsuites" / "bundled"


@pytest.fixture(scope="session")
def emulator_binary() -> Path:
    """Find the emulator's binary, fetched into the user's cache when it is not there."""
    try:
        return find_emulator()
    except EmulatorError:
        return fetch_emulator()


@pytest.fixture(scope="session")
def function(emulator_binary: Path) -> Iterator[Emulator]:
    """Run the handler with the bundled suites, under the emulator."""
    with Emulator({"VERIFIER_SUITES": str(BUNDLED), "VERIFIER_RIE": str(emulator_binary)}) as function:
        yield function


@pytest.fixture
def cloudwatch() -> Iterator[Any]:
    """Make an empty CloudWatch, of moto's."""
    with mock_aws():
        yield boto3.client("cloudwatch", region_name="us-east-1")
