"""What a sandbox is asked to run: a program, its inputs, its limits.

There is no field for an expected output, a checker or a test name: what cannot be expressed here cannot leak
to a candidate (docs/architecture.md, invariant I2).
"""

from __future__ import annotations

from typing import Any

import msgspec

MEBIBYTE = 1024 * 1024

_HARD_FACTOR = 1.5
_DOUBT_FROM = 0.8
"""Between these two shares of the limit on processor time a time-out is in doubt."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one input may use. Every figure is measured and enforced from outside the program.

    Attributes:
        cpu_seconds: user plus system time of the whole process tree, on the reference machine (`at_speed`). The start
            of the interpreter and the loading of the modules that the program names are not charged.
        idle_seconds: time during which the program neither computes nor waits for a processor; None means
            ``2 * cpu_seconds + 1``. Time that a busy machine takes away is not counted.
        memory_bytes: peak resident memory of the program, its interpreter included.
        output_bytes: standard output, or the encoded return value.
        stack_bytes: stack of the main thread.
        processes: processes and threads alive at once.
        build_seconds: processor time, and a third of the elapsed time, allowed for compiling the program and loading
            the modules it names.
        max_time_outs: after so many time-outs the remaining inputs are not run. Bounds the cost of a program that never
            ends: so many limits instead of one for each hidden test. So many times `idle_seconds` is also all that a
            program may idle away over all its inputs, and so many runs are repeated at most.
    """

    cpu_seconds: float = 5.0
    idle_seconds: float | None = None
    memory_bytes: int = 512 * MEBIBYTE
    output_bytes: int = 16 * MEBIBYTE
    stack_bytes: int = 64 * MEBIBYTE
    processes: int = 64
    build_seconds: float = 20.0
    max_time_outs: int = 3

    def __post_init__(self) -> None:
        """Refuse limits that no program could meet.

        Raises:
            ValueError: a limit is zero, negative, or not finite.
        """
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is not None and not 0 < value < float("inf"):
                raise ValueError(f"limit {name} must be positive and finite, not {value!r}")

    @property
    def idle_limit_seconds(self) -> float:
        """`idle_seconds`, or its default."""
        return 2 * self.cpu_seconds + 1 if self.idle_seconds is None else self.idle_seconds

    @property
    def hard_cpu_seconds(self) -> float:
        """Processor time at which a program is killed; `cpu_seconds` is what its run is judged by."""
        return _HARD_FACTOR * self.cpu_seconds

    def leave_in_doubt(self, cpu_seconds: float) -> bool:
        """Whether a time-out after so much processor time may be the machine's doing, and not the program's."""
        return _DOUBT_FROM * self.cpu_seconds <= cpu_seconds < self.hard_cpu_seconds

    def at_speed(self, speed: float) -> Limits:
        """Return these limits for a machine `speed` times as fast as the reference machine.

        Only processor time depends on it: who sleeps does so for the same time everywhere.
        """
        return msgspec.structs.replace(
            self,
            cpu_seconds=self.cpu_seconds / speed,
            idle_seconds=self.idle_limit_seconds,
            build_seconds=self.build_seconds / speed,
        )


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """One untrusted program.

    Attributes:
        source: program text.
        language: name of its language.
        signature: what the function that is called takes and gives (`sandbox.languages.signatures`); for calls in any
            other language than Python. It names types, and no value.
        talks: a session with it talks over its standard streams (`TALK`), in place of calling its functions.
    """

    source: str
    language: str = "python"
    signature: str = ""
    talks: bool = False

    def __repr__(self) -> str:
        """Size only: a program may quote the problem it answers."""
        return f"Program({self.language}, {len(self.source)} characters)"


class Stdin(msgspec.Struct, frozen=True):
    """Run the program as a whole, with these bytes on standard input."""

    data: bytes

    def __repr__(self) -> str:
        """Size only: inputs are hidden tests."""
        return f"Stdin({len(self.data)} bytes)"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """Call one function of the program.

    Attributes:
        function: a module-level name, or a method of a class called ``Solution``.
        args: positional arguments, plain data (see `sandbox.inside.values`).
        kwargs: keyword arguments.
        read_back: index of the argument to read after the call in place of the returned value, for problems
            that are solved in place.
        live: test code asks, and wants more than data: an object comes as a reference to it, and what happened to the
            arguments comes too (`Status.HELD`). The number is one more than how often that code was stopped: what was
            held under an earlier one is let go of. 0: nothing of the kind.
    """

    function: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    read_back: int | None = None
    live: int = 0

    def __repr__(self) -> str:
        """Name only: inputs are hidden tests."""
        return f"Call({self.function!a}, {len(self.args) + len(self.kwargs)} arguments)"


TALK = "@talk"
"""Name of the call by which a session talks with a program that `talks`. Its arguments:

    data      bytes for the program's standard input
    known     how many bytes of its standard output are known; `ITS_END`: nothing but its end is waited for
    closes    whether its standard input ends after the data

The answer is FINISHED, with the output after those bytes as its value, as soon as there is any: the program is there
and goes on. Once all its output is known the answer is how the program ended, with an exit code and without a value,
or the limit that it met, which ends it. The next call finds a new program, as after a `Session.restart`. Limits are for
the whole conversation; the figures of each answer are for the time since the one before. The program computes while
nobody waits for it, which counts, and is idle only while somebody does.

Nothing in a call depends on how the output came in parts: made again in a new program, the same calls bring a program
to the same point, and so a session can be played again (`sandbox.functions.replaying`).
"""

ITS_END = 2**62


class Brought(msgspec.Struct, frozen=True):
    """Stands, as an argument of a call that is foreseen, for what an earlier one brings (`sandbox.protocol.Foresee`).

    Attributes:
        call: number of that call among those that are foreseen.
    """

    call: int


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One program and all its inputs, which are all `Stdin` or all `Call`.

    Attributes:
        program: the program.
        inputs: at least one input.
        limits: what each input may use.
        fresh: a process for each call; otherwise one process serves all calls and is replaced after a crash or a
            time-out. Each `Stdin` always has a process of its own.
    """

    program: Program
    inputs: tuple[Stdin, ...] | tuple[Call, ...]
    limits: Limits = Limits()
    fresh: bool = False

    def __post_init__(self) -> None:
        """Refuse a job without inputs, or with inputs of both kinds.

        Raises:
            ValueError: as above.
        """
        if len({type(item) for item in self.inputs}) != 1:
            raise ValueError("a job needs at least one input, and all of one kind")
