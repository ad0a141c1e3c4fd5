"""Where submissions run, by a word of the settings: ``local``, ``docker``, ``docker:IMAGE`` or ``lambda:FUNCTION``."""

from __future__ import annotations

from collections.abc import Collection

from sandbox import LocalSandbox, Sandbox
from sandbox.settings import SettingsError
from verifier.processors import available_processors

LOCAL = "local"

_KINDS = "local, docker, docker:IMAGE or lambda:FUNCTION"
_CALLS = 32
"""Calls of a function at a time: they only wait, so the processors here do not bound them."""


def check_place(place: str, setting: str) -> str:
    """Return the word for a sandbox if it is one.

    Raises:
        SettingsError: it is none; `setting` is where it is from.
    """
    kind, colon, name = place.partition(":")
    if place == LOCAL or (kind in ("docker", "lambda") and bool(name) == (bool(colon) or kind == "lambda")):
        return place
    raise SettingsError(f"{setting}: set {_KINDS}, not {place!r}")


def default_workers(place: str) -> int:
    """Return how many answers to grade at once where nobody says."""
    return _CALLS if place.startswith("lambda:") else available_processors()


def make_sandbox(place: str, *, workers: int, require: Collection[str] | None, speed: float | None) -> Sandbox:
    """Make a sandbox.

    Args:
        place: a word that `check_place` lets through.
        workers: most programs at a time.
        require: names of layers without which nothing is run (`sandbox.layers.demands`).
        speed: how fast the machine is, None meaning that it is measured; a function measures its own.
    """
    kind, _, name = place.partition(":")
    if kind == "lambda":
        from sandbox.functions import LambdaSandbox

        return LambdaSandbox(name, workers, require=require)
    if kind == "docker":
        from sandbox.containers import DockerSandbox

        return DockerSandbox(name or default_image(), workers, require=require, speed=speed)
    return LocalSandbox(workers, require=require, speed=speed)


def default_image() -> str:
    """Return the name of the image that `verifier image build` makes."""
    from importlib.metadata import version

    return f"rlvr-verifier:{version('rlvr-verifier')}"
