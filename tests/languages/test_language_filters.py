"""The filters for programs that are no Python: what each allows besides, and what none does."""

from __future__ import annotations

import errno
import struct
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.inside import seccomp, system_calls
from sandbox.inside.system_calls import MACHINES
from tests.sandbox.bpf import Machine

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, KILL, DENIED = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM
OWN, OTHER = 4321, 99
"""The process id that filters are made for here, and one of somebody else."""
SERVED = get_args(seccomp.Serves)
CLOSED = ("socket", "accept", "accept4", "memfd_secret", "inotify_init1", "signalfd4", "openat2")
"""Ways to a descriptor that nobody has, a compiler no more than a program."""


def _filter(machine: str, serves: seccomp.Serves) -> Machine:
    made = seccomp.Filter(machine, serves)
    return Machine(bytes(made.code).replace(struct.pack("=I", seccomp._OWN_PID), struct.pack("=I", OWN)))


FILTERS = {(machine, serves): _filter(machine, serves) for machine in MACHINES for serves in SERVED}
cases = pytest.mark.parametrize(("machine", "serves"), FILTERS)


def _numbers(machine: str, *groups: system_calls.Numbers) -> dict[str, int]:
    return {name: number for group in groups for name, number in system_calls.on(machine, group).items()}


@cases
def test_what_no_right_program_does_ends_any(machine: str, serves: seccomp.Serves) -> None:
    """Tracing, other processes' memory, keys, shared objects, io_uring, mounts and namespaces, for compilers too."""
    for number in _numbers(machine, system_calls.FORBIDDEN).values():
        assert FILTERS[machine, serves].run(ARCHITECTURES[machine], number) == KILL


@cases
def test_no_filter_leads_to_the_network(machine: str, serves: seccomp.Serves) -> None:
    """A socket is refused whatever its family; a pair is joined with nobody."""
    numbers = _numbers(machine, system_calls.NO_DESCRIPTOR)
    for name in set(CLOSED) & numbers.keys():
        for family in (1, 2, 10, 16, 17):
            answer = FILTERS[machine, serves].run(ARCHITECTURES[machine], numbers[name], (family, 1))
            assert answer == 0x50000 | errno.EMFILE, name


@cases
def test_nobody_signals_another(machine: str, serves: seccomp.Serves) -> None:
    """A shell is refused, for it signals what it started; all others end by it."""
    numbers = _numbers(machine, system_calls.BY_ARGUMENT)
    run = FILTERS[machine, serves].run
    refusal = DENIED if serves in ("runtime", "processes") else KILL
    for name in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "prlimit64"):
        assert run(ARCHITECTURES[machine], numbers[name], (OWN,)) == ALLOW
        assert run(ARCHITECTURES[machine], numbers[name], (OTHER,)) == refusal


@cases
def test_who_may_start_what(machine: str, serves: seccomp.Serves) -> None:
    """A process is for compilers and shells alone; threads are for all."""
    clone = _numbers(machine, system_calls.BY_ARGUMENT)["clone"]
    run = FILTERS[machine, serves].run
    assert run(ARCHITECTURES[machine], clone, (0x3D0F00,)) == ALLOW
    assert (run(ARCHITECTURES[machine], clone, (17,)) == ALLOW) == (serves == "processes")


@cases
@given(directory=st.integers(0, 2**32 - 1), flags=st.integers(0, 2**32 - 1))
def test_a_program_becomes_another_by_its_descriptor_alone(
    machine: str, serves: seccomp.Serves, directory: int, flags: int
) -> None:
    """So it can name none: once the descriptor is closed, there is nothing to become."""
    number = _numbers(machine, system_calls.BECOMING)["execveat"]
    answer = FILTERS[machine, serves].run(ARCHITECTURES[machine], number, (directory, 0, 0, 0, flags))
    assert (answer == ALLOW) == (serves == "processes" or (serves == "native" and flags == 0x1000))


@cases
def test_memory_that_is_shared_has_a_file(machine: str, serves: seccomp.Serves) -> None:
    """What has no name would be in nobody's figures; what starts processes may have it, and is measured with them."""
    number = _numbers(machine, system_calls.BY_ARGUMENT)["mmap"]
    run = FILTERS[machine, serves].run
    shared, anonymous, private = 0x1, 0x20, 0x2
    assert run(ARCHITECTURES[machine], number, (0, 0, 0, private | anonymous)) == ALLOW
    assert (run(ARCHITECTURES[machine], number, (0, 0, 0, shared | anonymous)) == ALLOW) == (serves == "processes")
    assert (run(ARCHITECTURES[machine], number, (0, 0, 0, shared)) == ALLOW) == (serves in ("runtime", "processes"))


@cases
def test_a_built_program_may_wait_and_open_nothing_else(machine: str, serves: seccomp.Serves) -> None:
    """Timers of Go take epoll and a pipe; files, directories and names are as closed as for Python."""
    if serves != "native":
        pytest.skip("for what is built")
    run, python = FILTERS[machine, serves].run, FILTERS[machine, "python"].run
    besides = {*_numbers(machine, system_calls.FOR_EVENTS, system_calls.BECOMING).values()}
    for number in range(512):
        answers = run(ARCHITECTURES[machine], number), python(ARCHITECTURES[machine], number)
        assert answers[0] == answers[1] or (number in besides and answers[0] in (ALLOW, DENIED)), number
