"""HumanEval-X: the problems of HumanEval in other languages, with test code in those languages.

That test code runs in one process with the solution: the suites are marked weak (docs/suites.md). The form
`humanevalx_calls` makes suites of the same problems that are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from testsuites.directory import Labelled
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.model import ScriptSuite, ScriptTest

ACCEPTED = "accepted"
_CPP_SETUP = """#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <string>
#include <vector>
using namespace std;
"""
_CRATES = re.compile(r"^use (rand|regex|md5)\b.*;\n", re.MULTILINE)
"""Crates that every declaration in Rust names, and hardly any solution uses; no compiler brings them."""
_GO_IMPORTS = re.compile(r"^import\s*(?:\(.*?\)|\".*?\")", re.MULTILINE | re.DOTALL)
_GO_IMPORT = re.compile(r'"([\w/.]+)"')
_GO_PACKAGES = ("bytes", "fmt", "math", "regexp", "sort", "strconv", "strings", "time", "unicode")
_NOT_NEEDED = ("testing", "github.com/stretchr/testify/assert")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What both forms need of a row; `import_` and `test_setup` are there for Go."""

    task_id: str
    prompt: str
    canonical_solution: str
    test: str
    declaration: str
    import_: str = msgspec.field(default="", name="import")
    test_setup: str = ""

    @property
    def language(self) -> str:
        """Name of the language.

        Raises:
            ValueError: it is none of the five.
        """
        prefix = self.task_id.partition("/")[0]
        if prefix not in _LANGUAGES:
            raise ValueError(f"task_id: expected one of {', '.join(_LANGUAGES)} before the slash")
        return _LANGUAGES[prefix]

    @property
    def solution(self) -> str:
        """The canonical solution, as a program that defines the function."""
        return _SOLUTIONS.get(self.language, _plain_solution)(self)


_LANGUAGES = {"CPP": "cpp", "Go": "go", "Java": "java", "JavaScript": "javascript", "Rust": "rust"}


def _plain_solution(row: Row) -> str:
    return row.prompt + row.canonical_solution


def _go_solution(row: Row) -> str:
    """Import what is used, no more and no less: rows leave some out, and name others."""
    text = _GO_IMPORTS.sub("", row.prompt) + row.canonical_solution
    known = dict.fromkeys((*_GO_IMPORT.findall(row.import_ + row.test_setup), *_GO_PACKAGES))
    used = [name for name in known if re.search(rf"\b{name.rpartition('/')[2]}\.\w", text)]
    return "".join(f'import "{name}"\n' for name in used) + text


def _rust_solution(row: Row) -> str:
    uses = _CRATES.sub(lambda use: use[0] if f"{use[1]}::" in row.canonical_solution else "", row.declaration)
    return uses + row.canonical_solution


_SOLUTIONS: dict[str, Callable[[Row], str]] = {"go": _go_solution, "rust": _rust_solution}


def _cpp(row: Row) -> tuple[str, str]:
    test, count = re.subn(r"\bint\s+main\s*\(\s*\)", "void rlvr_test()", row.test)
    if count != 1:
        raise ValueError("test: expected one main()")
    return _CPP_SETUP, test


def _go(row: Row) -> tuple[str, str]:
    names = re.findall(r"func (Test\w*)\(", row.test)
    there = (*re.findall(r'^import "(.*)"$', row.solution, re.MULTILINE), *_NOT_NEEDED)
    imports = [f'import "{name}"' for name in _GO_IMPORT.findall(row.test_setup) if name not in there]
    calls = "; ".join(f"{name}(new(testing.T))" for name in names)
    return "\n".join(imports), f"{row.test}\nfunc rlvrTest() {{ {calls} }}\n"


def _java(row: Row) -> tuple[str, str]:
    return "", row.test.replace("public class Main", "class RlvrTest")


def _javascript(row: Row) -> tuple[str, str]:
    return "", row.test


def _rust(row: Row) -> tuple[str, str]:
    code = re.sub(r"/\*.*?\*/", "", row.test, flags=re.DOTALL)
    names = re.findall(r"#\[test\]\s*(?:pub\s+)?fn\s+(\w+)", code)
    if not names:
        raise ValueError("test: the test code is a comment")
    code = re.sub(r"#\[test\]\s*(?:pub\s+)?fn", "pub fn", code.replace("#[cfg(test)]", ""))
    calls = " ".join(f"tests::{name}();" for name in names)
    return "", f"{code}\nfn rlvr_test() {{ {calls} }}\n"


_REWRITTEN: dict[str, Callable[[Row], tuple[str, str]]] = {
    "cpp": _cpp,
    "go": _go,
    "java": _java,
    "javascript": _javascript,
    "rust": _rust,
}
"""How the test code of each language becomes what the language's file asks for: the setup, and the test."""


def entry_point(row: Row, like: str = "") -> str:
    """Return the name of the function that is tested: the last that the solution defines and the test code names.

    Args:
        row: the row.
        like: its name in Python, by which it is known where there are several.

    Raises:
        ValueError: there is none.
    """
    tested = set(re.findall(r"\w+", row.test)) - _WORDS
    names = [name for name in re.findall(_DEFINITIONS[row.language], row.solution, re.MULTILINE) if name in tested]
    if not names:
        raise ValueError("declaration: defines no function that the test code names")
    same = [name for name in names if _plain(name) == _plain(like)]
    return str((same or names)[-1])


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


_DEFINITIONS = {
    "cpp": r"^[\w:<>,&* ]+?[\s&*](\w+)\s*\([^;=]*?\)\s*\{",
    "go": r"^func (\w+)\(",
    "java": r"^\s*(?:(?:public|private|static)\s+)+[\w<>\[\], ]+?\s(\w+)\s*\(",
    "javascript": r"^(?:const|let|var|function)\s+(\w+)",
    "rust": r"\bfn\s+(\w+)\s*[(<]",
}
_WORDS = frozenset({"if", "for", "while", "switch", "catch"})
"""What looks like the name of a function in some languages."""


def _imported(row: Row) -> Imported:
    language = row.language
    setup, test = _REWRITTEN[language](row)
    suite = ScriptSuite(
        id=row.task_id,
        language=language,
        names=(entry_point(row),),
        setup=setup,
        tests=(ScriptTest(code=test, name="check"),),
        integrity="weak",
    )
    return Imported(suite=suite, problem=row.prompt, submissions=(canonical(row),))


def canonical(row: Row) -> Labelled:
    """Return the canonical solution as a submission that has to be accepted."""
    return Labelled(label=ACCEPTED, name="canonical", text=row.solution, is_answer=False)


read = Reader(kind=Row, build=_imported)
