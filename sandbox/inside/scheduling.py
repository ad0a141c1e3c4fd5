"""How a thread is scheduled, as the kernel tells it whole: things that another process of the same user can change.

Facts: sched_setattr(2), ioprio_set(2). Some hosts end a process for asking, so it is tried in a throw-away child first.
"""

from __future__ import annotations

import ctypes
import os

from . import kernel, system_calls

_OF_A_PROCESS = 1  # IOPRIO_WHO_PROCESS, which means a thread
_ROOM_BYTES = 256


def attributes_of(thread: int) -> bytes:
    """Return a thread's struct sched_attr: policy, nice, slice, bounds on the processor's speed.

    Raises:
        OSError: there is no such thread, or the host does not tell.
    """
    buffer = ctypes.create_string_buffer(_ROOM_BYTES)
    kernel.system_call(_number("sched_getattr"), thread, buffer, _ROOM_BYTES, 0)
    return buffer.raw[: int.from_bytes(buffer.raw[:4], "little")]


def set_attributes(thread: int, attributes: bytes) -> None:
    """Set what `attributes_of` returned.

    Raises:
        OSError: there is no such thread, or that takes privilege.
    """
    kernel.system_call(_number("sched_setattr"), thread, attributes, 0)


def disk_priority_of(thread: int) -> int:
    """Return a thread's disk priority; raises as `attributes_of` does."""
    return kernel.system_call(_number("ioprio_get"), _OF_A_PROCESS, thread)


def set_disk_priority(thread: int, priority: int) -> None:
    """Set what `disk_priority_of` returned; raises as `set_attributes` does."""
    kernel.system_call(_number("ioprio_set"), _OF_A_PROCESS, thread, priority)


def can_be_told() -> bool:
    """Whether the host tells all of this."""
    return bool(attributes_of(0)) and disk_priority_of(0) >= 0


def _number(name: str) -> int:
    return system_calls.number(os.uname().machine, name)
