"""Programs that do what the reference does, written differently."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from testsuites.model import CallSuite, Comparator, ScriptSuite, StdioSuite
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.rewriting import below_if, laid_out_anew, locals_renamed, moved_into_a_class
from verifier.fuzzing.strategies.wrapping import known_tests, wrapped

_COMMENT = "# Read the input first, then print what was asked for; see `sum`. Not <b>tested</b>.\n"


def right_variants(problem: Problem) -> st.SearchStrategy[str]:
    """Make programs that pass wherever the reference does.

    It is laid out anew, its local variables are renamed, it has comments, stands below ``if True:``, prints to standard
    error, prints what no test looks at, is a method of ``class Solution``, or ends its lines with blanks. Shrinks to
    the reference itself.
    """
    rewrites: list[Callable[[str], str]] = [_commented, laid_out_anew, locals_renamed, below_if, _with_diagnostics]
    suite = problem.suite
    if isinstance(suite, CallSuite | ScriptSuite):
        rewrites.append(_talking)
    if isinstance(suite, CallSuite):
        rewrites.append(lambda source: moved_into_a_class(source, suite.entry_point))
    chosen = st.lists(st.sampled_from(rewrites), max_size=3, unique=True)
    formatted = [problem.reference, *(wrapped(problem, layout) for layout in ignored_layouts(problem))]
    return st.builds(_rewritten, st.sampled_from(formatted), chosen)


def ignored_layouts(problem: Problem) -> tuple[str, ...]:
    """Return changes of an output that its comparator ignores, as expressions (`verifier.fuzzing.strategies.wrapping`).

    For text: blanks at the ends of lines, CRLF, empty lines at the end. For values: a tuple for a list. None where the
    comparator is exact, or the reference cannot be wrapped.
    """
    if not known_tests(problem):
        return ()
    suite = problem.suite
    if isinstance(suite, StdioSuite):
        if suite.comparator.name == "exact":
            return ()
        return ("said.replace('\\n', ' \\n')", "said.replace('\\n', '\\r\\n')", "said.rstrip('\\n') + '\\n\\n'")
    if isinstance(suite, CallSuite) and suite.comparator == Comparator():
        return ("tuple(value) if type(value) is list else value",)
    return ()


def _rewritten(source: str, rewrites: list[Callable[[str], str]]) -> str:
    for rewrite in rewrites:
        source = rewrite(source)
    return source


def _commented(source: str) -> str:
    return f"{_COMMENT}{source.rstrip()}\n{_COMMENT}"


def _with_diagnostics(source: str) -> str:
    return f"{source.rstrip()}\nimport sys\nprint('done', file=sys.stderr)\n"


def _talking(source: str) -> str:
    return f"{source.rstrip()}\nprint('loaded')\n"
