"""A machine for the BPF programs that filter system calls: what the kernel does with them, in a few lines.

Facts: linux/filter.h, linux/seccomp.h, and bpf_check_classic and seccomp_check_filter of the kernel.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_MOST_INSTRUCTIONS = 4096
_DATA = struct.Struct("=iIQ6Q")  # struct seccomp_data


class Instruction(NamedTuple):
    """One struct sock_filter."""

    code: int
    jump_true: int
    jump_false: int
    value: int


class Machine:
    """Holds one program, and runs it on one system call after another.

    Attributes:
        longest: most instructions that a run has taken so far.
    """

    def __init__(self, code: bytes) -> None:
        """Check the program as the kernel does.

        Raises:
            AssertionError: the kernel would refuse it.
        """
        self.program = [Instruction._make(each) for each in struct.iter_unpack("=HBBI", code)]
        self.longest = 0
        assert 0 < len(self.program) <= _MOST_INSTRUCTIONS
        assert self.program[-1].code == _RETURN
        for place, instruction in enumerate(self.program):
            assert instruction.code in {_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN}
            if instruction.code == _LOAD:
                assert instruction.value % 4 == 0
                assert instruction.value < _DATA.size
            if instruction.code in {_EQUAL, _AT_LEAST, _ANY_BIT}:
                assert place + 1 + max(instruction.jump_true, instruction.jump_false) < len(self.program)

    def run(self, architecture: int, number: int, arguments: Sequence[int] = ()) -> int:
        """Return what the program says of a call: SECCOMP_RET_*, with its data."""
        padded = (*arguments, *[0] * (6 - len(arguments)))
        number = number - (1 << 32) if number >= 1 << 31 else number
        data = _DATA.pack(number, architecture, 0, *padded)
        place = loaded = 0
        for step in range(1, len(self.program) + 1):
            code, jump_true, jump_false, value = self.program[place]
            place += 1
            if code == _RETURN:
                self.longest = max(self.longest, step)
                return value
            if code == _LOAD:
                (loaded,) = struct.unpack_from("=I", data, value)
            else:
                holds = {_EQUAL: loaded == value, _AT_LEAST: loaded >= value, _ANY_BIT: bool(loaded & value)}[code]
                place += jump_true if holds else jump_false
        raise AssertionError("the program does not end")
