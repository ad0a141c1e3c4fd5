"""Tell a program whether it is run again, as none can know in the product: repeats have processes started for them."""

from __future__ import annotations

import itertools

import pytest

from sandbox.local import zygote

_NUMBERS = itertools.count()


def first_run(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return an expression, for a program that imports `os`, that is true in a process which lives by now.

    Those that are started from now on, until the test ends, find a word in their environment.
    """
    word = f"REPEAT_{next(_NUMBERS)}"
    monkeypatch.setitem(zygote.ENVIRONMENT, word, "1")
    return f"({word!r} not in os.environ)"
