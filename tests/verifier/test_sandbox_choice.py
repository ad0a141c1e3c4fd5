"""Where submissions run, by a word; and how many at a time."""

from __future__ import annotations

import os
from importlib.metadata import version

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sandbox import DockerSandbox, LambdaSandbox, LocalSandbox
from sandbox.settings import SettingsError
from verifier.processors import available_processors
from verifier.sandboxes import check_place, default_image, default_workers, make_sandbox

ARN = "lambda:arn:aws:lambda:us-east-1:123456789012:function:SageMaker-runner:live"


@pytest.mark.parametrize("place", ["local", "docker", "docker:image", "docker:image:1.0", "lambda:runner", ARN])
def test_a_place_is_let_through(place: str) -> None:
    """A name may hold colons, as those of images and functions do."""
    assert check_place(place, "VERIFIER_SANDBOX") == place


@pytest.mark.parametrize(
    "place", ["", " ", "local:", "local:x", "docker:", "lambda", "lambda:", ":", ":x", "Local", "podman", "dockerx:y"]
)
def test_anything_else_is_refused(place: str) -> None:
    """The message names the setting, and what to set."""
    with pytest.raises(SettingsError, match=r"^VERIFIER_SANDBOX: set local, docker, docker:IMAGE or lambda:FUNCTION"):
        check_place(place, "VERIFIER_SANDBOX")


@given(st.text())
def test_arbitrary_words_are_refused(place: str) -> None:
    """With no other error."""
    assume(place != "local" and place.partition(":")[0] not in ("docker", "lambda"))
    with pytest.raises(SettingsError):
        check_place(place, "--sandbox")


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("local", LocalSandbox),
        ("docker", DockerSandbox),
        ("docker:image:1.0", DockerSandbox),
        ("lambda:runner", LambdaSandbox),
    ],
)
def test_each_place_has_its_sandbox(place: str, kind: type) -> None:
    """Made with so many workers, and nothing started, or called, yet."""
    sandbox = make_sandbox(place, workers=3, require=None, speed=1.0)
    try:
        assert type(sandbox) is kind
        assert sandbox.workers == 3  # type: ignore[attr-defined]
    finally:
        sandbox.close()


def test_layers_are_required_of_the_sandbox() -> None:
    """A name that is none is refused where the sandbox is made here."""
    with pytest.raises(ValueError, match="there is no layer 'moat'"):
        make_sandbox("local", workers=1, require=["moat"], speed=None)


def test_the_default_image_is_that_of_this_version() -> None:
    """What `verifier image build` makes."""
    assert default_image() == f"rlvr-verifier:{version('rlvr-verifier')}"


def test_processors_bound_what_runs_here_and_not_what_only_waits() -> None:
    """Calls of a function take no processor here."""
    assert default_workers("local") == default_workers("docker:image") == available_processors()
    assert default_workers("lambda:runner") == default_workers(ARN) == 32


@pytest.mark.parametrize(("memory", "most"), [("512", 1), ("1769", 1), ("1770", 2), ("10240", 6), ("", 99), ("x", 99)])
def test_lambda_gives_processors_by_memory(memory: str, most: int) -> None:
    """1,769 MB stand for one; a machine that has fewer has fewer."""
    here = available_processors({})
    assert 1 <= here <= len(os.sched_getaffinity(0))
    assert available_processors({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": memory}) == min(here, most)
