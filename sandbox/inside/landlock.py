"""The layer `landlock`: no file, no TCP port, no abstract socket and no signal outside the candidate itself.

A rule set without a single rule denies all that it handles. It is made once for each worker, and put in force by each
candidate, which is then a domain of its own. Compilers and runtimes get rule sets of their own, with the folders that
they need. Facts: landlock(7), linux/landlock.h.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Sequence

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
_PATH_BENEATH = struct.Struct("=Qi")  # struct landlock_path_beneath_attr
_RULE_PATH_BENEATH = 1
_READ = 0b1101
"""LANDLOCK_ACCESS_FS_EXECUTE, READ_FILE and READ_DIR; bit 1 is WRITE_FILE."""
_IN_OWN_FOLDER = ~0b1000_1110_0100_0000
"""All but IOCTL_DEV, and the making of devices, sockets and pipes with names (bits 15, 6 and 9 to 11)."""
_WRITE = 0b111
_ON_FILES = 0b1000_0000_0000_0111 | 1 << 14
"""EXECUTE, WRITE_FILE, READ_FILE, TRUNCATE and IOCTL_DEV: what a rule for a file can allow; the rest is for folders."""


class Ruleset:
    """A rule set of this machine's kernel, as a descriptor; candidates inherit it."""

    def __init__(self, machine: str, reads: Sequence[str] = (), writes: Sequence[str] = ()) -> None:
        """Make it, in place of one that this process had.

        Args:
            machine: this one, as `os.uname` calls it.
            reads: files and folders that may be read and run; those that are not there are passed over. With them goes
                /dev/null, which no compiler can do without.
            writes: folders, in which all may be done but making what is neither file nor folder.

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
        self._add = system_calls.number(machine, "landlock_add_rule")
        for path in reads:
            self._allow(path, _READ)
        if reads:
            self._allow(os.devnull, _WRITE)
        for path in writes:
            self._allow(path, _IN_OWN_FOLDER & _file_rights(self.version))

    def _allow(self, path: str, rights: int) -> None:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                rights &= _ON_FILES
            rule = _PATH_BENEATH.pack(rights, descriptor)
            kernel.system_call(self._add, _OUT_OF_THE_WAY, _RULE_PATH_BENEATH, rule, 0)
        finally:
            os.close(descriptor)

    def enforce(self) -> None:
        """Put this process, and whatever it starts, under the rule set for good. Needs PR_SET_NO_NEW_PRIVS.

        Raises:
            OSError: the kernel refused.
        """
        kernel.system_call(self._restrict, _OUT_OF_THE_WAY, 0)


def attributes(version: int) -> bytes:
    """Return the struct landlock_ruleset_attr of a rule set that denies all that a version of the interface knows."""
    network = _TCP_BIND_AND_CONNECT if version >= _NETWORK_SINCE else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPES_SINCE else 0
    size = 24 if scopes else 16 if network else 8  # an older kernel takes a shorter struct
    return _ATTRIBUTES.pack(_file_rights(version), network, scopes)[:size]


def _file_rights(version: int) -> int:
    return (1 << max(count for since, count in _FILE_RIGHTS.items() if since <= version)) - 1
