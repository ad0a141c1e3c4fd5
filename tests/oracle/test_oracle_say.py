"""Objects have a say about data only where the test made them, and what a class is the test's text decides.

Each attack fools a grader where program and tests share an interpreter; beside it stands what still has to pass.
"""

from __future__ import annotations

import pytest

from sandbox import LocalSandbox
from tests.oracle.conftest import Judge
from tests.oracle.reading import suite_of
from tests.oracle.test_oracle_attacks import CLOSE, LIAR, lying, naive
from verifier.judging import judge_program
from verifier.oracle import Oracle

MADE = "    def __init__(self, *args): pass\n"
METHOD = """
import unittest
from solution import Circle

class TestCircle(unittest.TestCase):
    def setUp(self):
        self.circle = Circle(2)

    def test_grown(self):
        self.circle.grow(2)
        self.assertAlmostEqual(self.circle.area(), 50.2654825)
"""
ATTRIBUTE = "from solution import Circle\ndef test_area():\n    assert abs(Circle(2).surface - 12.566) < 1e-3\n"
LENGTH = """
import pytest
from solution import Vector

def test_length():
    vector = Vector(3, 4)
    assert vector.x
    assert round(abs(vector) - 5.0, 6) == 0

def test_product():
    assert abs(Vector(1, 2) * Vector(3, 4) - 11) < 1e-9
    assert (Vector(1, 2) * 2).x
"""
SORTED = """
from solution import order

def test_order():
    found = order({"roof": ["walls"], "walls": ["floor"], "floor": []})
    assert found.index("floor") < found.index("walls") < found.index("roof")
"""
PLACE = "from solution import f\ndef test_place():\n    assert f('a nine') and f('a nine').find('nine') >= 0\n"
UNION = "from solution import f\ndef test_union():\n    assert f([1]).union({1, 2}) == {1, 2}\n"
FACTORY = "from solution import adder\ndef test_adder():\n    assert abs(adder(2)(3) - 5) < 1e-6\n"
BOTH = f"{CLOSE}\nfrom solution import Vector\ndef test_vector():\n    assert Vector(1).x\n"
CAPITAL = CLOSE.replace("import f", "import F").replace("f(3)", "F(3)")

