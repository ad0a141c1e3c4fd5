"""Fixtures shared by all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import LocalSandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[LocalSandbox]:
    """Real processes on this machine, two at a time."""
    with LocalSandbox(workers=2) as sandbox:
        yield sandbox
