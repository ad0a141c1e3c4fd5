"""What cannot be served is told as the suite's fault, and no solution can choose that it is (invariant I7)."""

from __future__ import annotations

import pytest

from sandbox import LocalSandbox
from tests.oracle.conftest import Judge
from tests.oracle.reading import suite_of
from testsuites import ScriptSuite, ScriptTest, SuiteInvalid
from verifier.judging import judge_program
from verifier.oracle import Oracle

RIGHT = "def f(x): return x\nclass Base:\n    def run(self): return self.hook()\n"
OBJECT = "it gives the program an object that is neither data nor a function"
DERIVES = "a class of the test derives from one of the program"
SKIPS = "a test is skipped while it runs"
ASKS = {
    "an object": ("f(object())", OBJECT),
    "an object within a list": ("f([1, [object()]])", OBJECT),
    "an object by name": ("f(x=object())", OBJECT),
    "a subclass": ("class Mine(Base):\n        hook = lambda self: 1\n    assert Mine().run()", DERIVES),
    "a skip": ("pytest.skip('later')", SKIPS),
    "a part of pytest": ("pytest.importorskip('os')", "a part of pytest that is not served"),
}


def asking(what: str) -> ScriptSuite:
    """Make a suite whose second test asks for something, after the solution has answered."""
    return suite_of(
        f"import pytest\nfrom solution import Base, f\ndef test_first():\n    assert f(1) == 1\n"
        f"def test_s3cret():\n    assert f(2) == 2\n    {what}\n"
    )


@pytest.mark.parametrize(("what", "feature"), ASKS.values(), ids=ASKS)
def test_what_cannot_be_served_is_the_suites_fault(
    sandbox: LocalSandbox, oracle: Oracle, what: str, feature: str
) -> None:
    """The message names the suite, the test and the feature; a right solution is not judged."""
    with pytest.raises(SuiteInvalid, match=f"^cases/case: test test_s3cret is not supported: {feature}$"):
        judge_program(asking(what), RIGHT, sandbox, oracle)


@pytest.mark.parametrize(("what", "feature"), ASKS.values(), ids=ASKS)
def test_even_where_the_test_code_catches_it(sandbox: LocalSandbox, oracle: Oracle, what: str, feature: str) -> None:
    """Test code that takes everything for an expected exception does not pass by it."""
    suite = asking(f"with pytest.raises(BaseException):\n        {what.replace(chr(10), chr(10) + '    ')}")
    with pytest.raises(SuiteInvalid, match=feature):
        judge_program(suite, RIGHT, sandbox, oracle)


ESCAPES = {
    "hands on an object": ("assert f(f(3)) == 9", "def f(x): return object()"),
    "hands on a generator": ("assert f(list(f(3))) == [9]", "def f(x): return (object() for _ in range(2))"),
    "a class of the test's, called": ("assert f(Mine) == 9", "def f(x): return x()"),
    "something of the test's, chosen by the answer": (
        "assert f([9, object()][f(3)] if isinstance(f(3), int) else 0) == 9",
        "def f(x): return 1",
    ),
    **{
        f"a skip, chosen by {how}": (f"if {how}: pytest.skip('no')", "def f(x): return 0")
        for how in (
            *(
                "f(3) != 9",
                "f(3) == 0",
                "not f(3)",
                "f(3) < 1",
                "isinstance(f(3), int)",
                "f(3) in [0]",
                "f(3) + 1 == 1",
            ),
            *(
                "[0][f(3)] == 0",
                "(f(1) == 1) == (f(2) == 2)",
                "len(str(f(3))) < 2",
                "{0: 1}.get(f(3))",
                "int(f(3)) == 0",
            ),
        )
    },
    "a skip, where nothing is raised": (
        "try: f(3)\n    except ValueError: pass\n    else: pytest.skip('no')",
        "def f(x): return 0",
    ),
    "a skip, where something is raised": (
        "try: f(3)\n    except ValueError: pytest.skip('no')",
        "def f(x): raise ValueError",
    ),
    "a skip for each item": ("for _ in f(3): pytest.skip('no')", "def f(x): return [1]"),
    "a skip by an exception": (
        "assert f(3) == 9",
        "class Skipped(BaseException): pass\nimport unittest\ndef f(x): raise unittest.SkipTest",
    ),
    "a class in the place of a function": ("assert f(3) == 9", "class f:\n    def __init__(self, x): pass"),
    "a base that is none": ("assert f(3) == 9", "def f(x): return type('X', (), {})"),
}


@pytest.mark.parametrize(("test", "program"), ESCAPES.values(), ids=ESCAPES)
def test_no_solution_can_choose_it(verdicts: Judge, test: str, program: str) -> None:
    """Where the solution's answers lead to it the test is failed; without a solution nothing confirms it."""
    suite = suite_of(f"import pytest\nfrom solution import f\nclass Mine: pass\ndef test_it():\n    {test}\n")
    assert list(verdicts(suite, program).values()) in (["wrong_answer"], ["runtime_error"])


def test_a_failure_by_it_says_so(sandbox: LocalSandbox, oracle: Oracle) -> None:
    """An author who grades a reference finds the reason in the result."""
    suite = suite_of("import pytest\nfrom solution import f\ndef test_it():\n    if f(3) != 9: pytest.skip('no')\n")
    (result,) = judge_program(suite, "def f(x): return 0", sandbox, oracle).tests
    assert result.detail == f"not supported: {SKIPS}"


def test_names_of_functions_stay_functions_where_nothing_is_imported(verdicts: Judge) -> None:
    """Test code in pieces takes `names`; a class among them can be called, and asked for an instance."""
    tests = (ScriptTest(code="s = Stack()\ns.push(1)\nassert s.pop() == 1\nassert isinstance(s, Stack)"),)
    suite = ScriptSuite(id="pieces", names=("Stack",), tests=tests)
    stack = "class Stack:\n    def __init__(self): self.push, self.pop = (i := []).append, i.pop\n"
    assert verdicts(suite, stack) == {"1": "accepted"}
    assert verdicts(suite, stack.replace("i.pop", "i.clear")) == {"1": "wrong_answer"}
