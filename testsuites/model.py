"""What a suite is: the hidden tests of one problem, in one of three kinds.

stdio   bytes in, text out                      `StdioSuite` of `StdioTest`
call    function + arguments in, value out      `CallSuite` of `CallTest`
script  the author wrote test code              `ScriptSuite` of `ScriptTest`

No repr here shows an input, an expected value or test code.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any, Literal

import msgspec


class SuiteLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a submission may use for each test, in the units that authors write. None: the verifier's default.

    Attributes:
        cpu_seconds: processor time, start-up not charged.
        memory_mb: peak memory in MiB.
        output_mb: standard output or return value in MiB.
    """

    cpu_seconds: float | None = None
    memory_mb: float | None = None
    output_mb: float | None = None


class Comparator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an output meets an expected output (`verifier.comparing` carries it out).

    Attributes:
        name: None means the kind's default: `tokens` for stdio, `values` for call.
        absolute: absolute tolerance for floats.
        relative: relative tolerance for floats; either is enough.
        case_sensitive: for `words`: capitals count.
        space_sensitive: for `words`: every byte of white space counts.
    """

    name: Literal["tokens", "words", "lines", "exact", "floats", "values"] | None = None
    absolute: float = 1e-6
    relative: float = 1e-6
    case_sensitive: bool = True
    space_sensitive: bool = False


class JudgeProgram(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A checker, which decides about an output, or an interactor, which talks with the solution. Part of the secret.

    Attributes:
        code: Python source.
        protocol: how it is told its files, and how it answers (docs/checkers.md).
        arguments: further arguments, such as a validator's flags.
    """

    code: str
    protocol: Literal["function", "kattis", "testlib", "prints"] = "function"
    arguments: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Protocol only."""
        return f"JudgeProgram({self.protocol!r})"


class StdioTest(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the whole program.

    Attributes:
        stdin: text given on standard input.
        stdout: expected text.
        name: for reports; shown to people who grade, so never quote hidden data in it.
        weight: share of the credit.
        group: tests of one group earn their credit only together.
    """

    stdin: str
    stdout: str
    name: str = ""
    weight: float = 1.0
    group: str | None = None

    def __repr__(self) -> str:
        """Name only."""
        return f"StdioTest({self.name!r})"


class CallTest(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the suite's entry point.

    Attributes:
        args: positional arguments, plain data.
        kwargs: keyword arguments.
        expected: value to be returned.
        also_accepted: values accepted in its place.
        read_back: index of the argument that holds the answer after the call, for problems solved in place.
        name, weight, group: as in `StdioTest`.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = {}
    expected: Any
    also_accepted: tuple[Any, ...] = ()
    read_back: int | None = None
    name: str = ""
    weight: float = 1.0
    group: str | None = None

    def __repr__(self) -> str:
        """Name only."""
        return f"CallTest({self.name!r})"


class ScriptTest(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the author's test code; it fails when it raises.

    Attributes:
        code: Python statements, run after `ScriptSuite.setup` in the same namespace.
        name, weight, group: as in `StdioTest`.
    """

    code: str
    name: str = ""
    weight: float = 1.0
    group: str | None = None

    def __repr__(self) -> str:
        """Name only."""
        return f"ScriptTest({self.name!r})"


class Suite(msgspec.Struct, frozen=True, kw_only=True, dict=True, tag_field="kind", forbid_unknown_fields=True):
    """What the three kinds share. Build a `StdioSuite`, `CallSuite` or `ScriptSuite`.

    Attributes:
        id: name in a store: parts of letters, digits, ``._-`` joined by ``/``.
        language: language that submissions are written in.
        limits: what each test may use.
        comparator: how outputs are compared.
    """

    id: str
    language: str = "python"
    limits: SuiteLimits = SuiteLimits()
    comparator: Comparator = Comparator()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything in the suite, as ``sha256:`` and 64 hexadecimal digits: which tests gave a grade."""
        canonical = _canonical(self)
        return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()

    def __repr__(self) -> str:
        """Id, kind and number of tests only."""
        return f"{type(self).__name__}({self.id!r}, {len(getattr(self, 'tests', ()))} tests)"


class StdioSuite(Suite, frozen=True, kw_only=True, tag="stdio"):
    """Whole programs that read standard input and write standard output.

    Attributes:
        checker: decides about outputs in place of the comparator, for problems with several right answers.
        interactor: gives each input and takes each output, for problems in which the solution talks with it.
    """

    tests: tuple[StdioTest, ...]
    checker: JudgeProgram | None = None
    interactor: JudgeProgram | None = None


class CallSuite(Suite, frozen=True, kw_only=True, tag="call"):
    """A function that is called with arguments.

    Attributes:
        entry_point: a module-level function, or a method of a class called ``Solution``.
        signature: what it takes and gives (docs/suites.md), such as ``add(a: int, b: int) -> int``; for every
            language but Python.
        fresh: a process for each test instead of one for all.
    """

    entry_point: str
    signature: str = ""
    tests: tuple[CallTest, ...]
    fresh: bool = False


class ScriptSuite(Suite, frozen=True, kw_only=True, tag="script"):
    """Test code written by the author, run in a process apart from the solution.

    Attributes:
        names: names that the test code takes from the solution.
        setup: code that runs before the tests, such as imports and helpers; with a `module`, a file of tests.
        module: name by which the test code imports the solution, where it does.
        integrity: ``weak`` allows test code in another language than Python, which runs in one process with the
            solution: whether it passed is what that process says.
    """

    names: tuple[str, ...]
    tests: tuple[ScriptTest, ...]
    setup: str = ""
    module: str = ""
    integrity: Literal["", "weak"] = ""


_REPR_IS_CANONICAL = frozenset({bool, float, complex, str, bytes, type(None)})


def _canonical(value: Any) -> str:
    """One text for one value: types kept apart, sets and dictionaries in sorted order."""
    if isinstance(value, msgspec.Struct):
        names = [name for name in value.__struct_fields__ if _counts(value, name)]
        fields = ",".join(f"{name}={_canonical(_as_declared(value, name))}" for name in names)
        return f"{type(value).__name__}({fields})"
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{_canonical(key)}:{_canonical(item)}" for key, item in value.items())) + "}"
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}({','.join(sorted(map(_canonical, value)))})"
    if isinstance(value, list | tuple):
        write = repr if _REPR_IS_CANONICAL.issuperset(map(type, value)) else _canonical  # long lists are of such
        return f"{type(value).__name__}({','.join(map(write, value))})"
    return format(value, "x") if type(value) is int else repr(value)  # repr refuses integers of 5,000 digits


_ADDED_LATER = {
    "module": "",
    "signature": "",
    "integrity": "",
    "checker": None,
    "interactor": None,
    "case_sensitive": True,
    "space_sensitive": False,
}
"""Fields that are left out where they are as here, so that suites from before them keep their digests."""

_FLOATS = frozenset({"cpu_seconds", "memory_mb", "output_mb", "absolute", "relative", "weight"})


def _counts(value: msgspec.Struct, name: str) -> bool:
    """Whether a field has a part in the digest."""
    return name not in _ADDED_LATER or getattr(value, name) != _ADDED_LATER[name]


def _as_declared(value: msgspec.Struct, name: str) -> Any:
    """Return a field's value; a float given as an integer is the float that a file would give."""
    item = getattr(value, name)
    return float(item) if name in _FLOATS and item is not None else item


AnySuite = StdioSuite | CallSuite | ScriptSuite
