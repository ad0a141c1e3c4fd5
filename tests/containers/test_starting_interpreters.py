"""An interpreter that starts can be traced by its user's processes: no program may run at that moment."""

from __future__ import annotations

import subprocess

import pytest

from tests.containers.tiers import DOCKER_DEFAULT, command


@pytest.mark.parametrize(("arguments", "expected"), [((), 0), (("--no-gate",), 1)], ids=["gate", "no gate"])
def test_a_starting_interpreter_cannot_be_traced(
    docker_engine: None, arguments: tuple[str, ...], expected: int
) -> None:
    """On the floor alone a program seizes a worker that starts beside it, unless the gate keeps the two apart."""
    ran = subprocess.run(
        command(DOCKER_DEFAULT, "-m", "tests.containers.tracing", *arguments),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (int(ran.stdout) > 0) == bool(expected)
