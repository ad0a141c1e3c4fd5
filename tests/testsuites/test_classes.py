"""Which names test code uses as classes is read from its text: what a function is used for makes it none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.classes import classes_used

AS_CLASSES = {
    "caught": "try: f()\nexcept X: pass",
    "caught with others": "try: f()\nexcept (ValueError, X): pass",
    "expected": "with pytest.raises(X): f()",
    "expected by unittest": "with self.assertRaises((X, ValueError)): f()",
    "an instance of it": "assert isinstance(f(), X)",
    "an instance, by unittest": "self.assertIsInstance(f(), X)",
    "the type of something": "assert type(f()) is X",
    "a base": "class Mine(X): pass",
    "an annotation": "def helper(x: list[X]): pass",
    "what a function returns": "def helper() -> X: pass",
    "a pattern": "match f():\n    case X(): pass",
    "an attribute of its own": "assert X.RED",
    "an item of its own": "assert X['RED']",
    "an attribute of an object": "assert X(1).total == 3",
    "an attribute that dates have as well": "assert X(1).hour == 3",
    "a method of an object": "x = X(1)\nx.push(3)",
    "an attribute, in a method": "class T:\n    def setUp(self): self.x = X(1)\n    def test(self): self.x.push(3)",
    "an attribute, of a class": "class T:\n    def setup_class(cls): cls.x = X(1)\n    def test(self): self.x.push(3)",
    "an attribute of a fixture": "@pytest.fixture\ndef x(): return X(1)\ndef test(x): assert x.total",
    "a method of what a fixture yields": "@fixture\ndef x():\n    y = X(1)\n    yield y\ndef test(x): x.push(3)",
    "a context": "with X(1): pass",
    "changed": "x = X()\nx.append(3)",
    "its items set": "x = X()\nx['a'] = 3",
    "an item in two dimensions set": "x = X(2, 2)\nx[0, 1] = 3",
    "shown": "assert repr(X(1)) == 'X(1)'",
    "calculated with and shown": "assert str(X(1) + 2) == '3'",
    "calculated with": "assert X(1) + X(2) == X(3)",
    "calculated with, by unittest": "self.assertEqual(X(1) * 2, X(2))",
    "calculated with and kept": "x = 1 + X(1) * 2\nassert x.total == 3",
    "turned around": "x = X(1)\nassert X(-1) == -x",
    "in a module": "import m\nassert m.X(1).total == 3",
    "under another name": "from m import X as Y\nassert Y(1).total == 3",
    "in a module of another name": "import m as n\nassert n.X.RED",
    "among all": "from m import *\nassert X.RED",
}
AS_FUNCTIONS = {
    "compared": "assert X(1) == 3",
    "compared with another": "assert X(1, 2) == X(2, 1)",
    "sums of it compared": "assert X(1) + X(2) == X(2) + X(1)",
    "about equal": "assert abs(X(1) - 3) < 1e-6",
    "about equal, by unittest": "self.assertAlmostEqual(X(1), 3)",
    "a text": "assert X(1).strip().startswith('a')",
    "a list": "got = X(1)\ngot.sort()\nassert got[0] == 1",
    "a list that is changed": "got = X([1])\ngot.append(3)\ngot[0] = 2",
    "a generator": "got = X(1)\ngot.send(3)\ngot.close()",
    "expected to raise": "with pytest.raises(ValueError): X(1)",
    "given": "self.assertRaises(ValueError, X, 1)\nassert list(map(X, [1]))",
    "shown": "assert str(X(1)) == '3'",
    "asked for its text": "assert X.__doc__ and X(1).__class__",
    "another's attribute": "x = X(1)\ndef test():\n    x = other()\n    x.push(3)",
    "of another module": "from n import X\nassert X.RED",
    "no text of Python": "X.RED (",
}


def used(text: str) -> set[str]:
    """Return the names used as classes in a text that imports ``X`` from ``m``, where it imports nothing itself."""
    return set(classes_used((text if "import" in text else f"from m import X\n{text}",), "m"))


@pytest.mark.parametrize("text", AS_CLASSES.values(), ids=AS_CLASSES)
def test_what_is_used_as_a_class_is_one(text: str) -> None:
    """Each of these alone says so."""
    assert used(text) == {"X"}


@pytest.mark.parametrize("text", AS_FUNCTIONS.values(), ids=AS_FUNCTIONS)
def test_what_is_used_as_a_function_is_none(text: str) -> None:
    """Whatever data may be asked for says nothing, and neither does a capital."""
    assert used(text) == set()


def test_a_name_without_a_capital_is_no_class() -> None:
    """What a function of that name brings may be an object, but was not made by the test."""
    assert classes_used(("from m import x\nassert x(1).total == 3",), "m") == frozenset()


def test_all_pieces_count() -> None:
    """An import in one, a use in another; one that is not Python says nothing."""
    assert classes_used(("from m import X", "(", "assert X(1).total == 3"), "m") == {"X"}


@given(st.text() | st.lists(st.sampled_from([*AS_CLASSES.values(), *AS_FUNCTIONS.values()])).map("\n".join))
def test_any_text_is_read(text: str) -> None:
    """Nothing is raised, and what is found begins with a capital."""
    assert all(name[:1].isupper() for name in classes_used(("from m import X", text), "m"))


def test_long_texts_are_read() -> None:
    """Sums of many parts are deep trees."""
    assert used(f"x = {' + '.join(['X(1)'] * 900)}\nassert X(1).total") == {"X"}
