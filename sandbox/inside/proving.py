"""Prove something in a throw-away child: where a host forbids it, the child may be killed for trying."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

_NO_EFFECT = 255


class Unproved(Exception):
    """The trial failed; the text says why, in a few words."""


def prove(trial: Callable[[], bool], *, ends_by: int = 0) -> None:
    """Call `trial` in a child.

    Args:
        trial: returns whether it saw what it should; an `OSError` that it raises is the reason why it did not.
        ends_by: number of the signal that must end the child instead, where there is one.

    Raises:
        Unproved: it failed, or the child ended in another way than it should.
    """
    child = os.fork()
    if child == 0:
        code = _NO_EFFECT
        try:
            code = 0 if trial() else _NO_EFFECT
        except OSError as error:
            code = error.errno or _NO_EFFECT
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == -ends_by:
        return
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"SIG{-code}"
        raise Unproved(f"trying it is answered with {name}")
    raise Unproved(os.strerror(code) if 0 < code < _NO_EFFECT else "it has no effect")


def denied(act: Callable[[], object]) -> bool:
    """Whether the kernel refuses an act."""
    try:
        act()
    except OSError:
        return True
    return False
