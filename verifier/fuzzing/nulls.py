"""Programs that solve nothing. What they earn on a suite is what triviality is worth there.

Each suite kind has its own: programs that read standard input, functions, or all the functions that test code names.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from testsuites.literals import NAMES, write_literal
from testsuites.model import AnySuite, CallSuite, ScriptSuite, StdioSuite
from testsuites.parsing import parse
from verifier.fuzzing.examples import call_examples, is_literal, run_examples


class NullProgram(msgspec.Struct, frozen=True):
    """One of them.

    Attributes:
        name: what it does, in a few words joined by hyphens; never says what a test expects.
        source: its whole program, which may hold an expected output, so it is not in the repr.
        is_blind: its answer does not depend on the input. One that looks may be right: the length of a list is a fair
            answer where the problem asks for it.
    """

    name: str
    source: str
    is_blind: bool = True

    def __repr__(self) -> str:
        """Name only."""
        return f"NullProgram({self.name!r})"


def null_battery(suite: AnySuite, statement: str | None = None) -> tuple[NullProgram, ...]:
    """Return the programs for a suite, each source once, always in the same order.

    The most frequent expected output is among the constants where at least two tests expect it: what one test alone
    expects cannot be guessed. Of test code, only what it compares a call with by ``==`` is known.

    Args:
        suite: the hidden tests.
        statement: text of the problem; the examples in it become a lookup table.
    """
    match suite:
        case StdioSuite():
            programs = _whole_programs(suite, statement)
        case CallSuite():
            programs = _functions((suite.entry_point,), _texts_expected(suite), statement)
        case ScriptSuite():
            programs = _functions(suite.names, _literals_compared(suite), statement)
    first: dict[str, NullProgram] = {}
    for program in (*_NOTHING, *programs):
        first.setdefault(program.source, program)
    return tuple(first.values())


_NOTHING = (NullProgram("empty", ""), NullProgram("pass", "pass\n"))
_WORDS = ("0", "1", "-1", "2", "", "NO", "No", "no", "YES", "Yes", "yes", "True", "False", "None", "[]")
_VALUES = (
    "0",
    "1",
    "-1",
    "2",
    "''",
    "'NO'",
    "'No'",
    "'YES'",
    "'Yes'",
    "True",
    "False",
    "[]",
    "()",
    "{}",
    "0.0",
    "[[]]",
)
_READERS = {
    "echoes-input": "text",
    "first-line": "text.splitlines()[0]",
    "last-line": "text.splitlines()[-1]",
    "first-word": "text.split()[0]",
    "last-word": "text.split()[-1]",
    "counts-lines": "len(text.splitlines())",
    "counts-words": "len(text.split())",
    "reverses-words": "*text.split()[::-1]",
    "sorts-words": "*sorted(text.split())",
}
"""What is printed, of `text`, the whole input."""
_LOOKERS = {
    "returns-argument": "args[0]",
    "returns-last-argument": "args[-1]",
    "returns-arguments": "list(args)",
    "copies-argument": "args[0][:]",
    "first-element": "args[0][0]",
    "last-element": "args[0][-1]",
    "length": "len(args[0])",
    "sorted-copy": "sorted(args[0])",
    "reversed-copy": "args[0][::-1]",
    "sum": "sum(args[0])",
    "largest": "max(args[0])",
    "smallest": "min(args[0])",
    "text-of-argument": "str(args[0])",
    "sorts-in-place": "args[0].sort()",
    "reverses-in-place": "args[0].reverse()",
}
"""What is returned, of `args`."""


def _whole_programs(suite: StdioSuite, statement: str | None) -> Iterator[NullProgram]:
    yield NullProgram("reads-and-prints-nothing", "import sys\nsys.stdin.read()\n")
    for word in _WORDS:
        yield NullProgram(f"prints-{word or 'an-empty-line'}", f"print({word!r})\n")
    frequent = _most_frequent((" ".join(test.stdout.split()), test.stdout) for test in suite.tests)
    if frequent is not None:
        yield NullProgram("most-frequent-output", f"print({frequent!r}, end='')\n")
    for name, printed in _READERS.items():
        yield NullProgram(name, f"import sys\ntext = sys.stdin.read()\nprint({printed})\n", is_blind=False)
    examples = run_examples(statement or "")
    if examples:
        table = {" ".join(example.stdin.split()): example.stdout for example in examples}
        looked_up = f"import sys\nprint({table!r}.get(' '.join(sys.stdin.read().split()), ''), end='')\n"
        yield NullProgram("knows-the-examples", looked_up, is_blind=False)


def _functions(names: tuple[str, ...], expected: Iterable[str], statement: str | None) -> Iterator[NullProgram]:
    yield NullProgram("returns-nothing", _all(names, "pass"))
    for text in _VALUES:
        yield NullProgram(f"returns-{text}", _all(names, f"return {text}"))
    frequent = _most_frequent((text, text) for text in expected)
    if frequent is not None:
        yield NullProgram("most-frequent-value", NAMES + _all(names, f"return {frequent}"))
    for name, returned in _LOOKERS.items():
        yield NullProgram(name, _all(names, f"return {returned}"), is_blind=False)
    examples = call_examples(statement or "", names)
    if examples:
        table = "".join(f"    ({example.name!r}, {example.arguments}, {example.value}),\n" for example in examples)
        look = "for f, a, value in KNOWN:\n        if (f, a) == ({name!r}, args):\n            return value"
        looked_up = f"KNOWN = [\n{table}]\n" + "".join(_function(name, look.format(name=name)) for name in names)
        yield NullProgram("knows-the-examples", looked_up, is_blind=False)


def _all(names: tuple[str, ...], body: str) -> str:
    return "".join(_function(name, body) for name in names)


def _function(name: str, body: str) -> str:
    return f"def {name}(*args, **kwargs):\n    {body}\n"


def _texts_expected(suite: CallSuite) -> Iterator[str]:
    return (write_literal(test.expected) for test in suite.tests)


def _literals_compared(suite: ScriptSuite) -> Iterator[str]:
    """Return what test code compares a call with, as text: ``3`` of ``assert f(1) == 3``."""
    for test in suite.tests:
        try:
            tree = parse(test.code)
        except ValueError:
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Compare(left=ast.Call(), ops=[ast.Eq()], comparators=[literal]) if is_literal(literal):
                    yield ast.unparse(literal)


def _most_frequent(outputs: Iterable[tuple[str, str]]) -> str | None:
    """Return the first spelling of what occurs most often, and twice at least; the first such, if several do.

    Args:
        outputs: what tells two of them apart, and how it is spelt.
    """
    spellings: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for key, spelling in outputs:
        spellings.setdefault(key, spelling)
        counts[key] += 1
    key, count = counts.most_common(1)[0] if counts else ("", 0)
    return spellings[key] if count > 1 else None
