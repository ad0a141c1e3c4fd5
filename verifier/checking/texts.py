"""Texts of this package that run in the oracle's sandbox, and are never imported."""

from __future__ import annotations

from pathlib import Path


def text_of(name: str) -> str:
    """Return the text of one of these modules."""
    return Path(__file__).with_name(f"{name}.py").read_text()
