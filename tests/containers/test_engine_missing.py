"""What a run of the tests says where no Docker Engine answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.containers.engine import ROOT

NOWHERE = "unix:///nonexistent/docker.sock"
REASON = f"no Docker Engine answers at {NOWHERE}; run .ci/docker start"
TWO_TESTS = "test_a_naive_probe_dies_where_lambda_kills or test_containers_that_a_test_left_behind"

# The tests of this file must not go to a worker of their own run.
ALONE = ("-p", "no:cacheprovider", "-p", "no:xdist")
SPREAD = ("-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile")


def run_two_tests(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run two tests that need an engine, in a pytest of their own, where none answers."""
    inherited = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-k", TWO_TESTS, str(Path(__file__).parent / "test_containers.py")],
        cwd=ROOT,
        env={**inherited, "DOCKER_HOST": NOWHERE, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize("options", [ALONE, SPREAD], ids=["one process", "two workers"])
def test_tests_without_an_engine_are_skipped_and_counted(options: tuple[str, ...]) -> None:
    """They are no failure, and the line above pytest's last one says how many were not run, and why."""
    ended = run_two_tests(*options)
    *_, not_run, summary = ended.stdout.splitlines()
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert not_run == f"not run: 2 tests need a Docker Engine ({REASON})"
    assert "2 skipped" in summary


@pytest.mark.parametrize("options", [ALONE, SPREAD], ids=["one process", "two workers"])
def test_tests_without_an_engine_fail_in_ci(options: tuple[str, ...]) -> None:
    """Where CI=true they fail the run, with the reason."""
    ended = run_two_tests(*options, CI="true")
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert REASON in ended.stdout
    assert "2 errors" in ended.stdout.splitlines()[-1]


def test_a_missing_image_is_told_from_a_missing_engine(tmp_path: Path) -> None:
    """Where the engine answers and holds no image, the reason names the command that makes it."""
    engine = tmp_path / "docker"  # stands in for the client of an engine without images
    engine.write_text('#!/bin/sh\n[ "$3" = version ]\n')
    engine.chmod(0o755)
    ended = run_two_tests(*ALONE, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert "image missing: rlvr-verifier-tests:" in ended.stdout
    assert "run .ci/docker image" in ended.stdout.splitlines()[-2]
