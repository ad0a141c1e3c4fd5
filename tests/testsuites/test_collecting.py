"""Which tests a file of tests holds is read from its text, and nothing of it is run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.collecting import collected

HEAD = "import pytest, unittest\nfrom solution import f\n"


def names(body: str) -> list[str]:
    """Return the names of the tests of a file."""
    return [test.name for test in collected(HEAD + body)["tests"]]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("def test_a(): pass\ndef helper(): pass\ndef test_b(): pass", ["test_a", "test_b"]),
        ("class TestA:\n    def test_x(self): pass\n    def other(self): pass", ["TestA.test_x"]),
        ("class A(unittest.TestCase):\n    def test_x(self): pass", ["A.test_x"]),
        ("class Helper:\n    def test_x(self): pass\ndef test_y(): pass", ["test_y"]),
        ("def test_a(): 1\ndef test_a(): 2", ["test_a"]),
        (
            "class Base(unittest.TestCase):\n    def test_x(self): 1\n"
            "class TestB(Base):\n    def test_y(self): 1\n    def test_x(self): 2",
            ["Base.test_x", "TestB.test_x", "TestB.test_y"],
        ),
        ("@pytest.mark.parametrize('n', [1, 2])\ndef test_a(n): 1", ["test_a[0]", "test_a[1]"]),
        ("C = [(1, 2), (3, 4)]\n@pytest.mark.parametrize('n, m', C)\ndef test_a(n, m): 1", ["test_a[0]", "test_a[1]"]),
        (
            "@pytest.mark.parametrize('n', [1, 2])\n@pytest.mark.parametrize('m', (3, 4, 5))\ndef test_a(n, m): 1",
            [f"test_a[{case}]" for case in range(6)],
        ),
        ("@pytest.mark.parametrize('n', range(9))\ndef test_a(n): 1", ["test_a"]),
        ("C = [1]\nC.append(2)\n@pytest.mark.parametrize('n', C)\ndef test_a(n): 1", ["test_a"]),
        ("C = [1]\nC += [2]\n@pytest.mark.parametrize('n', C)\ndef test_a(n): 1", ["test_a"]),
        ("@pytest.mark.parametrize('n', [*f(1)])\ndef test_a(n): 1", ["test_a"]),
        ("@pytest.mark.skip\ndef test_a(): 1\n@unittest.skip('x')\ndef test_b(): 1\ndef test_c(): 1", ["test_c"]),
        ("@pytest.mark.skip(reason='x')\nclass TestA:\n    def test_x(self): 1\ndef test_c(): 1", ["test_c"]),
    ],
)
def test_tests_are_found(body: str, found: list[str]) -> None:
    """As unittest and pytest find them; one for each set of parameters that the text counts."""
    assert names(body) == found


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("def test_a(", "not valid Python"),
        ("def helper(): pass", "holds no test"),
        ("@pytest.mark.skip\ndef test_a(): 1", "holds no test"),
        ("async def test_a(): s3cret", "test_a: a test that is a coroutine is not supported"),
        ("@pytest.mark.xfail\ndef test_a(): s3cret", "test_a: a test that is expected to fail is not supported"),
        ("@unittest.expectedFailure\ndef test_a(): s3cret", "test_a: a test that is expected to fail is not supported"),
        ("def test_a(capsys): s3cret", "test_a: the fixture capsys is not supported"),
        ("@pytest.mark.parametrize('n', [])\ndef test_a(n): s3cret", "test_a: has no set of parameters"),
    ],
)
def test_what_is_not_served_is_refused_by_name(body: str, message: str) -> None:
    """The message names the test and shows no code."""
    with pytest.raises(ValueError, match=f"^{message}$"):
        collected(HEAD + body)


@pytest.mark.parametrize(
    ("text", "module", "taken"),
    [
        ("from solution import f, G", "solution", ("f", "G")),
        ("import solution\nx = solution.f", "solution", ("f",)),
        ("import bank as b\nx = b.f, b.g", "bank", ("f", "g")),
        ("def helper():\n    from bank import f", "bank", ("f",)),
        ("from bank import *", "bank", ("bank",)),
    ],
)
def test_names_are_those_that_it_imports(text: str, module: str, taken: tuple[str, ...]) -> None:
    """Whatever the name of the module, and wherever the import stands."""
    fields = collected(f"{text}\ndef test_a(): pass", module)
    assert (fields["names"], fields["module"]) == (taken, module)


def test_a_file_that_imports_nothing_is_refused() -> None:
    """It would test nothing of the solution."""
    with pytest.raises(ValueError, match="imports nothing from solution"):
        collected("def test_a(): pass")


@given(
    st.text() | st.lists(st.sampled_from(["def test_a(n):", "\n", " ", "pass", "@", "[", "]", "class T:"])).map("".join)
)
def test_any_text_is_collected_or_refused(text: str) -> None:
    """Nothing but ValueError comes of it."""
    try:
        fields = collected(f"from solution import f\n{text}")
    except ValueError:
        return
    assert fields["tests"]
