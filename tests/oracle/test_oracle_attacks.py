"""Attacks on files of tests: each fools a grader where program and tests share an interpreter, and earns nothing here.

The letters are those of the groups: A ends the run, B tampers with the judge, C reads the oracle, E forges the channel.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.oracle.conftest import Judge
from tests.oracle.reading import suite_of

FUNCTION = """
import pytest
from solution import f

EXPECTED = {3: 9.5, 4: 1234.5, None: []}

def test_three():
    assert f(3) == EXPECTED[3]

def test_four():
    assert f(4) == EXPECTED[4]
"""
CLOSE = """
from solution import f

def test_close():
    assert abs(f(3) - 9.5) < 1e-6
    assert 9.4 < f(3) < 9.6
"""
DISTANT = "from solution import f\ndef test_distant():\n    assert abs(f(3) - 9.5) < 1e-6\n"
APPROX = "import pytest\nfrom solution import f\ndef test_approx():\n    assert f(3) == pytest.approx(9.5)\n"
ALMOST = """
import unittest
from solution import f

class TestF(unittest.TestCase):
    def test_almost(self):
        self.assertAlmostEqual(f(3), 9.5)
"""
EQUAL = """
import unittest
from solution import f

class TestF(unittest.TestCase):
    def test_three(self):
        self.assertEqual(f(3), 9)
"""
TEXT = """
from solution import f

def test_text():
    assert f(3).strip().startswith("nine")
    assert "ine" in f(3)
"""
SETS = """
from solution import f

def test_sets():
    assert f(3).issuperset({1, 2})
    assert not f(3).isdisjoint([2])
"""
OBJECT = """
from solution import Solution

def test_method():
    assert abs(Solution().f(3) - 9.5) < 1e-6
    assert Solution().f(4) in [16]
"""
AGAIN = """
from solution import f

def test_sorted():
    given = [3, 1, 2]
    assert f(given) == sorted(given)

def test_largest():
    given = [3, 1, 2]
    got = f(given)
    assert got == (given and sorted(given))
"""
AGAIN_IN_A_CLASS = """
import unittest
from solution import f

class TestSorted(unittest.TestCase):
    def setUp(self):
        self.given = [3, 1, 2]

    def test_sorted(self):
        self.assertEqual(f(self.given), sorted(self.given))

    def test_counted(self):
        self.assertCountEqual(f(self.given), self.given)
        self.assertEqual(f(self.given)[:1], [min(self.given, default=[])] * len(self.given[:1]))
"""
LIAR = """
class Liar{base}:
    __eq__ = lambda *_: True
    __ne__ = lambda *_: False
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *_: True
    __sub__ = __rsub__ = __abs__ = __round__ = lambda *_: {zero}
    __hash__ = lambda *_: 9
    __iter__ = lambda *_: iter([9])
    __float__ = lambda *_: 9.4
    startswith = endswith = issubset = issuperset = lambda *_: True
    isdisjoint = lambda *_: False
    strip = lower = lambda self, *_: self
