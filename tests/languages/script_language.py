"""Languages of these tests: their compiler is a shell that runs the program, as one would that a program took over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from sandbox import languages

NAME, OF_ITS_OWN = "made", "made-of-its-own"
"""What it makes is run by a shell; or has to be a program of its own, which may be run under fewer layers."""
FOLDER = Path(__file__).with_name("made")


@contextmanager
def made_known() -> Iterator[None]:
    """Let them be known."""
    with mock.patch.dict(os.environ, {languages.FOLDER: str(FOLDER)}):
        yield
