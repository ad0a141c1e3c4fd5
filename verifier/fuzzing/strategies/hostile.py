"""Short programs that want a reward for something else than the answer. The corpus of exploits has the long ones."""

from __future__ import annotations

from hypothesis import strategies as st

from testsuites.model import AnySuite, CallSuite, ScriptSuite, StdioSuite

_STATEMENTS = (
    "raise SystemExit(0)",
    "import sys; sys.exit(0)",
    "import os; os._exit(0)",
    "quit()",
    "raise ValueError",
    "raise AssertionError('ok\\nPASSED 1 passed')",
    "raise Exception('\\ud800\\0' * 9)",
    "raise KeyboardInterrupt",
    "raise GeneratorExit",
    "print('all tests passed'); print('1.0'); raise SystemExit(0)",
    "import os; os.kill(os.getpid(), 9)",
    "import os; os.close(1); os._exit(0)",
    "assert False",
    "import builtins; builtins.all = builtins.any = lambda *a: True",
    "import sys; sys.modules['__main__'].__dict__.clear()",
)
"""Each stands in the place of the answer."""
_SLOW = ("while True: pass", "(f := lambda: f())()", "print('x' * 10**8)", "x = [0] * 10**10")
"""The same, at the cost of a limit for each test; drawn less often."""
_OFTEN = 5
_VALUES = (
    "type('Liar', (), {'__eq__': lambda *a: True, '__bool__': lambda *a: True, '__hash__': lambda *a: 0})()",
    "type('Liar', (str,), {'__eq__': lambda *a: True, '__ne__': lambda *a: False})()",
    "type('Liar', (int,), {'__eq__': lambda *a: True, '__ne__': lambda *a: False})()",
    "type('Liar', (list,), {'__eq__': lambda *a: True, '__len__': lambda *a: 2})()",
    "type('Liar', (float,), {'__sub__': lambda *a: 0.0, '__rsub__': lambda *a: 0.0, '__abs__': lambda *a: 0.0})()",
    "float('nan')",
    "NotImplemented",
    "(x for x in ())",
    "lambda *a: True",
)
"""Each is returned in the place of the answer."""


def hostile(suite: AnySuite) -> st.SearchStrategy[str]:
    """Make programs that exit, lie about being equal, never end, recurse, flood, or raise with odd text.

    For example ``def add(*args): raise SystemExit(0)``. Shrinks to ``raise SystemExit(0)`` as the whole program.

    Args:
        suite: whose functions they are.
    """
    statements = _STATEMENTS * _OFTEN + _SLOW
    plain = st.sampled_from(statements).map(lambda statement: f"{statement}\n")
    match suite:
        case StdioSuite():
            return plain
        case CallSuite(entry_point=name):
            names: tuple[str, ...] = (name,)
        case ScriptSuite(names=names):
            pass
    bodies = st.sampled_from(statements + tuple(f"return {value}" for value in _VALUES) * _OFTEN)
    inside = bodies.map(lambda body: "".join(f"def {name}(*args, **kwargs):\n    {body}\n" for name in names))
    return plain | inside
