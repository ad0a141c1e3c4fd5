"""What keeps a target from being attacked at all."""

from __future__ import annotations


class TargetError(Exception):
    """The target cannot be found or started, or nothing can be measured. The message says what to do."""
