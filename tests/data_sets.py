"""Where tests find the public data sets, which are not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def data_set(name: str) -> Path:
    """Return the path of a data set; skip the test when it is not there. Mark such tests `data`."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(os.environ.get("VERIFIER_DATA") or beside) / name
    if not path.is_file():
        pytest.skip(f"{name} is not there; put the data sets in ../shared/data or name their folder in VERIFIER_DATA")
    return path
