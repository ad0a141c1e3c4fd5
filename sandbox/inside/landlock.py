"""The layer `landlock`: no file, no TCP port, no abstract socket and no signal outside the candidate itself.

A rule set without a single rule denies all that it handles. It is made once for each worker, and put in force by each
candidate, which is then a domain of its own. Facts: landlock(7), linux/landlock.h.
"""

from __future__ import annotations

import os
import struct

from . import kernel, system_calls

_VERSION_FLAG = 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many kinds of file access each version of the interface knows; version 2 added REFER, 3 TRUNCATE, 5 IOCTL_DEV."""
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_OUT_OF_THE_WAY = 65
"""The rule set's descriptor: above those that a candidate's own will take."""
_ATTRIBUTES = struct.Struct("=QQQ")  # struct landlock_ruleset_attr


class Ruleset:
    """A rule set of this machine's kernel, as a descriptor; candidates inherit it."""

    def __init__(self, machine: str) -> None:
        """Make it.

        Raises:
            OSError: the kernel has no Landlock, or it is switched off.
        """
        create = system_calls.number(machine, "landlock_create_ruleset")
        self.version = kernel.system_call(create, 0, 0, _VERSION_FLAG)
        handled = attributes(self.version)
        made = kernel.system_call(create, handled, len(handled), 0)
        os.dup2(made, _OUT_OF_THE_WAY)
        os.close(made)
        self._restrict = system_calls.number(machine, "landlock_restrict_self")

    def enforce(self) -> None:
        """Put this process, and whatever it starts, under the rule set for good. Needs PR_SET_NO_NEW_PRIVS.

        Raises:
            OSError: the kernel refused.
        """
        kernel.system_call(self._restrict, _OUT_OF_THE_WAY, 0)


def attributes(version: int) -> bytes:
    """Return the struct landlock_ruleset_attr of a rule set that denies all that a version of the interface knows."""
    file_rights = max(count for since, count in _FILE_RIGHTS.items() if since <= version)
    network = _TCP_BIND_AND_CONNECT if version >= _NETWORK_SINCE else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPES_SINCE else 0
    size = 24 if scopes else 16 if network else 8  # an older kernel takes a shorter struct
    return _ATTRIBUTES.pack((1 << file_rights) - 1, network, scopes)[:size]