"""


def lying(made: str = "Liar()", base: str = "", zero: str = "0") -> str:
    """Return a program whose functions answer with a liar."""
    return (
        f"{LIAR.format(base=base, zero=zero)}def f(x): return {made}\nclass Solution:\n    f = lambda self, x: {made}\n"
    )


ATTACKS = {
    "A1 exit at import": (FUNCTION, "import os\nos._exit(0)"),
    "A1 exit in a call": (FUNCTION, "import os\ndef f(x): os._exit(0)"),
    "A1 exit of pytest": (FUNCTION, "import pytest\ndef f(x): pytest.exit('done', returncode=0)"),
    "A2 atexit": (FUNCTION, "import atexit, os\natexit.register(os._exit, 0)\ndef f(x): return 0"),
    "A3 skips": (FUNCTION, "import pytest\ndef f(x): pytest.skip('no')"),
    "A3 skips by unittest": (EQUAL, "import unittest\ndef f(x): raise unittest.SkipTest"),
    "A6 another program": (FUNCTION, "import os\ndef f(x): os.execv('/bin/true', ['true'])"),
    "B1 equal": (FUNCTION, lying()),
    "B1 close": (CLOSE, lying()),
    "B1 close, by an object": (CLOSE, lying(zero="Liar()")),
    "B1 approximately": (APPROX, lying()),
    "B1 almost equal": (ALMOST, lying()),
    "B1 a float": (CLOSE, lying("Liar(1.0)", "(float)")),
    "B1 a text": (TEXT, lying()),
    "B1 a kind of text": (TEXT, lying("Liar('x')", "(str)")),
    "B1 a set": (SETS, lying()),
    "B1 a method's": (OBJECT, lying()),
    "B1 a class in its place": (CLOSE, f"{lying()}class f(Liar):\n    def __init__(self, x): pass"),
    "B2 unittest": (
        EQUAL,
        "import unittest\nunittest.TestCase.assertEqual = lambda *_: None\ndef f(x): return 0",
    ),
    "B2 pytest": (
        APPROX,
        "import pytest\nclass Any:\n    def __init__(self, *_): pass\n    __eq__ = lambda *_: True\n"
        "pytest.approx = Any\ndef f(x): return 0",
    ),
    "B2 abs": (DISTANT, "import builtins\nbuiltins.abs = lambda _: 0\ndef f(x): return 0"),
    "B3 the file's own module": (FUNCTION, "import sys\ndef f(x): return sys._getframe(1).f_globals['EXPECTED'][x]"),
    "C1 the stack": (FUNCTION, "import inspect\ndef f(x): return inspect.stack()[1].frame.f_globals['EXPECTED'][x]"),
    "C1 the collector": (
        FUNCTION,
        "import gc\ndef f(x):\n"
        "    return next(o for o in gc.get_objects() if type(o) is dict and 1234.5 in o.values())[x]",
    ),
    "C3 the command line": (
        FUNCTION,
        "import re, sys\ndef f(x): return float(re.search(rf'{x}: ([0-9.]+)', ''.join(sys.orig_argv))[1])",
    ),
    "C6 an argument": (AGAIN, "def f(x):\n    x.clear()\n    return x"),
    "C6 an attribute of the test": (AGAIN_IN_A_CLASS, "def f(x):\n    x.clear()\n    return x"),
    "E1 says that it passed": (
        FUNCTION,
        "import os\ndef f(x):\n    for number in range(16):\n        try: os.write(number, b'2 passed in 0.01s')\n"
        "        except OSError: pass\n    os._exit(0)",
    ),
}  # fmt: skip


NAIVE = """
import sys, types, unittest
program, tests = sys.argv[1:]
solution = sys.modules["solution"] = types.ModuleType("solution")
exec(program, vars(solution))
module = sys.modules["tests"] = types.ModuleType("tests")
exec(tests, vars(module))
for name, test in list(vars(module).items()):
    if name.startswith("test_"):
        try:
            test()
        except BaseException as error:
            if type(error).__name__ not in ("Skipped", "Exit"):
                raise
    elif name.startswith("Test"):
        if not unittest.defaultTestLoader.loadTestsFromTestCase(test).run(unittest.TestResult()).wasSuccessful():
            sys.exit(1)
"""


def naive(tests: str, program: str) -> bool:
    """Grade as most do: both in one interpreter, and exit code 0 means passed."""
    command = [sys.executable, "-I", "-c", NAIVE, program, tests]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_pays_nothing(verdicts: Judge, name: str) -> None:
    """A grader that runs program and tests together passes every test; here none is passed."""
    tests, program = ATTACKS[name]
    assert naive(tests, program)
    assert "accepted" not in verdicts(suite_of(tests), program).values()


RIGHT = [
    (FUNCTION, "def f(x): return {3: 9.5, 4: 1234.5}[x]"),
    (CLOSE, "def f(x): return 9.5"),
    (APPROX, "def f(x): return 9.5"),
    (ALMOST, "def f(x): return 9.5"),
    (EQUAL, "def f(x): return x * x"),
    (TEXT, "def f(x): return ' nine '"),
    (SETS, "def f(x): return {1, 2, 3}"),
    (OBJECT, "class Solution:\n    def f(self, x): return 9.5 if x == 3 else 16"),
    (AGAIN, "def f(x):\n    x.sort()\n    return x"),
    (AGAIN_IN_A_CLASS, "def f(x): return sorted(x)"),
]


@pytest.mark.parametrize(("tests", "program"), RIGHT)
def test_what_is_attacked_can_be_passed(verdicts: Judge, tests: str, program: str) -> None:
    """By a program that does what the tests ask for."""
    assert set(verdicts(suite_of(tests), program).values()) == {"accepted"}


def test_the_naive_grader_tells_wrong_from_right() -> None:
    """It is fooled above by attacks, not by everything."""
    assert not naive(FUNCTION, "def f(x): return 9.5")
