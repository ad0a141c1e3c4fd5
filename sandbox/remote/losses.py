"""What it means when a runner is lost: it died, or never answered, while it ran a program.

Machines die, and programs kill: where programs share a user with the runner, which is so in AWS Lambda, nothing that
can be seen from here tells one from the other. Yet a failure of ours must never be a program's verdict, and no program
may choose to be left without one (docs/architecture.md, I7). So a harmless program is sent to the same place after each
loss:

- when it is lost too, nothing works there: a fault, and nothing is known of the program;
- when it comes back, and a layer that is in force keeps programs away from the runner, it was an accident: once more,
  and a fault when that does not end;
- when it comes back, and nothing keeps programs away, the program is asked again. Lost three times, each time where a
  harmless program had just lived, it did it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from sandbox.errors import SandboxFault, SandboxLost

MOST_LOSSES = 3
"""After so many the program is not asked again."""

_SHIELDS = frozenset({"namespaces", "uid", "seccomp"})
"""Layers of which each keeps a program from ending other processes (docs/architecture.md, "Layers")."""

Answer = TypeVar("Answer")


def shielded(layers: Collection[str]) -> bool:
    """Whether the layers in force keep programs from ending the runner."""
    return not _SHIELDS.isdisjoint(layers)


def ask_until_certain(ask: Callable[[], Answer], send_harmless: Callable[[], Collection[str]]) -> Answer | None:
    """Ask a runner for what a program does, again after a loss.

    Args:
        ask: asks; raises `SandboxLost` when the runner is lost.
        send_harmless: runs a program that does nothing in the same place, and returns the layers that were in force;
            raises `SandboxFault` when even that cannot be done.

    Returns:
        The answer; or None when the program ended the runner, which is a violation.

    Raises:
        SandboxFault: nothing works there.
    """
    layers: Collection[str] = ()
    for _ in range(MOST_LOSSES):
        try:
            return ask()
        except SandboxLost:
            layers = send_harmless()
    if shielded(layers):
        raise SandboxFault(f"the runner was lost {MOST_LOSSES} times, by no doing of the program")
    return None
