"""Hypothesis keeps notes in a folder `.hypothesis` where it is run; a command leaves nothing in its user's folder."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def hypothesis_home() -> Iterator[None]:
    """Let Hypothesis keep its notes in a folder that is thrown away."""
    from hypothesis.configuration import set_hypothesis_home_dir

    with tempfile.TemporaryDirectory(prefix="verifier-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
