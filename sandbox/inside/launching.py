"""Become the program process in C (`sandbox/native/launch.c`), where there is one and the layers allow it.

It has no eyes for objects and names that candidates leave, nor for processes that it may not signal all at once: it
serves where none of that can be, which is under the filter, and where a program process is alone.
"""

from __future__ import annotations

import os
from typing import Any

from . import candidate, native
from .layers import Layers

LAUNCHER = 69
"""The descriptor of its file: above those that are in use by then."""
_FILTER = 68
"""Where it finds the candidates' filter."""
_UNLIMITED = 2**64 - 1


def become_launcher(order: dict[str, Any], plan: candidate.Plan, layers: Layers) -> None:
    """Go on as the launcher; return where it does not serve, or cannot be started.

    Args:
        order: what the judge ordered, of a program that closes at exec.
        plan: how its candidates live.
        layers: what they are under.
    """
    if not (layers.native_filter and layers.alone_as_user):
        return
    file = os.memfd_create("filter")
    os.write(file, layers.native_filter)
    os.dup2(file, _FILTER)
    limits = [
        number
        for what, (_, hard) in plan.limits
        for number in (what, _UNLIMITED if hard < 0 else hard)  # RLIM_INFINITY is below zero
    ]
    figures = [plan.first, int("landlock" in layers.in_force), len(plan.limits), *limits]
    arguments = ["launch", *map(str, figures), "solution", *order["command"][1:]]
    os.set_inheritable(native.ARTEFACT, True)
    try:
        os.execve(LAUNCHER, arguments, order["environment"])  # noqa: S606 - there is no shell in this
    except OSError:
        os.set_inheritable(native.ARTEFACT, False)
