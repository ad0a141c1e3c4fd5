"""What it means when a runner is lost: it died, or never answered, while it ran a program.

Machines die, and programs kill: where programs share a user with the runner, which is so in AWS Lambda, nothing that
can be seen from here tells one from the other. Yet a failure of ours must never be a program's verdict, and no program
may choose to be left without one (docs/architecture.md, I7). So a harmless program is sent to the same place after each
loss, a few times, so that chance, and the order in which places take turns, do not decide:

- when one of those is lost too, the place is not what it should be: the program is asked again, and never judged by
  what was lost there;
- when they come back, and a layer that is in force keeps programs away from the runner, it was an accident: once more,
  and a fault when that does not end;
- when they come back, and nothing keeps programs away, the program is asked again. Lost three times, each time where
  harmless programs lived, it did it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from typing import TypeVar

from sandbox.errors import SandboxFault, SandboxLost

MOST_LOSSES = 3
"""After so many the program is not asked again."""

_HARMLESS = (3, 6)
"""Harmless programs after a loss, at least and at most. How many is drawn: nobody can arrange who meets what."""
_MOST_HARMLESS_LOST = 6
_FIRST_PAUSE_SECONDS = 0.2
_CHANCE = random.SystemRandom()

_SHIELDS = frozenset({"namespaces", "uid", "seccomp"})
"""Layers of which each keeps a program from ending other processes (docs/architecture.md, "Layers")."""

Answer = TypeVar("Answer")
SendHarmless = Callable[[], Collection[str]]
"""Runs a program that does nothing in the same place, and returns the layers that were in force. Raises `SandboxLost`
when even that is lost, and `SandboxFault` when it cannot be done at all."""


def shielded(layers: Collection[str]) -> bool:
    """Whether the layers in force keep programs from ending the runner."""
    return not _SHIELDS.isdisjoint(layers)


def ask_until_certain(
    ask: Callable[[], Answer], send_harmless: SendHarmless, wait: Callable[[float], object]
) -> Answer | None:
    """Ask a runner for what a program does, again after a loss.

    Args:
        ask: asks; raises `SandboxLost` when the runner is lost.
        send_harmless: as above.
        wait: waits for so many seconds.

    Returns:
        The answer; or None when the program ended the runner, which is a violation.

    Raises:
        SandboxFault: nothing works there, or it cannot be told whether the program did it.
    """
    layers: Collection[str] = ()
    certain = True
    for _ in range(MOST_LOSSES):
        try:
            return ask()
        except SandboxLost:
            layers, all_lived = look_around(send_harmless, wait)
            certain = certain and all_lived
    if shielded(layers):
        raise SandboxFault(f"the runner was lost {MOST_LOSSES} times, by no doing of the program")
    if not certain:
        raise SandboxFault(f"the runner was lost {MOST_LOSSES} times, and so were harmless programs")
    return None


def look_around(send_harmless: SendHarmless, wait: Callable[[float], object]) -> tuple[Collection[str], bool]:
    """Send harmless programs to where a runner was lost; return the layers in force, and whether all of them lived.

    Raises:
        SandboxFault: nothing works there.
    """
    lived = lost = 0
    wanted = _CHANCE.randint(*_HARMLESS)
    layers: Collection[str] = ()
    while lived < wanted and not shielded(layers):
        try:
            layers = send_harmless()
            lived += 1
        except SandboxLost as error:
            lost += 1
            if lost > _MOST_HARMLESS_LOST:
                raise SandboxFault(f"harmless programs are lost there too: {error}") from None
            wait(_FIRST_PAUSE_SECONDS * 2 ** (lost - 1))
    return layers, not lost
