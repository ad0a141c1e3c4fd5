"""The messages on control sockets: one letter, then a fixed or JSON body; descriptors ride along.

judge to zygote     PROGRAM [control socket, program file]     END
zygote to judge     READY                                      ENDED
judge to program    RUN [descriptors]
program to judge    BUILT json or REFUSED why; STARTED, sent by the candidate before its first line; EXITED
"""

from __future__ import annotations

import struct

READY = b"Z"
PROGRAM = b"P"
END = b"E"
ENDED = b"e"

BUILT = b"B"
REFUSED = b"N"
RUN = b"R"
STARTED = b"S"
EXITED = b"X"

STARTED_BODY = struct.Struct("<iQ")
"""Process id; processor time spent before the first line of the program, in nanoseconds."""

EXITED_BODY = struct.Struct("<iQQI")
"""Wait status; processor time of the whole tree in nanoseconds; peak resident bytes; processes it left behind."""

DESCRIPTORS = {4 * count: struct.Struct(f"{count}i") for count in (2, 3)}
"""Descriptors that ride along (unix(7), SCM_RIGHTS), by their length in bytes."""

LONGEST = 65536
"""Longest message in bytes."""
