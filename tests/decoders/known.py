"""Every decoder under test, by name, those nearest to a program first."""

from __future__ import annotations

import importlib

from tests.decoders.decoder import Decoder

NAMES = (
    *("frames", "control", "values", "messages", "payload", "events"),
    *("native", "inline", "literals", "rows", "packed", "answers"),
)
PLANTED = "planted"
"""Not a decoder of ours: it shows that a crash is found."""


def decoder_named(name: str) -> Decoder:
    """Load one decoder, with the code that it tests and no other: a worker counts branches in what it loads."""
    decoder: Decoder = importlib.import_module(f"tests.decoders.catalog.{name}").DECODER
    return decoder