ATTACKS = {
    "a class by another name": (CLOSE, f"{lying()}class F(Liar):\n{MADE}f = F"),
    "a class by a known name": (BOTH, f"{lying()}class Vector(Liar):\n    x = 1\n{MADE}f = Vector"),
    "a class that is returned": (FACTORY, f"{lying()}class F(Liar):\n{MADE}adder = lambda x: F"),
    "a class for a function with a capital": (CAPITAL, f"{lying()}class F(Liar):\n{MADE}"),
    "a method that answers itself": (
        METHOD,
        f"{LIAR.format(base='', zero='0')}class Circle(Liar):\n{MADE}    grow = area = lambda self, *_: self\n",
    ),
    "an attribute that answers itself": (
        ATTRIBUTE,
        f"{LIAR.format(base='', zero='0')}class Circle(Liar):\n{MADE}    surface = property(lambda self: self)\n",
    ),
    "a length that is an object": (
        LENGTH,
        "class Vector:\n    x = 1\n    def __init__(self, *_): pass\n    __lt__ = lambda *_: True\n"
        "    __sub__ = __mul__ = __abs__ = lambda self, *_: Vector()\n    __round__ = lambda self, _: 0\n",
    ),
    "places that count up": (
        SORTED,
        "import itertools\nclass Found:\n    count = itertools.count()\n    index = lambda self, _: next(self.count)\n"
        "def order(needs): return Found()\n",
    ),
    "a place in an object": (PLACE, "class Text:\n    find = lambda *_: 0\ndef f(x): return Text()\n"),
    "a union that is its argument": (UNION, "class Set:\n    union = lambda _, other: other\ndef f(x): return Set()\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_an_object_in_the_place_of_a_value_pays_nothing(verdicts: Judge, name: str) -> None:
    """A grader that runs program and tests together passes every test; here the tests of that value fail."""
    tests, program = ATTACKS[name]
    assert naive(tests, program)
    found = verdicts(suite_of(tests), program)
    assert {verdict for test, verdict in found.items() if test != "test_vector"} == {"wrong_answer"}


RIGHT = {
    "a method's number": (
        METHOD,
        "class Circle:\n    def __init__(self, radius): self.radius = radius\n"
        "    def grow(self, times): self.radius *= times\n"
        "    def area(self): return 3.14159265359 * self.radius ** 2\n",
    ),
    "an attribute's": (
        ATTRIBUTE,
        "class Circle:\n    def __init__(self, radius): self.surface = 3.14159 * radius**2\n",
    ),
    "an operator's": (
        LENGTH,
        "class Vector:\n    def __init__(self, x, y): self.x, self.y = x, y\n"
        "    __abs__ = lambda self: (self.x**2 + self.y**2) ** 0.5\n"
        "    def __mul__(self, other):\n"
        "        if isinstance(other, Vector): return self.x * other.x + self.y * other.y\n"
        "        return Vector(self.x * other, self.y * other)\n",
    ),
    "a list": (SORTED, "def order(needs): return list(needs)[::-1]"),
    "a text": (PLACE, "def f(x): return x"),
    "a set": (UNION, "def f(x): return {1}"),
    "a function that is returned": (FACTORY, "def adder(x): return lambda y: x + y"),
    "a function with a capital": (CAPITAL, "def F(x): return 9.5"),
    "attributes with names of methods": (
        "from solution import f\ndef test_count():\n    assert f(3).count == 3 and f(3).index == 9\n",
        "class Node:\n    count, index = 3, 9\ndef f(x): return Node()\n",
    ),
    "one that gives itself back": (
        "from solution import Bag\ndef test_bag():\n    bag = Bag()\n    bag.put(3)\n    bag.put(4)\n"
        "    assert 3 in bag and 5 not in bag\n    with bag as same:\n        assert same is bag and 4 in same\n"
        "    assert bag.put(6).put(7) is bag\n",
        "class Bag:\n    def __init__(self): self.held = []\n    def put(self, x):\n        self.held.append(x)\n"
        "        return self\n    __contains__ = lambda self, x: x in self.held\n    __enter__ = lambda self: self\n"
        "    __exit__ = lambda *_: None\n",
    ),
    "sums of sums": (
        "from solution import Clock\ndef test_clock():\n    clock = Clock(9) + 1 + Clock(2) - 1\n"
        "    clock += 3\n    assert clock.hour == 14 and clock > 13 and str(-clock) == '10'\n",
        "class Clock:\n    def __init__(self, hour): self.hour = int(hour) % 24\n    __int__ = lambda self: self.hour\n"
        "    __add__ = lambda self, more: Clock(self.hour + int(more))\n"
        "    __sub__ = lambda self, less: Clock(self.hour - int(less))\n    __neg__ = lambda self: Clock(-self.hour)\n"
        "    __gt__ = lambda self, other: self.hour > other\n    __str__ = lambda self: str(self.hour)\n",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_solutions_pass(verdicts: Judge, name: str) -> None:
    """Numbers are compared as ever, and objects that a test makes are calculated with."""
    tests, program = RIGHT[name]
    assert naive(tests, program)
    assert set(verdicts(suite_of(tests), program).values()) == {"accepted"}


HINDERED = {
    "an object of a function's, compared": (
        "assert f([3]) < 9",
        "class Size:\n    __lt__ = lambda self, other: True\ndef f(x): return Size()\n",
        "it asks an object of the solution about the test's data",
    ),
    "a coroutine": (
        "import asyncio\n    assert asyncio.run(f(3)) == 9",
        "async def f(x): return x * x",
        "it awaits what the solution brings",
    ),
    "an argument that was changed": (
        "given = [3, 1]\n    assert f(given) is None\n    assert given == [1, 3]",
        "def f(x): x.sort()\n",
        "it does not see what a call changed in its arguments, since it goes on with what the call brings",
    ),
}


@pytest.mark.parametrize(("test", "program", "why"), HINDERED.values(), ids=HINDERED)
def test_an_author_is_told_what_a_right_solution_fails_by(
    sandbox: LocalSandbox, oracle: Oracle, test: str, program: str, why: str
) -> None:
    """The test is failed, whoever is right, and its detail gives the reason; one that fails plainly gives none."""
    suite = suite_of(f"from solution import f\ndef test_it():\n    {test}\n")
    (result,) = judge_program(suite, program, sandbox, oracle).tests
    assert (result.verdict, result.detail) == ("wrong_answer", f"not supported: {why}")
    (result,) = judge_program(suite, "def f(x): return 10", sandbox, oracle).tests
    assert (result.verdict, result.detail) == ("wrong_answer", "")
