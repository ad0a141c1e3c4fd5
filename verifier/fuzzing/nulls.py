"""Programs that solve nothing. What they earn on a suite is what triviality is worth there.

Each suite kind has its own: programs that read standard input, functions, or all the functions that test code names.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, starmap

import msgspec

from testsuites.literals import NAMES, write_literal
from testsuites.model import AnySuite, CallSuite, JudgeProgram, ScriptSuite, StdioSuite
from testsuites.parsing import parse
from verifier.fuzzing.agreeing import agreeing_programs
from verifier.fuzzing.examples import CallExample, RunExample, call_examples, is_literal, run_examples


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


KNOWS_EXAMPLES = "knows-the-examples"
"""Name of the program that looks its answer up among the examples that everybody may see."""


def null_battery(suite: AnySuite, statement: str | None = None) -> tuple[NullProgram, ...]:
    """Return the programs for a suite, each source once, always in the same order.

    The most frequent expected output is among the constants where at least two tests expect it: what one test alone
    expects cannot be guessed. Of test code, only what it compares a call with by ``==`` is known. Where an interactor
    asks, there is no output to expect, and no end of the input before the program's own.

    Args:
        suite: the hidden tests. Those whose names begin with "public", "sample" or "example" count as seen by
            everybody, and become a lookup table.
        statement: text of the problem; so do the examples in it.
    """
    match suite:
        case StdioSuite(interactor=JudgeProgram()):
            programs = _talkers()
        case StdioSuite():
            programs = _whole_programs(suite, statement)
        case CallSuite():
            examples = (*call_examples(statement or "", (suite.entry_point,)), *_public_calls(suite))
            programs = _functions((suite.entry_point,), _texts_expected(suite), examples)
        case ScriptSuite():
            programs = chain(
                _functions(suite.names, _literals_compared(suite), call_examples(statement or "", suite.names)),
                starmap(NullProgram, agreeing_programs(suite.names) if suite.module else ()),
            )
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


def _constants() -> Iterator[NullProgram]:
    for word in _WORDS:
        yield NullProgram(f"prints-{word or 'an-empty-line'}", f"print({word!r})\n")


def _talkers() -> Iterator[NullProgram]:
    yield from _constants()
    yield NullProgram("echoes-each-line", "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n")
    for word in ("0", "1", "YES"):
        said = f"import sys\nfor _ in sys.stdin:\n    print({word!r}, flush=True)\n"
        yield NullProgram(f"answers-each-line-with-{word}", said)


def _whole_programs(suite: StdioSuite, statement: str | None) -> Iterator[NullProgram]:
    yield NullProgram("reads-and-prints-nothing", "import sys\nsys.stdin.read()\n")
    yield from _constants()
    frequent = _most_frequent((" ".join(test.stdout.split()), test.stdout) for test in suite.tests)
    if frequent is not None:
        yield NullProgram("most-frequent-output", f"print({frequent!r}, end='')\n")
    for name, printed in _READERS.items():
        yield NullProgram(name, f"import sys\ntext = sys.stdin.read()\nprint({printed})\n", is_blind=False)
    public = (RunExample(test.stdin, test.stdout) for test in suite.tests if _is_public(test.name))
    examples = (*run_examples(statement or ""), *public)
    if examples:
        table = {" ".join(example.stdin.split()): example.stdout for example in examples}
        looked_up = f"import sys\nprint({table!r}.get(' '.join(sys.stdin.read().split()), ''), end='')\n"
        yield NullProgram(KNOWS_EXAMPLES, looked_up, is_blind=False)


def _functions(
    names: tuple[str, ...], expected: Iterable[str], examples: Sequence[CallExample]
) -> Iterator[NullProgram]:
    yield NullProgram("returns-nothing", _all(names, "pass"))
    for text in _VALUES:
        yield NullProgram(f"returns-{text}", _all(names, f"return {text}"))
    frequent = _most_frequent((text, text) for text in expected)
    if frequent is not None:
        yield NullProgram("most-frequent-value", NAMES + _all(names, f"return {frequent}"))
    for name, returned in _LOOKERS.items():
        yield NullProgram(name, _all(names, f"return {returned}"), is_blind=False)
    if examples:
        table = "".join(f"    ({example.name!r}, {example.arguments}, {example.value}),\n" for example in examples)
        look = "for f, a, value in KNOWN:\n        if (f, a) == ({name!r}, args):\n            return value"
        looked_up = f"{NAMES}KNOWN = [\n{table}]\n" + "".join(_function(name, look.format(name=name)) for name in names)
        yield NullProgram(KNOWS_EXAMPLES, looked_up, is_blind=False)


def _objects(suite: ScriptSuite) -> Iterator[NullProgram]:
    for name, source in agreeing_programs(suite.names) if suite.module else ():
        yield NullProgram(name, source)


def _all(names: tuple[str, ...], body: str) -> str:
    return "".join(_function(name, body) for name in names)


def _function(name: str, body: str) -> str:
    return f"def {name}(*args, **kwargs):\n    {body}\n"


def _is_public(name: str) -> bool:
    return re.match("public|sample|example", name, re.IGNORECASE) is not None


def _public_calls(suite: CallSuite) -> Iterator[CallExample]:
    for test in suite.tests:
        if _is_public(test.name) and not test.kwargs and test.read_back is None:
            yield CallExample(suite.entry_point, write_literal(test.args), write_literal(test.expected))


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
