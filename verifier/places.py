"""Where an error came from, for logs. Its text may quote what was being judged; its place does not."""

from __future__ import annotations

import traceback
from pathlib import Path


def place_of(error: BaseException) -> str:
    """Return type and origin of an error, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    last = frames[-1]
    return f"{type(error).__name__} in {last.name} ({'/'.join(Path(last.filename).parts[-2:])}:{last.lineno})"
