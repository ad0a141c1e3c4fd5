"""Fixtures shared by the tests of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import LocalSandbox
from tests.sandbox.running import ADDED


@pytest.fixture(scope="session")
def floor() -> Iterator[LocalSandbox]:
    """Two at a time on the floor, as another user with an empty root where the tests run as root.

    Programs may start processes there, see those of the machine, and signal them where the user allows it.
    """
    with LocalSandbox(workers=2, without=ADDED) as sandbox:
        yield sandbox


@pytest.fixture(params=["all", "floor"])
def each_sandbox(request: pytest.FixtureRequest) -> LocalSandbox:
    """Give one with all layers that can be had here, and the floor."""
    found: LocalSandbox = request.getfixturevalue({"all": "sandbox", "floor": "floor"}[request.param])
    return found
