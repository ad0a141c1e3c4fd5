"""Keep the memory of a long-lived judge from growing with the largest outputs that it ever held."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3
_THRESHOLD_BYTES = 256 * 1024


def give_back_large_blocks() -> None:
    """Have the C library give large blocks back to the system as soon as they are free (mallopt(3), M_MMAP_THRESHOLD).

    It raises that threshold by itself up to 32 MiB, and blocks below it leave gaps behind. For processes that are a
    judge and nothing else: it holds for the whole process. Without effect where the C library has no such function.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _THRESHOLD_BYTES)
