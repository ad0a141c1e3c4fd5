"""Compilers are given what they must not read, and more than they can build: all of it is the program's failure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import LocalSandbox, Status
from tests.languages.needs import run_in


@pytest.fixture(scope="module")
def open_files() -> Iterator[LocalSandbox]:
    """Make a sandbox without what keeps a compiler from files; nothing is said to be secret."""
    with LocalSandbox(1, without=("namespaces", "landlock"), holds_no_secrets=True) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def secret() -> Iterator[Path]:
    """Make a file that anybody may read, as suites often are, and whose text is a literal in many languages."""
    with tempfile.NamedTemporaryFile(dir="/tmp", suffix=".txt") as file:
        path = Path(file.name)
        path.write_text('"hidden 4217"\n')
        path.chmod(0o644)
        yield path


READERS = {
    "c": '#include <stdio.h>\nconst char *text =\n#include "{secret}"\n;\nint main(void) { puts(text); }',
    "c, as data": (
        '#include <stdio.h>\n__asm__("text: .incbin \\"{secret}\\"\\n.byte 0");\n'
        "extern const char text[];\nint main(void) { puts(text); }"
    ),
    "cpp": '#include <iostream>\nint main() { std::cout <<\n#include "{secret}"\n; }',
    "rust": 'fn main() { print!("{}", include_str!("{secret}")); }',
    "rust, as code": 'fn main() { print!("{}", include!("{secret}")); }',
}


@pytest.mark.parametrize("how", READERS)
def test_files_that_a_program_names_are_not_read(
    sandbox: LocalSandbox, open_files: LocalSandbox, secret: Path, how: str
) -> None:
    """Nothing of them is in the program, nor in what the compiler says; without Landlock they are in the program."""
    name = how.partition(",")[0]
    source = READERS[how].replace("{secret}", str(secret))
    outcome = run_in(sandbox, name, source)
    assert not outcome.build.ok
    assert "4217" not in outcome.build.message
    assert "hidden 4217" in run_in(open_files, name, source).runs[0].stdout.decode()


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc/shadow", "/proc/self/environ", "/proc/1/environ", "/dev/zero"])
def test_files_of_the_machine_are_not_read(sandbox: LocalSandbox, path: str) -> None:
    """Whoever may read them otherwise."""
    outcome = run_in(sandbox, "c", f'#include "{path}"\nint main(void) {{ return 0; }}')
    assert not outcome.build.ok
    assert "root" not in outcome.build.message


def test_go_embeds_no_file(sandbox: LocalSandbox, secret: Path) -> None:
    """Its compiler takes nothing that lies outside the program's folder."""
    for pattern in (secret, f"../../../../..{secret}", f"..{secret}"):
        source = f'package main\nimport _ "embed"\n//go:embed {pattern}\nvar s string\nfunc main() {{ print(s) }}'
        outcome = run_in(sandbox, "go", source)
        assert not outcome.build.ok
        assert "4217" not in outcome.build.message


TOO_MUCH = {
    "a template without end": ("cpp", "template<int n> struct A { A<n + 1> a; }; int main() { A<0> a; }"),
    "templates that double": (
        "cpp",
        "template<int n, int m> struct A"
        "{ typename A<n - 1, 2 * m>::T a; typename A<n - 1, 2 * m + 1>::T b; using T = A; };"
        "template<int m> struct A<0, m> { using T = A; }; int main() { return sizeof(A<40, 0>); }",
    ),
    "computing while it compiles": (
        "cpp",
        "constexpr int f() { int s = 0; for (int i = 0; i < 2000000000; i++) s ^= i; return s; }\n"
        "constexpr int x = f(); int main() { return x; }",
    ),
    "an array of gigabytes": ("c", "int a[1 << 30] = {1}; int main(void) { return a[5]; }"),
    "macros that double": (
        "c",
        "#define A0 x+x\n"
        + "".join(f"#define A{n} A{n - 1}+A{n - 1}\n" for n in range(1, 40))
        + "int main(void) { int x = 1; return A39; }",
    ),
    "a file that includes itself": ("c", "#include __FILE__\n#include __FILE__\nint main(void) { return 0; }"),
    "errors without end": ("c", "int main(void) {" + "x;" * 20000 + "}"),
    "brackets without end": ("c", "int main(void) { return " + "(" * 200_000 + ")" * 200_000 + "; }"),
    "an array of gigabytes in Go": ("go", "package main\nvar a = [1 << 30]byte{1: 1}\nfunc main() { println(a[5]) }"),
    "macros that call themselves": (
        "rust",
        "macro_rules! a { ($($t:tt)*) => { a!($($t)* $($t)*) } } fn main() { a!(x x) }",
    ),
    "brackets in JavaScript": ("javascript", "(" * 500_000),
    "brackets in Java": ("java", "class A { int x = " + "(" * 100_000 + "1" + ")" * 100_000 + "; }"),
    "brackets in TypeScript": ("typescript", "let x = " + "(" * 100_000 + "1" + ")" * 100_000),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_what_exhausts_a_compiler_is_the_programs_failure(sandbox: LocalSandbox, what: str) -> None:
    """It is no fault of ours, and no other program suffers."""
    name, source = TOO_MUCH[what]
    outcome = run_in(sandbox, name, source, build_seconds=1.0)
    assert not outcome.build.ok
    assert outcome.build.message
    assert len(outcome.build.message) <= 2000
    assert outcome.runs[0].status is Status.NOT_RUN


STRANGE = {
    "nothing": "",
    "a lone surrogate": "\ud800",
    "a zero byte": "\0",
    "bytes of no text": "\udcff\udcfe",
    "another alphabet": "\N{GREEK SMALL LETTER ALPHA}" * 100,
}


@pytest.mark.parametrize("name", ["c", "cpp", "rust", "go", "javascript", "typescript", "java", "bash"])
@pytest.mark.parametrize("text", STRANGE)
def test_any_text_is_built_or_is_an_error(sandbox: LocalSandbox, name: str, text: str) -> None:
    """No text of a model is an exception of ours."""
    outcome = run_in(sandbox, name, STRANGE[text])
    assert outcome.build.ok or (outcome.build.message and outcome.runs[0].status is Status.NOT_RUN)
