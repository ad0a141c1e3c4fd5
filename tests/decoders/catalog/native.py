"""Suites in the native format: a set of files, such as a directory, an archive or a bucket holds."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from tests.decoders.decoder import HIDDEN, Decoder
from tests.decoders.mutating import of_text
from testsuites.errors import SuiteInvalid
from testsuites.native import SuiteFiles, parse_suite
from testsuites.native_folder import read_suite, write_suite

_HEADER = re.compile(rb"^=== (\S+)\n", re.MULTILINE)
"""Before each file of an input stands its name."""


def _read(data: bytes) -> None:
    _, *parts = _HEADER.split(data)
    files = {name.decode("utf-8", "replace"): body for name, body in zip(parts[::2], parts[1::2], strict=True)}
    suite = parse_suite(SuiteFiles("place", files.keys(), files.__getitem__), "a/b")
    with tempfile.TemporaryDirectory() as folder:
        write_suite(Path(folder), suite)
        back = read_suite(Path(folder), "a/b")
    assert back.digest == suite.digest, "a suite changes when it is written and read"
    assert HIDDEN not in repr(suite)


def _files(**files: str) -> bytes:
    return "".join(
        f"=== {name.replace('__', '/').replace('_dot_', '.')}\n{text}" for name, text in files.items()
    ).encode()


_STDIO = f"""kind = "stdio"
language = "python"
[limits]
cpu_seconds = 2
memory_mb = 64.5
[comparator]
name = "floats"
absolute = 1e-9
[[tests]]
stdin = '{HIDDEN}'
stdout = '''{HIDDEN}'''
weight = 2
group = "g"
"""
_CALL = f"""kind = "call"
entry_point = "f"
fresh = true
[[tests]]
name = "n"
args_literal = "({{1}}, b'{HIDDEN}', None, -1.5, 1 + 2j, Decimal('1.0'))"
kwargs = {{ k = [1, "{HIDDEN}"] }}
expected_literal = "{{1: frozenset({{(2,)}})}}"
also_accepted = [nan, 1979-05-27]
read_back = 0
"""
_SCRIPT = {"kind": "script", "names": ["f"], "setup": "import math", "tests": [{"code": f"assert f() == '{HIDDEN}'"}]}
_VALUES = {"args": [float("nan"), 10**400], "expected": None, "also_accepted": [[HIDDEN]], "weight": 0.5}


def _seeds() -> list[bytes]:
    calls = {"kind": "call", "entry_point": "f", "tests": [_VALUES], "comparator": {"name": "values", "relative": 0}}
    return [
        _files(suite_dot_toml=_STDIO, tests__2_dot_in="1\n", tests__2_dot_ans="2\n"),
        _files(suite_dot_toml=_CALL.replace(", 1979-05-27", "")),
        _files(suite_dot_json=json.dumps(calls)),
        _files(suite_dot_json=json.dumps(_SCRIPT) + "\n", tests__one_dot_py="assert f(1)\n"),
    ]


_WORDS = (
    *("=== suite.toml\n", "=== suite.json\n", "=== tests/a.in\n", "=== tests/a.ans\n", "=== tests/a.py\n"),
    *('kind = "stdio"\n', 'kind = "call"\n', 'kind = "script"\n', "[[tests]]\n", "[limits]\n", "[comparator]\n"),
    *('stdin = ""\n', 'stdout = ""\n', "args = []\n", "expected = 1\n", "expected_literal = ", "args_literal = "),
    *('"kind": "call"', '"tests": [', '"names"', '"setup"', "kwargs_literal = ", "also_accepted = [", "read_back = "),
    *(
        "a.",
        ".",
        "[",
        "]",
        "{",
        "}",
        '"""',
        "'''",
        "'",
        '"',
        " = ",
        "1979-05-27",
        "07:32:00",
        "nan",
        "1e999",
        "0x",
        ",",
    ),
    *("frozenset({", "})", "Decimal('", "Fraction(", "complex(", "set()", "(", ")", "\\ud800", "\ufeff", HIDDEN),
)
DECODER = Decoder(
    name="native",
    reads="the files of a suite",
    read=_read,
    refuses=(SuiteInvalid,),
    seeds=_seeds,
    words=_WORDS,
    mutate=of_text(_WORDS),
    longest=16384,
)
